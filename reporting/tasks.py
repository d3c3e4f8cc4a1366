"""The reports' work that can wait, and what the clock starts; each may run twice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from portal import expired, outbox
from reporting import notifications
from reporting.actions import clocks, retaining, retention


# The rows of these name a report: nothing of them stays (see portal/outbox.py).
@outbox.handler("reporting.received", forget=True)
def received(*, report_id: str) -> None:
    clocks.receive(report_id=UUID(report_id))


@outbox.handler("reporting.word_received", forget=True)
def word_received(*, report_id: str) -> None:
    clocks.note_word(report_id=UUID(report_id))


@outbox.handler("reporting.record_collection", forget=True)
def record_collection(*, report_id: str, event: str, hour: str) -> None:
    clocks.record_collection(report_id=UUID(report_id), event=event, hour=hour)


@outbox.handler("reporting.send_letter")
def send_letter(**ids: Any) -> None:
    notifications.send(**ids)


@shared_task
def find_late() -> None:
    """Every minute: clocks that ran out."""
    clocks.escalate_late()


@shared_task
def send_digest() -> None:
    """Asked every minute; sent at one time of the day, and not later when that was missed."""
    notifications.send_due_digest()


@shared_task
def clear_short_lived() -> None:
    """Drafts, passes and requests whose time is over."""
    retaining.clear_short_lived()


@shared_task
def retain() -> None:
    """Asked every quarter of an hour; does one day's work once, in pieces."""
    retaining.retain(day=timezone.localdate())


@expired.line("reports")
def _reports(dry: bool) -> dict[str, int]:
    """What was asked about a report ends before the report: erased, it takes requests along."""
    short = retaining.clear_short_lived(dry=dry, at_once=None)
    run = retaining.retain(day=timezone.localdate(), dry=dry, seconds=float("inf"))
    return short | expired.by_rule(run.counts)


expired.loads_rules(retention.load_rules)
