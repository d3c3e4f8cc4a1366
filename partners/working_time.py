"""By when a post answers: working days by its own hours, holidays and clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from portal import reference

# A post that has told no hours works as offices do: Monday is 0.
USUAL = dict.fromkeys(range(5), time(17))
# Whatever the data say, no deadline lies further away.
FARTHEST = 366


def closing_times(hours: Mapping[str, Any]) -> dict[int, time]:
    """Weekday → when the office closes, out of the spans that the directory holds.

    What cannot be read is left out.
    """
    found = {}
    for day, spans in hours.items():
        ends = [end for span in spans if (end := _end(span)) is not None]
        if str(day) in "0123456" and ends:
            found[int(day)] = max(ends)
    return found or USUAL


def working_days_after(
    start: datetime, count: int, *, zone: str, hours: Mapping[str, Any], free: Iterable[date] = ()
) -> datetime:
    """The close of the count-th working day after this moment, by the post's own clock.

    What comes in on a working day counts from the next one; so does what comes on a free day.
    """
    closes, free_days = closing_times(hours), frozenset(free)
    day = start.astimezone(ZoneInfo(zone)).date()
    last = day + timedelta(days=FARTHEST)
    while count > 0 and day < last:
        day += timedelta(days=1)
        count -= day.weekday() in closes and day not in free_days
    at = closes.get(day.weekday(), time(17))
    return datetime.combine(day, at, ZoneInfo(zone))


def holidays(country: str) -> frozenset[date]:
    """Public holidays of a country, as far as the list goes."""
    found = (item.code.partition("-") for item in reference.items("holiday"))
    return frozenset(date.fromisoformat(day) for place, _dash, day in found if place == country)


def answer_due(topic: str, *, since: datetime, post: Any) -> datetime:
    """When the firm may expect an answer of this post on this topic."""
    item = reference.item("enquiry_topic", topic)
    days = int(item.attributes.get("working_days", 5)) if item is not None else 5
    due = working_days_after(
        since, days, zone=post.time_zone, hours=post.hours, free=holidays(post.holidays)
    )
    return due.astimezone(timezone.get_default_timezone())


def _end(span: Any) -> time | None:
    try:
        return time.fromisoformat(span[-1])
    except (ValueError, TypeError, IndexError):
        return None
