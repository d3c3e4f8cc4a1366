"""Gaps and overlaps of postings, by table."""

from datetime import date

import pytest

from partners.tenure import Stretch, gaps, overlaps


def d(text):
    return date.fromisoformat(f"2026-{text}")


def s(since, until=None):
    return Stretch(d(since), d(until) if until else None)


TABLE = [
    ("nobody ever", [], [], []),
    ("one without an end", [s("01-01")], [], []),
    ("one with an end", [s("01-01", "01-31")], [s("02-01")], []),
    ("the next begins the day after", [s("01-01", "01-31"), s("02-01")], [], []),
    ("one day in between", [s("01-01", "01-31"), s("02-02")], [s("02-01", "02-01")], []),
    ("one day together", [s("01-01", "01-31"), s("01-31")], [], [s("01-31", "01-31")]),
    ("told in another order", [s("02-02"), s("01-01", "01-31")], [s("02-01", "02-01")], []),
    (
        "one within another",
        [s("01-01", "12-31"), s("03-01", "04-30")],
        [Stretch(date(2027, 1, 1))],
        [s("03-01", "04-30")],
    ),
    (
        "three, of whom the first outlasts the second",
        [s("01-01", "06-30"), s("02-01", "02-28"), s("06-01")],
        [],
        [s("02-01", "02-28"), s("06-01", "06-30")],
    ),
    (
        "three at once are one stretch",
        [s("01-01", "03-31"), s("02-01", "03-15"), s("03-01", "04-30")],
        [s("05-01")],
        [s("02-01", "03-31")],
    ),
    ("two without an end", [s("01-01"), s("05-01")], [], [s("05-01")]),
    ("the same days", [s("01-01", "01-31")] * 2, [s("02-01")], [s("01-01", "01-31")]),
]


@pytest.mark.parametrize(("name", "postings", "empty", "double"), TABLE, ids=[t[0] for t in TABLE])
def test_gaps_and_overlaps(name, postings, empty, double):
    assert gaps(postings) == empty
    assert overlaps(postings) == double
