"""The daily run that keeps and erases by the table, and what lasts minutes or days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from portal import audit
from portal.dates import add_months
from portal.models import AuditEvent, User
from portal.retention import Cursor, Decision, count, work
from reporting import erasure, holds, lifecycle, retention
from reporting.actions import identities
from reporting.lifecycle import Status
from reporting.models import (
    Draft,
    DraftPart,
    Envelope,
    ExportRequest,
    Kind,
    Pass,
    Report,
    RetentionRun,
)
from reporting.retention import IRRELEVANT

BATCH = 100
# A run stops after so long and goes on at the next call, so no worker is killed for it.
SECONDS = 60.0
LABEL = Report._meta.label_lower


def retain(*, day: date, dry: bool = False, seconds: float = SECONDS) -> RetentionRun:
    """Do a day's work, or go on with it; dry, say what would be done and change no report."""
    return work(RetentionRun, STEPS, day=day, dry=dry, seconds=seconds)


def _undated(run: RetentionRun) -> Iterator[Cursor]:
    """Reports that nobody gave a date of review."""
    return _batch(run, _kept().filter(review_due=None))


def _due(run: RetentionRun) -> Iterator[Cursor]:
    """Reports whose date has come."""
    due = _kept().filter(review_due__lte=run.day)
    if run.after_due is not None:
        due = due.filter(
            Q(review_due__gt=run.after_due) | Q(review_due=run.after_due, pk__gt=run.after_id)
        )
    return _batch(run, due, by_date=True)


def _kept() -> QuerySet[Report]:
    """What was merged goes with its target."""
    return Report.objects.filter(merged_into=None).exclude(status=Status.ERASED)


def _batch(run: RetentionRun, found: QuerySet[Report], by_date: bool = False) -> Iterator[Cursor]:
    if not by_date and run.after_id is not None:
        found = found.filter(pk__gt=run.after_id)
    order = ("review_due", "pk") if by_date else ("pk",)
    reports = list(found.select_for_update(of=("self",)).order_by(*order)[:BATCH])
    counts = Counter[tuple[str, str]]()
    for report, decision in _decided(reports, run.day):
        seen: Cursor = (report.review_due, report.pk)
        what = decision.what if run.dry else _apply(report, decision)
        counts[decision.rule, what] += 1
        yield seen
    count(run, counts)


def _decided(reports: list[Report], day: date) -> list[tuple[Report, Decision]]:
    last, held, table = last_events(reports), _held(reports), retention.rules()
    return [
        (
            report,
            retention.decide(
                report, last=last[report.pk], held=report.pk in held, today=day, table=table
            ),
        )
        for report in reports
    ]


def _identities(run: RetentionRun) -> Iterator[Cursor]:
    """Identities of reports closed long enough ago; they go before the rest."""
    months = retention.rules()["identity"].erase_months
    sealed = Envelope.objects.filter(kind=Kind.IDENTITY)
    if run.after_id is not None:
        sealed = sealed.filter(pk__gt=run.after_id)
    rows = list(sealed.order_by("pk").values_list("pk", "report_id")[:BATCH])
    target = holds.targets({row[1] for row in rows})
    # Whoever places a hold takes this lock too.
    locked = Report.objects.select_for_update(of=("self",)).order_by("pk")
    reports = locked.in_bulk({*target, *target.values()})
    gone = _erased_before(run, [reports[pk] for pk in set(target.values())])
    held = _held(reports.values())
    counts = Counter[tuple[str, str]]()
    for envelope_id, report_id in rows:
        decisive = reports[target[report_id]]
        if _is_closed(decisive, months, run.day) and decisive.pk not in gone:
            what = "held" if report_id in held else "erased"
            counts["identity", what] += 1
            if what == "erased" and not run.dry:
                erase_identity(report=reports[report_id])
        yield None, envelope_id
    count(run, counts)


def _erased_before(run: RetentionRun, reports: list[Report]) -> set[UUID]:
    """Dry, what the steps before would have erased whole and a run finds no more."""
    due = [one for one in reports if one.review_due is None or one.review_due <= run.day]
    decided = _decided(due, run.day) if run.dry else []
    return {report.pk for report, decision in decided if decision.what == "erased"}


def _is_closed(report: Report, months: int, today: date) -> bool:
    """Closed for that long, and not opened again; of what was merged its target is asked."""
    closed = report.closed_at if report.status not in lifecycle.OPEN else None
    return closed is not None and add_months(timezone.localdate(closed), months) <= today


# What has no date gets one last: no report is looked at twice in a run.
STEPS = (_due, _undated, _identities)


def last_events(reports: list[Report]) -> dict[UUID, date]:
    """The day of the last thing that happened to each; reading it is no such thing."""
    events = AuditEvent.objects.filter(
        target_type=LABEL, target_id__in=[str(report.pk) for report in reports]
    ).exclude(Q(event__in=IRRELEVANT) | Q(kind="consultation"))
    newest: dict[str, datetime] = dict(
        events.values_list("target_id").annotate(newest=Max("at")).order_by()
    )
    return {
        report.pk: timezone.localdate(
            max(
                at
                for at in (report.received_hour, report.closed_at, newest.get(str(report.pk)))
                if at is not None
            )
        )
        for report in reports
    }


def _held(reports: Iterable[Report]) -> set[UUID]:
    return holds.held({report.pk for report in reports})


def _apply(report: Report, decision: Decision) -> str:
    """Do it, and say what was done."""
    if decision.what in ("dated", "postponed", "flagged"):
        if report.review_due != decision.due:
            report.review_due = decision.due
            report.save(update_fields=["review_due"])
    elif decision.what == "review":
        send_to_review(report, decision, None)
    elif decision.what == "erased":
        family = erasure.together(report)
        # Somebody may have held what was merged before its lock was taken.
        if _held([report]):
            return "held"
        for one in family:
            erase(report=one, rule=decision.rule)
    return decision.what


def send_to_review(report: Report, decision: Decision, by: User | None) -> None:
    report.status = lifecycle.after("review", report.status)
    report.review_due = decision.due
    report.save(update_fields=["status", "review_due"])
    audit.record(
        "retention_reviewed",
        target=report,
        by=by,
        rule=decision.rule,
        erased_on=decision.due.isoformat() if decision.due else "",
    )


# --- Erasing ----------------------------------------------------------------------------------


def erase(*, report: Report, rule: str) -> None:
    """Everything that was told or thought goes; a tombstone says that it was there."""
    if report.status != Status.ERASED:
        erasure.erase_contents(report)
        report.status = Status.ERASED
        report.save()
        erasure.leave_tombstone(report, "report", rule)
        audit.record("erased", target=report, by=None, kind="erasure", rule=rule)


def erase_identity(*, report: Report) -> None:
    """Who reported goes; what was reported stays."""
    erasure.erase_identity(report)
    erasure.leave_tombstone(report, "identity", "identity")
    audit.record("identity_erased", target=report, by=None, kind="erasure", rule="identity")


# --- What lasts minutes or days -----------------------------------------------------------------


def clear_short_lived(*, dry: bool = False, at_once: int | None = BATCH) -> dict[str, int]:
    """Drafts, passes and requests that have run out; in bounded pieces. How many of each."""
    now = timezone.now()
    months = retention.rules()["export"].erase_months
    old = add_months(timezone.localdate(), -months)
    drafts, passes = (model.objects.filter(expires_at__lte=now) for model in (Draft, Pass))
    exports = ExportRequest.objects.filter(requested_at__date__lt=old)
    counts = {
        "drafts": drafts.count() if dry else _drop_drafts(list(_keys(drafts)[:at_once])),
        "passes": passes.count() if dry else _drop_passes(list(_keys(passes)[:at_once])),
        "identity requests ended": identities.expire(dry=dry, limit=at_once),
        "export requests": exports.count(),
    }
    if not dry:
        exports.delete()
    return counts


def _keys(rows: QuerySet[Any]) -> Any:
    """Nothing else of them is read: the role that deletes them may not."""
    return rows.values_list("pk", flat=True)


def _drop_drafts(ids: list[Any]) -> int:
    DraftPart.objects.filter(draft__in=ids).delete()
    Draft.objects.filter(pk__in=ids).only("pk").delete()
    return len(ids)


def _drop_passes(ids: list[Any]) -> int:
    Pass.objects.filter(pk__in=ids).delete()
    return len(ids)
