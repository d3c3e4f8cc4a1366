"""By when an exchange is to be answered: pure calculation, no database.

Directive (EU) 2023/977, Art. 5: eight hours for what is urgent and directly accessible, three days
for what is urgent and is not, seven days for all else, each from receipt. Nights, weekends and
holidays count. Hours are hours that pass; days are days of the place where the answer is due, so
that a change of the clocks moves no deadline by an hour. Only a pause of which the other side has
notice stops them.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum


class Urgency(StrEnum):
    DIRECT = "urgent_direct"
    INDIRECT = "urgent_indirect"
    OTHER = "other"
    # The instrument sets another time, or none.
    INSTRUMENT = "instrument"


HOURS = {Urgency.DIRECT: 8}
DAYS = {Urgency.INDIRECT: 3, Urgency.OTHER: 7}
# How long before the end the desk is reminded.
REMINDED = {
    Urgency.DIRECT: timedelta(hours=2),
    Urgency.INDIRECT: timedelta(hours=12),
    Urgency.OTHER: timedelta(hours=24),
    Urgency.INSTRUMENT: timedelta(hours=24),
}


def reply_due(received: datetime, urgency: str, zone: tzinfo) -> datetime | None:
    """When the answer is due, by the clock on the wall of this zone; None where no clock runs."""
    kind = Urgency(urgency)
    if kind in HOURS:
        return received.astimezone(UTC) + timedelta(hours=HOURS[kind])
    if kind in DAYS:
        wall = received.astimezone(zone) + timedelta(days=DAYS[kind])
        # An hour that the clocks leave out is read as the one after it.
        return wall.astimezone(UTC)
    return None


def after_pause(due: datetime | None, paused: datetime, resumed: datetime) -> datetime | None:
    """What was left when the clock stopped is left when it goes on."""
    if due is None or resumed <= paused:
        return due
    # What had run out before the pause stays late.
    return due if due <= paused else due.astimezone(UTC) + (resumed - paused)


def remind_at(due: datetime, urgency: str) -> datetime:
    return due.astimezone(UTC) - REMINDED[Urgency(urgency)]


def is_late(due: datetime | None, paused: datetime | None, now: datetime) -> bool:
    """Over, or over when the clock stopped."""
    return due is not None and due <= (paused or now)
