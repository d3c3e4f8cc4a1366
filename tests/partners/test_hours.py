"""Hours as people type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.hours import parse, write
from portal.errors import DomainError


@pytest.mark.parametrize(
    ("text", "again"),
    [
        ("Mon-Fri 08:00-16:30", "Mon-Fri 08:00-16:30"),
        (
            "mon–tue 8.00–12.00, 13:00-16:30;Sat 9:00-12:00",
            "Mon-Tue 08:00-12:00, 13:00-16:30; Sat 09:00-12:00",
        ),
        ("Mon 08:00-24:00", "Mon 08:00-24:00"),
        ("", ""),
        (" ; ", ""),
    ],
)
def test_hours_are_read_and_written(text, again):
    assert write(parse(text)) == again


@pytest.mark.parametrize(
    "text",
    [
        "always",
        "Mon",
        "Mon-Fri",
        "Fri-Mon 08:00-16:00",
        "Mon 16:00-08:00",
        "Mon 08:00-08:00",
        "Mon 08:00-25:00",
        "Mon 08:61-09:00",
        "Mon 08:00-12:00; Mon 13:00-14:00",
        "Mon 08:00-12:00, 11:00-14:00",
        "Xyz 08:00-12:00",
        "Mon 22:00-02:00",
    ],
)
def test_hours_that_are_not_understood_are_refused_in_words(text):
    with pytest.raises(DomainError) as refused:
        parse(text)
    assert str(refused.value).endswith(".")


@given(st.text(alphabet="MonTueFriSat ,;:-–.0123456789", max_size=60) | st.text(max_size=40))
def test_hours_of_any_kind_are_read_or_refused(text):
    try:
        hours = parse(text)
    except DomainError:
        return
    assert parse(write(hours)) == hours


@pytest.mark.parametrize("hours", [None, [], {}, {"0": None}, {"0": [["08:00"]]}])
def test_hours_that_are_none_are_written_as_nothing(hours):
    assert write(hours) == ""
