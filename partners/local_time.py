"""What time it is at a desk abroad, and whether the desk is open now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils import timezone

from partners.hours import Hours
from portal import reference

# A desk that opens once a week opens within that many days, holidays of a week aside.
AHEAD = 15


@dataclass(frozen=True)
class Clock:
    """Times as a clock on that wall shows them, without a zone: templates would move them else.

    `is_open` is None where nobody told us the hours.
    """

    local: datetime
    is_open: bool | None
    holiday: str = ""
    opens: datetime | None = None


def clock(
    time_zone: str,
    hours: Hours,
    holidays: str = "",
    *,
    always_open: bool = False,
    at: datetime | None = None,
) -> Clock | None:
    """None where the time zone is not known. Hours are wall-clock time: summer time moves them."""
    try:
        zone = ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return None
    local = (at or timezone.now()).astimezone(zone)
    if always_open:
        return Clock(_wall(local), is_open=True)
    holiday = _holiday(holidays, local.date())
    if not any(hours.values()):
        return Clock(_wall(local), is_open=None, holiday=holiday)
    if any(begins <= local < ends for begins, ends in _around(hours, holidays, local, zone)):
        return Clock(_wall(local), is_open=True, holiday=holiday)
    opens = _next(hours, holidays, local, zone)
    return Clock(_wall(local), is_open=False, holiday=holiday, opens=opens and _wall(opens))


def _around(
    hours: Hours, holidays: str, local: datetime, zone: ZoneInfo
) -> list[tuple[datetime, datetime]]:
    """The spans of today, and of yesterday, which may run past midnight."""
    days = (local.date() - date.resolution, local.date())
    return [span for day in days for span in _spans(hours, holidays, day, zone)]


def _next(hours: Hours, holidays: str, local: datetime, zone: ZoneInfo) -> datetime | None:
    for ahead in range(AHEAD):
        for begins, _ends in _spans(hours, holidays, local.date() + timedelta(days=ahead), zone):
            if begins > local:
                return begins
    return None


def _wall(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _spans(
    hours: Hours, holidays: str, day: date, zone: ZoneInfo
) -> list[tuple[datetime, datetime]]:
    if _holiday(holidays, day):
        return []
    found = []
    for begins, ends in sorted(hours.get(str(day.weekday()), [])):
        start, end = _moment(day, begins, zone), _moment(day, ends, zone)
        # 22:00 to 06:00 ends on the next day.
        found.append((start, end if end > start else _moment(day + date.resolution, ends, zone)))
    return found


def _moment(day: date, text: str, zone: ZoneInfo) -> datetime:
    if text == "24:00":
        return datetime.combine(day + date.resolution, time.min, zone)
    return datetime.combine(day, time.fromisoformat(text), zone)


def _holiday(country: str, day: date) -> str:
    found = reference.item("holiday", f"{country}-{day.isoformat()}") if country else None
    return found.label if found else ""
