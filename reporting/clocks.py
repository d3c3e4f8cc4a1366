"""When a report must have been looked at: deadlines from its receipt, and which have run out.

Hours run through nights and weekends. Working days and calendar days are those of the place
(TIME_ZONE), so a change of the clocks moves no deadline by an hour.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, Q
from django.utils import timezone

from portal import reference
from portal.dates import add_months
from reporting.lifecycle import WITHIN, Priority
from reporting.models import Report
from reporting.models.reports import AWAITS_ASSESSMENT

SATURDAY = 5
# Directive (EU) 2019/1937, Art. 9: runs for what somebody learned through work.
ACKNOWLEDGED_WITHIN_DAYS = 7
FEEDBACK_WITHIN_MONTHS = 3
# More than this in one minute is left to the next one.
LATE_AT_ONCE = 200


def at_filing(*, hour: datetime, urgent: bool, through_work: bool) -> dict[str, datetime | None]:
    """The clocks of a new report, as fields of it.

    All start with the hour of receipt, so none tells the minute; no promise gets longer by that.
    """
    return {
        "assess_due": within(Priority.P1, received=hour) if urgent else None,
        "acknowledge_due": days_after(hour, ACKNOWLEDGED_WITHIN_DAYS) if through_work else None,
        "feedback_due": months_after(hour, FEEDBACK_WITHIN_MONTHS) if through_work else None,
    }


def assess_due(priority: str, *, received: datetime, now: datetime) -> datetime | None:
    """By when a report of this priority is to be assessed: from its receipt.

    What was found to be more pressing only after that time had passed gets it from now.
    """
    due = within(priority, received=received)
    return due if due is None or due > now else within(priority, received=now)


def within(priority: str, *, received: datetime) -> datetime | None:
    allowed = WITHIN[Priority(priority)]
    if allowed is None:
        return None
    if priority == Priority.P3:
        return end_of(working_day_after(timezone.localdate(received), allowed.days))
    return received.astimezone(UTC) + allowed


def working_day_after(day: date, count: int) -> date:
    """The day itself does not count (Regulation (EEC, Euratom) 1182/71, Art. 3)."""
    free = holidays()
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY and day not in free
    return day


def holidays() -> frozenset[date]:
    """Public holidays of the administration's country, as far as the list goes."""
    country = settings.BRAND["country"]
    return frozenset(
        date.fromisoformat(found.code.partition("-")[2])
        for found in reference.items("holiday")
        if found.code.partition("-")[0] == country
    )


def end_of(day: date) -> datetime:
    """The midnight that ends this day."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def days_after(start: datetime, days: int) -> datetime:
    return timezone.localtime(start) + timedelta(days=days)


def months_after(start: datetime, months: int) -> datetime:
    local = timezone.localtime(start)
    return datetime.combine(add_months(local.date(), months), local.timetz())


# --- What has run out -------------------------------------------------------------------------

# Clock → what has to be so that it still runs. Each has an index of exactly these rows.
RUNNING: dict[str, Q] = {
    "assess_due": Q(status__in=AWAITS_ASSESSMENT),
    "acknowledge_due": Q(acknowledged_at=None),
    "feedback_due": Q(feedback_at=None),
}


def late(now: datetime) -> list[UUID]:
    """Reports with a clock that ran out since they were last escalated, in a bounded number."""
    found: dict[UUID, None] = {}
    for clock, runs in RUNNING.items():
        untold = Q(escalated_at=None) | Q(escalated_at__lt=F(clock))
        ids = Report.objects.filter(runs, untold, **{f"{clock}__lte": now})
        found |= dict.fromkeys(ids.order_by(clock).values_list("pk", flat=True)[:LATE_AT_ONCE])
    return list(found)


def run_out(report: Report, now: datetime) -> list[str]:
    """The clocks of this report that ran out since it was last escalated."""
    runs = {
        "assess_due": report.status in AWAITS_ASSESSMENT,
        "acknowledge_due": report.acknowledged_at is None,
        "feedback_due": report.feedback_at is None,
    }
    return [clock for clock in runs if runs[clock] and _untold(report, clock, now)]


def _untold(report: Report, clock: str, now: datetime) -> bool:
    due: Any = getattr(report, clock)
    told = report.escalated_at
    return due is not None and due <= now and (told is None or told < due)
