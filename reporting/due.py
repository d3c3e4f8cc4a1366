"""What a report is due for: its clocks, as an officer reads them at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from reporting.lifecycle import TO_ASSESS
from reporting.models import Report

# A clock that ends within this is shown among what is due.
SOON = timedelta(hours=24)


@dataclass(frozen=True)
class Clock:
    """One date to meet, and how far away it is."""

    verb: str
    text: str
    at: datetime
    late: bool
    soon: bool
    left: str


def clocks(report: Report, now: datetime | None = None) -> list[Clock]:
    """Those that run, the nearest first."""
    now = now or timezone.now()
    running = [
        ("assess", _("Assess"), report.assess_due, report.status in TO_ASSESS),
        ("acknowledge", _("Acknowledge"), report.acknowledge_due, not report.acknowledged_at),
        ("feedback", _("Feedback"), report.feedback_due, not report.feedback_at),
    ]
    found = [
        Clock(verb, text, at, at <= now, at <= now + SOON, left(at, now))
        for verb, text, at, runs in running
        if at is not None and runs
    ]
    return sorted(found, key=lambda clock: clock.at)


def left(at: datetime, now: datetime) -> str:
    """“due in 3 h”, “overdue 2 d”."""
    span = f"{_span(abs(at - now))}"
    if at <= now:
        return _("overdue %(span)s") % {"span": span}
    return _("due in %(span)s") % {"span": span}


def _span(delta: timedelta) -> str:
    minutes = int(delta.total_seconds() // 60)
    if minutes < 60:
        return _("%(count)d min") % {"count": minutes}
    if minutes < 48 * 60:
        return _("%(count)d h") % {"count": minutes // 60}
    return _("%(count)d d") % {"count": minutes // (24 * 60)}


def ends_before(at: datetime) -> Q:
    """Reports with a running clock that ends before this, each clock by its own index."""
    return (
        Q(assess_due__lte=at, status__in=TO_ASSESS)
        | Q(acknowledge_due__lte=at, acknowledged_at=None)
        | Q(feedback_due__lte=at, feedback_at=None)
    )
