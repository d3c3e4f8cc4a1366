"""What time it is at a post and whether it is open: over summer time, from −11 to +14."""

from __future__ import annotations

from datetime import datetime

import pytest

from partners.local_time import clock
from portal import reference_files

WEEKDAYS = {str(day): [["09:00", "12:00"], ["13:00", "17:00"]] for day in range(5)}
NIGHTS = {str(day): [["22:00", "06:00"]] for day in range(7)}


def at(zone, moment, hours=WEEKDAYS, **more):
    return clock(zone, hours, at=datetime.fromisoformat(moment), **more)


@pytest.mark.parametrize(("zone", "moment", "local", "is_open", "opens"), [
    # Thursday everywhere but at the ends of the world
    ("Pacific/Pago_Pago", "2026-11-26T20:00Z", "26 09:00", True, None),
    ("Pacific/Pago_Pago", "2026-11-26T19:59Z", "26 08:59", False, "26 09:00"),
    ("Pacific/Kiritimati", "2026-11-26T20:00Z", "27 10:00", True, None),
    ("Pacific/Kiritimati", "2026-11-27T03:00Z", "27 17:00", False, "30 09:00"),
    ("Asia/Singapore", "2026-11-26T04:30Z", "26 12:30", False, "26 13:00"),
    ("Asia/Kathmandu", "2026-11-26T03:15Z", "26 09:00", True, None),
    # a Friday evening waits for Monday
    ("America/Sao_Paulo", "2026-11-27T21:00Z", "27 18:00", False, "30 09:00"),
    # the same UTC hour before and after the clock changed
    ("Europe/London", "2026-03-27T08:30Z", "27 08:30", False, "27 09:00"),
    ("Europe/London", "2026-03-30T08:30Z", "30 09:30", True, None),
    ("America/New_York", "2026-10-30T13:30Z", "30 09:30", True, None),
    ("America/New_York", "2026-11-02T13:30Z", "02 08:30", False, "02 09:00"),
    ("Pacific/Auckland", "2026-09-24T21:00Z", "25 09:00", True, None),
    ("Pacific/Auckland", "2026-09-27T20:00Z", "28 09:00", True, None),
    ("Australia/Lord_Howe", "2026-04-01T22:00Z", "02 09:00", True, None),
    ("Australia/Lord_Howe", "2026-04-05T22:30Z", "06 09:00", True, None),
    # the week-end of one end of the world is a working day of the other
    ("Pacific/Kiritimati", "2026-11-27T20:00Z", "28 10:00", False, "30 09:00"),
    ("Pacific/Pago_Pago", "2026-11-30T08:00Z", "29 21:00", False, "30 09:00"),
])  # fmt: skip
def test_clock_of_a_post(db, zone, moment, local, is_open, opens):
    found = at(zone, moment)
    assert found is not None
    assert (found.local.strftime("%d %H:%M"), found.is_open) == (local, is_open)
    assert (found.opens and found.opens.strftime("%d %H:%M")) == opens


@pytest.mark.parametrize(("moment", "is_open"), [
    ("2026-03-28T23:00Z", True),  # 24:00 on the night that loses an hour
    ("2026-03-29T03:59Z", True),
    ("2026-03-29T04:00Z", False),
    ("2026-10-25T04:59Z", True),  # and on the one that gains one
    ("2026-10-25T05:00Z", False),
])  # fmt: skip
def test_night_runs_to_its_end_on_the_wall_clock(db, moment, is_open):
    found = at("Europe/Brussels", moment, NIGHTS)
    assert found is not None
    assert found.is_open is is_open


def test_holiday_of_the_post_is_closed(db):
    reference_files.load()
    found = at("Europe/Stockholm", "2026-04-06T10:00+02:00", holidays="SE")
    assert found is not None
    assert (found.is_open, found.holiday) == (False, "Easter Monday")
    assert found.opens == datetime(2026, 4, 7, 9)


def test_clock_without_hours_or_zone_says_so(db):
    untold = at("Asia/Singapore", "2026-11-26T04:30Z", {})
    assert untold is not None
    assert (untold.is_open, untold.opens) == (None, None)
    assert at("Atlantis/Harbour", "2026-11-26T04:30Z") is None
