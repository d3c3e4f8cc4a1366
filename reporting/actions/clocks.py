"""What the system does when time passes or word comes in: note it, tell the desk, escalate."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from portal import audit, outbox
from portal.models import AuditEvent, StaffRole
from portal.models.audit import AuditKind
from reporting import clocks, holds, lifecycle, notifications, retention
from reporting.lifecycle import OPEN, Status
from reporting.models import Report
from reporting.models.reports import next_hour, this_hour


@transaction.atomic
def receive(*, report_id: UUID) -> None:
    """A report lies in the database: call the desk when it is urgent, record the collection.

    The record is written when the hour is full, for all reports of the hour together: an event
    of the very second would tell who was online when it was filed.
    """
    report = Report.objects.filter(pk=report_id).first()
    if report is None or report.status != Status.RECEIVED:
        return
    if report.urgent:
        notifications.ping(*notifications.OFFICERS)
    _collected_later(report_id, "received")


@transaction.atomic
def note_word(*, report_id: UUID) -> None:
    """The reporter wrote again: the report comes back to the queue and is kept longer."""
    report = Report.objects.select_for_update(of=("self",)).filter(pk=report_id).first()
    if report is None or report.status == Status.ERASED:
        return
    report.news_at, report.asked_at = this_hour(), None
    report.save(update_fields=["news_at", "asked_at"])
    _postpone_review(report_id)
    if report.merged_into_id:
        # What was merged is kept with its target, and as long.
        _postpone_review(holds.targets([report_id])[report_id])
    if report.urgent and report.status in OPEN:
        notifications.ping(*notifications.OFFICERS)
    _collected_later(report_id, "word_received")


def _postpone_review(report_id: UUID) -> None:
    target = Report.objects.select_for_update(of=("self",)).get(pk=report_id)
    if target.status == Status.RETENTION_REVIEW:
        target.status = lifecycle.after("keep", target.status)
    target.review_due = retention.next_review(target, since=timezone.localdate())
    target.save(update_fields=["status", "review_due"])


def _collected_later(report_id: UUID, event: str) -> None:
    at = next_hour()
    outbox.enqueue(
        "reporting.record_collection",
        key=f"reporting.{event}:{report_id}:{at:%Y-%m-%dT%H}",
        not_before=at,
        report_id=str(report_id),
        event=event,
        hour=at.isoformat(),
    )


@transaction.atomic
def record_collection(*, report_id: UUID, event: str, hour: str) -> None:
    """Add to the record that something came in before this full hour; once."""
    report = Report.objects.select_for_update(of=("self",)).filter(pk=report_id).first()
    if report is None:
        return
    label = Report._meta.label_lower
    told = AuditEvent.objects.filter(target_type=label, target_id=str(report_id), event=event)
    if all(known.facts.get("before") != hour for known in told):
        audit.record(event, target=report, by=None, kind=AuditKind.COLLECTION, before=hour)


@transaction.atomic
def escalate(*, report_id: UUID) -> bool:
    """A clock has run out: note it once and call the supervisors; False when it has not."""
    report = Report.objects.select_for_update(of=("self",)).get(pk=report_id)
    now = timezone.now()
    late = clocks.run_out(report, now)
    if not late:
        return False
    report.escalated_at = now
    report.save(update_fields=["escalated_at"])
    audit.record("escalated", target=report, by=None, clocks=late)
    notifications.ping(StaffRole.SUPERVISOR)
    return True


def escalate_late() -> int:
    """Every report with a clock that ran out and that nobody was told of; returns how many."""
    ids = clocks.late(timezone.now())
    return sum(escalate(report_id=report_id) for report_id in ids)
