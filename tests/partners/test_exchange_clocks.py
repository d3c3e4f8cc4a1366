"""Clocks of exchanges: weekends, changes of the clocks, every time zone, pauses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners import clocks
from partners.clocks import Urgency

STOCKHOLM = ZoneInfo("Europe/Stockholm")
ZONES = [
    "Pacific/Pago_Pago",  # −11
    "America/Los_Angeles",
    "America/St_Johns",  # half an hour off
    "UTC",
    "Europe/Stockholm",
    "Asia/Kathmandu",  # a quarter of an hour off
    "Australia/Lord_Howe",  # changes by half an hour
    "Pacific/Auckland",
    "Pacific/Kiritimati",  # +14
]


def due(at: str, urgency: str, zone: str = "Europe/Stockholm") -> str:
    place = ZoneInfo(zone)
    found = clocks.reply_due(datetime.fromisoformat(at).replace(tzinfo=place), urgency, place)
    assert found is not None
    return found.astimezone(place).strftime("%a %Y-%m-%d %H:%M")


@pytest.mark.parametrize(
    ("received", "urgency", "expected"),
    [
        # Through a weekend.
        ("2026-11-27 22:00", Urgency.DIRECT, "Sat 2026-11-28 06:00"),
        ("2026-11-27 22:00", Urgency.INDIRECT, "Mon 2026-11-30 22:00"),
        ("2026-11-27 22:00", Urgency.OTHER, "Fri 2026-12-04 22:00"),
        # Through Christmas and the new year.
        ("2026-12-24 12:00", Urgency.OTHER, "Thu 2026-12-31 12:00"),
        ("2026-12-30 23:30", Urgency.INDIRECT, "Sat 2027-01-02 23:30"),
        # Spring: at 2 the clocks show 3.
        ("2026-03-28 20:00", Urgency.DIRECT, "Sun 2026-03-29 05:00"),
        ("2026-03-28 20:00", Urgency.INDIRECT, "Tue 2026-03-31 20:00"),
        ("2026-03-26 02:30", Urgency.INDIRECT, "Sun 2026-03-29 03:30"),
        # Autumn: at 3 they show 2 again.
        ("2026-10-24 20:00", Urgency.DIRECT, "Sun 2026-10-25 03:00"),
        ("2026-10-24 20:00", Urgency.INDIRECT, "Tue 2026-10-27 20:00"),
        ("2026-10-20 09:15", Urgency.OTHER, "Tue 2026-10-27 09:15"),
    ],
)
def test_reply_due_runs_through_weekends_and_changes_of_the_clocks(received, urgency, expected):
    assert due(received, urgency) == expected


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("received", ["2026-03-06 17:00", "2026-10-02 17:00", "2026-12-31 23:59"])
def test_reply_due_is_the_same_hour_of_the_day_in_every_time_zone(zone, received):
    assert due(received, Urgency.INDIRECT, zone)[-5:] == received[-5:]
    assert due(received, Urgency.OTHER, zone)[-5:] == received[-5:]


moments = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from(ZONES).map(ZoneInfo)


@given(moments, zones)
def test_eight_hours_are_eight_hours_everywhere(at, zone):
    assert clocks.reply_due(at.astimezone(zone), Urgency.DIRECT, zone) - at == timedelta(hours=8)


@given(moments, zones, st.sampled_from([(Urgency.INDIRECT, 3), (Urgency.OTHER, 7)]))
def test_days_are_off_by_no_more_than_a_change_of_the_clocks(at, zone, kind):
    urgency, days = kind
    passed = clocks.reply_due(at, urgency, zone) - at
    assert abs(passed - timedelta(days=days)) <= timedelta(hours=1)


@given(moments, zones, st.sampled_from(list(Urgency)))
def test_order_of_receipt_is_the_order_of_the_days(at, zone, urgency):
    """An hour that comes twice tells its two halves apart by the day only."""
    one, other = (clocks.reply_due(t, urgency, zone) for t in (at, at + timedelta(hours=2)))
    assert (one is None and other is None) or one <= other


def test_no_clock_runs_where_the_instrument_decides():
    assert clocks.reply_due(datetime.now(UTC), Urgency.INSTRUMENT, STOCKHOLM) is None


AT = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("paused", "resumed", "expected"),
    [
        (-4 * HOUR, -1 * HOUR, 3 * HOUR),  # what was left stays left
        (-4 * HOUR, 4 * HOUR, 8 * HOUR),  # also when the end passed meanwhile
        (1 * HOUR, 4 * HOUR, 0 * HOUR),  # what had run out stays late
        (0 * HOUR, 4 * HOUR, 0 * HOUR),
        (-1 * HOUR, -1 * HOUR, 0 * HOUR),
    ],
)
def test_pause_keeps_what_was_left(paused, resumed, expected):
    assert clocks.after_pause(AT, AT + paused, AT + resumed) == AT + expected


def test_pause_of_no_clock_starts_none():
    assert clocks.after_pause(None, AT, AT + HOUR) is None


@given(moments, st.lists(st.integers(0, 600), min_size=2, max_size=6))
def test_pauses_add_up(received, minutes):
    """Whatever pauses there were before it ran out, eight hours of running remain."""
    end = clocks.reply_due(received, Urgency.DIRECT, UTC)
    now, ran = received, timedelta(0)
    for run, rest in zip(minutes[::2], minutes[1::2], strict=False):
        if ran + timedelta(minutes=run) >= 8 * HOUR:
            break
        ran += timedelta(minutes=run)
        now += timedelta(minutes=run)
        end = clocks.after_pause(end, now, now + timedelta(minutes=rest))
        now += timedelta(minutes=rest)
    assert end - now == 8 * HOUR - ran


def test_late_is_what_was_late_when_the_clock_stopped():
    assert clocks.is_late(AT, None, AT)
    assert not clocks.is_late(AT, None, AT - HOUR)
    assert not clocks.is_late(AT, AT - HOUR, AT + HOUR)
    assert not clocks.is_late(None, None, AT)
