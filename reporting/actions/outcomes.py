"""What comes of a report: assessed, acted on, set aside, ruled out, merged, closed, reopened."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.errors import DomainError
from portal.keyring import Unlocked
from portal.models import User
from portal.models.audit import AuditKind
from reporting import permissions
from reporting.actions.holding import demand, held, held_both, move
from reporting.actions.notes import Statement, write_note
from reporting.lifecycle import Status
from reporting.models import Report


@transaction.atomic
def assess(*, report: Report, by: User) -> Report:
    """An officer has judged what it is worth following up."""
    report = held(report, by)
    demand(permissions.can_assess(by, report), "assess", report, by)
    return _moved(report, "assess", "assessed", by)


@transaction.atomic
def act(*, report: Report, by: User) -> Report:
    """Something was done because of it: a control, an alert, an investigation."""
    report = held(report, by)
    demand(permissions.can_act(by, report), "act", report, by)
    return _moved(report, "act", "acted", by)


@transaction.atomic
def set_aside(*, report: Report, by: User, reason: str, keys: Unlocked | None = None) -> Report:
    """Nothing follows from it, for a reason that is kept sealed."""
    report = held(report, by)
    demand(permissions.can_set_aside(by, report), "set_aside", report, by)
    return _moved(report, "set_aside", "set_aside", by, reason, keys)


@transaction.atomic
def rule_out(*, report: Report, by: User, reason: str, keys: Unlocked | None = None) -> Report:
    """It is nothing that customs look after."""
    report = held(report, by)
    demand(permissions.can_rule_out(by, report), "rule_out", report, by)
    return _moved(report, "rule_out", "ruled_out", by, reason, keys)


@transaction.atomic
def mark_malicious(
    *, report: Report, by: User, reason: str, keys: Unlocked | None = None
) -> Report:
    """Told against better knowledge: a supervisor's word, with its reason."""
    report = held(report, by)
    demand(permissions.can_mark_malicious(by, report), "mark_malicious", report, by)
    return _moved(report, "mark_malicious", "marked_malicious", by, reason, keys)


@transaction.atomic
def merge(*, report: Report, by: User, into: Report) -> Report:
    """Both tell of the same thing: this one goes on as part of the other."""
    report, into = held_both(report, into, by)
    demand(permissions.can_merge(by, report), "merge", report, by)
    if into.pk == report.pk:
        raise DomainError(_("A report cannot be merged into itself."))
    if into.status in (Status.MERGED, Status.ERASED):
        raise DomainError(_("%(reference)s cannot take it in.") % {"reference": into.reference})
    fields = move(report, "merge")
    report.merged_into = into
    report.save(update_fields=[*fields, "merged_into"])
    audit.record("merged", target=report, by=by, kind=AuditKind.COMBINATION, into=str(into.pk))
    audit.record("took_in", target=into, by=by, kind=AuditKind.COMBINATION, report=str(report.pk))
    return report


@transaction.atomic
def close(*, report: Report, by: User, feedback_on: date | None = None) -> Report:
    """Done. Where the law promises feedback, it was given, here or on the day named."""
    report = held(report, by)
    demand(permissions.can_close(by, report), "close", report, by)
    if report.feedback_due is not None and report.feedback_at is None:
        if feedback_on is None:
            raise DomainError(
                _("The law promises this reporter feedback. Give it first, or say when you did.")
            )
        if feedback_on > timezone.localdate():
            raise DomainError(_("The day of the feedback is still to come."))
        report.feedback_at = timezone.make_aware(datetime.combine(feedback_on, time(12)))
    fields = move(report, "close")
    report.asked_at = None
    report.save(update_fields=[*fields, "feedback_at", "asked_at"])
    audit.record("closed", target=report, by=by, outcome=report.outcome)
    return report


@transaction.atomic
def reopen(*, report: Report, by: User, reason: str, keys: Unlocked | None = None) -> Report:
    """There is more to it; a merged one stands by itself again."""
    report = held(report, by)
    demand(permissions.can_reopen(by, report), "reopen", report, by)
    report.merged_into = None
    report.save(update_fields=["merged_into"])
    return _moved(report, "reopen", "reopened", by, reason, keys)


def _moved(
    report: Report,
    verb: str,
    event: str,
    by: User,
    reason: str = "",
    keys: Unlocked | None = None,
) -> Report:
    """Why it went this way may tell what was reported: it becomes a sealed note."""
    if reason:
        write_note(report, by, text=reason, statement=Statement.ASSESSMENT, keys=keys, verb=verb)
    report.save(update_fields=move(report, verb))
    audit.record(event, target=report, by=by)
    return report
