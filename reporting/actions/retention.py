"""What officers decide about keeping and erasing: reviews, holds, and the rules."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal import retention as kept
from portal.dates import add_months
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import User
from portal.retention import Decision, given_reason
from reporting import lifecycle, permissions, retention
from reporting.actions.retaining import last_events, send_to_review
from reporting.models import LegalHold, Report, RetentionRule


@transaction.atomic
def review(*, report: Report, by: User) -> Report:
    """Look at the retention of a report now, before its date."""
    report = _lock(report.pk)
    if not permissions.can_review(by, report):
        raise NotAllowed(_("You cannot review this report’s retention."))
    decision = Decision("review", retention.rule_of(report), _erased_on(report))
    send_to_review(report, decision, by)
    return report


@transaction.atomic
def keep(*, report: Report, reason: str, until: date, by: User) -> Report:
    """Keep a report that is under review until another day, for a reason."""
    report = _lock(report.pk)
    if not permissions.can_keep(by, report):
        raise NotAllowed(_("You cannot decide on this report’s retention."))
    reason = given_reason(reason)
    if until <= timezone.localdate():
        raise DomainError(_("Give a day in the future."))
    report.status = lifecycle.after("keep", report.status)
    report.review_due = until
    report.save(update_fields=["status", "review_due"])
    audit.record("kept", target=report, by=by, reason=reason, until=until.isoformat())
    return report


@transaction.atomic
def place_hold(*, report: Report, reason: str, by: User) -> LegalHold:
    """Nothing of this report is erased, the identity included, until another lifts the hold."""
    report = _lock(report.pk)
    if not permissions.can_place_hold(by, report):
        raise NotAllowed(_("Only a supervisor holds a report."))
    if report.holds.filter(lifted_at=None).exists():
        raise AlreadyDone(_("This report is held already."))
    hold = LegalHold.objects.create(report=report, reason=given_reason(reason)[:300], placed_by=by)
    audit.record("hold_placed", target=report, by=by, reason=hold.reason, hold=hold.pk)
    return hold


@transaction.atomic
def lift_hold(*, hold: LegalHold, reason: str, by: User) -> LegalHold:
    """Let it be erased again; by another person than held it."""
    report = _lock(hold.report_id)
    hold = LegalHold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if not permissions.can_hold(by, report):
        raise NotAllowed(_("Only a supervisor lifts a hold."))
    if hold.lifted_at is not None:
        raise AlreadyDone(_("This hold has been lifted already."))
    if hold.placed_by_id == by.pk:
        raise DomainError(_("Another supervisor than placed the hold lifts it."))
    hold.lifted_at, hold.lifted_by = timezone.now(), by
    hold.save(update_fields=["lifted_at", "lifted_by"])
    audit.record("hold_lifted", target=report, by=by, reason=given_reason(reason), hold=hold.pk)
    return hold


@transaction.atomic
def change_rule(
    *, code: str, review_months: int, erase_months: int, reason: str, by: User
) -> RetentionRule:
    """Another time for one group; it counts from the next run."""
    if not permissions.can_change_rules(by):
        raise NotAllowed(_("Only a supervisor or the data protection officer changes a rule."))
    return kept.change_rule(
        RetentionRule,
        code=code,
        review_months=review_months,
        erase_months=erase_months,
        reason=reason,
        by=by,
    )


@transaction.atomic
def load_rules() -> int:
    """Add the rows of the table that are not there; what was changed at the desk stays."""
    return kept.load_rules(RetentionRule, retention.TABLE.values())


def _lock(report_id: UUID) -> Report:
    return Report.objects.select_for_update(of=("self",)).get(pk=report_id)


def _erased_on(report: Report) -> date:
    today = timezone.localdate()
    table = retention.rules()
    code = retention.rule_of(report)
    # Outcomes that are still open are reviewed by hand only.
    months = table[code if code in table else "assessed"].erase_months
    last = last_events([report])[report.pk]
    return max(add_months(last, months), today + retention.REVIEW_LASTS)
