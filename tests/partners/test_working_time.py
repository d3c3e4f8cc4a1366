"""By when a post answers: its own days, holidays and clock."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.working_time import FARTHEST, USUAL, closing_times, working_days_after

OFFICE = {str(day): [["09:00", "12:30"], ["13:30", "17:00"]] for day in range(5)}
SUNDAY_TO_THURSDAY = {str(day): [["08:00", "15:00"]] for day in (6, 0, 1, 2, 3)}

# From (UTC), days, zone, hours, free days, and the deadline by the wall clock of the post.
TABLE = [
    ("2026-11-27T08:00", 1, "Europe/London", OFFICE, [], "2026-11-30T17:00+00:00"),
    ("2026-11-27T23:00", 1, "Pacific/Auckland", OFFICE, [], "2026-11-30T17:00+13:00"),
    ("2026-12-24T10:00", 1, "Europe/London", OFFICE, ["2026-12-25"], "2026-12-28T17:00+00:00"),
    ("2026-11-26T10:00", 1, "Asia/Riyadh", SUNDAY_TO_THURSDAY, [], "2026-11-29T15:00+03:00"),
    # The clocks change on 29 March and on 25 October 2026: the office closes at 17:00 all the same.
    ("2026-03-27T12:00", 1, "Europe/London", OFFICE, [], "2026-03-30T17:00+01:00"),
    ("2026-10-23T12:00", 1, "Europe/London", OFFICE, [], "2026-10-26T17:00+00:00"),
    ("2026-11-25T12:00", 2, "Pacific/Pago_Pago", OFFICE, [], "2026-11-27T17:00-11:00"),
    ("2026-11-25T12:00", 2, "Pacific/Kiritimati", OFFICE, [], "2026-11-30T17:00+14:00"),
    ("2026-11-25T12:00", 2, "Europe/London", {}, [], "2026-11-27T17:00+00:00"),
]


@pytest.mark.parametrize(("since", "days", "zone", "hours", "free", "due"), TABLE)
def test_deadline_counts_the_working_days_of_the_post(since, days, zone, hours, free, due):
    start = datetime.fromisoformat(since).replace(tzinfo=UTC)
    found = working_days_after(
        start, days, zone=zone, hours=hours, free=[date.fromisoformat(day) for day in free]
    )
    assert found.isoformat(timespec="minutes") == due


@pytest.mark.parametrize("said", [{}, {"0": []}, {"0": [["x", "y"]]}, {"x": [["09:00", "17:00"]]}])
def test_hours_that_cannot_be_read_are_those_of_offices(said):
    assert closing_times(said) == USUAL


def test_deadline_ends_when_the_post_is_never_open():
    every_day = {date.fromordinal(date(2026, 1, 1).toordinal() + n) for n in range(FARTHEST + 2)}
    start = datetime(2026, 1, 1, tzinfo=UTC)
    found = working_days_after(start, 5, zone="UTC", hours=OFFICE, free=every_day)
    assert found.date() == date(2027, 1, 2)


@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),
    count=st.integers(1, 30),
    zone=st.sampled_from(["Pacific/Pago_Pago", "UTC", "Asia/Kolkata", "Pacific/Kiritimati"]),
)
def test_deadline_is_always_after_the_question_and_grows_with_the_days(start, count, zone):
    due = working_days_after(start, count, zone=zone, hours=OFFICE)
    assert start < due < working_days_after(start, count + 1, zone=zone, hours=OFFICE)
