"""Handing reports out: one by an officer with a reason, several only when two people agree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.handling import HandlingCode
from portal.keyring import Locked, Unlocked
from portal.models import User
from portal.models.audit import AuditKind
from reporting import opening, permissions
from reporting.envelopes import unit_name
from reporting.models import ExportRequest, Report
from reporting.opening import Opened

# Several at once, and how long a request waits and an approval holds.
MOST = 100
WAITS = timedelta(days=7)
APPROVED_FOR = timedelta(hours=24)


def export(
    *,
    report: Report,
    keys: Unlocked,
    by: User,
    recipient: str,
    reason: str,
    form: str,
    sanitised: bool = False,
    with_files: bool = False,
) -> Opened:
    """Open a report to hand it out; recorded as consulted and as disclosed.

    Not for use inside a transaction: a refusal has to stay recorded.
    """
    if not permissions.can_export(by, report):
        opening.refuse(report, by, why="right")
        raise NotAllowed(_("There is no such report."))
    recipient = _given(recipient, _("Say who gets it."))
    _check_leaving(report)
    opened = opening.open_report(report=report, keys=keys, by=by, reason=reason)
    if sanitised and opened.sanitised is None:
        raise DomainError(
            _("%(reference)s has no sanitised version yet. Write one first.")
            % {"reference": report.reference}
        )
    audit.record(
        "exported",
        target=report,
        by=by,
        kind=AuditKind.DISCLOSURE,
        reason=" ".join(reason.split()),
        recipient=recipient,
        form=form,
        sanitised=sanitised,
        files=with_files and not sanitised,
    )
    return opened


@transaction.atomic
def request_export(
    *,
    reports: Sequence[Report],
    recipient: str,
    reason: str,
    by: User,
    sanitised: bool = False,
    with_files: bool = True,
) -> ExportRequest:
    """Ask for several reports at once; somebody else has to approve."""
    if not permissions.can_request_export(by):
        raise NotAllowed(_("You may not do this."))
    chosen = list(Report.objects.visible_to(by).filter(pk__in=[one.pk for one in reports]))
    if not chosen or len(chosen) != len(reports):
        raise NotAllowed(_("There is no such report."))
    if len(chosen) > MOST:
        raise DomainError(_("Choose at most %(count)d reports.") % {"count": MOST})
    for report in chosen:
        _check_leaving(report)
    asked = ExportRequest.objects.create(
        recipient=_given(recipient, _("Say who gets it.")),
        reason=_given(reason, _("Give the reason."), opening.REASON_LENGTH),
        with_files=with_files and not sanitised,
        sanitised=sanitised,
        requested_by=by,
        expires_at=timezone.now() + WAITS,
    )
    asked.reports.set(chosen)
    audit.record(
        "export_requested",
        target=asked,
        by=by,
        reason=asked.reason,
        recipient=asked.recipient,
        reports=[str(report.pk) for report in chosen],
    )
    return asked


@transaction.atomic
def approve_export(*, request: ExportRequest, keys: Unlocked, by: User) -> ExportRequest:
    """A second person, who could open every one of them, agrees."""
    asked = _locked(request)
    if not permissions.can_approve_export(by, asked):
        raise NotAllowed(_("There is no such request."))
    _all_of(asked, keys, by)
    asked.approved_at, asked.approved_by = timezone.now(), by
    asked.expires_at = asked.approved_at + APPROVED_FOR
    asked.save(update_fields=["approved_at", "approved_by", "expires_at"])
    audit.record("export_approved", target=asked, by=by, requested_by=asked.requested_by_id)
    return asked


@transaction.atomic
def refuse_export(*, request: ExportRequest, by: User, reason: str) -> ExportRequest:
    """Nothing is handed out; whoever asked reads why."""
    asked = _locked(request)
    if not permissions.can_refuse_export(by, asked):
        raise NotAllowed(_("There is no such request."))
    if asked.requested_by_id != by.pk:
        _known(asked, by)
    asked.refusal = _given(reason, _("Give the reason."))
    asked.refused_at, asked.refused_by = timezone.now(), by
    asked.save(update_fields=["refusal", "refused_at", "refused_by"])
    audit.record("export_refused", target=asked, by=by, reason=asked.refusal)
    return asked


@transaction.atomic
def make_export(*, request: ExportRequest, keys: Unlocked, by: User) -> list[Report]:
    """Use up what two people agreed on; each report is recorded as disclosed."""
    asked = _locked(request)
    if not permissions.can_make_export(by, asked):
        raise NotAllowed(_("There is no such request."))
    reports = _all_of(asked, keys, by)
    asked.exported_at = timezone.now()
    asked.save(update_fields=["exported_at"])
    audit.record_all(
        "exported",
        targets=reports,
        by=by,
        kind=AuditKind.DISCLOSURE,
        reason=asked.reason,
        recipient=asked.recipient,
        form="zip",
        request=str(asked.pk),
        approved_by=asked.approved_by_id,
        sanitised=asked.sanitised,
        files=asked.with_files,
    )
    return reports


def _all_of(asked: ExportRequest, keys: Unlocked, by: User) -> list[Report]:
    """Every report of the request, with the keys to it, and nothing that keeps it here."""
    reports = _known(asked, by)
    if not all(keys.holds(unit_name(report.unit)) for report in reports):
        raise Locked(_("You do not hold the keys to these reports."))
    for report in reports:
        if not permissions.can_export(by, report):
            raise DomainError(_("%(report)s has been erased.") % {"report": report.reference})
        _check_leaving(report)
    return reports


def _known(asked: ExportRequest, by: User) -> list[Report]:
    """Every report of the request, or none: a conflict of interest in one holds up all."""
    chosen = asked.reports.order_by("id")
    reports = list(Report.objects.visible_to(by).filter(pk__in=chosen.values("pk")).order_by("id"))
    if len(reports) != chosen.count():
        raise DomainError(_("You may not know every report of this request. Leave it to others."))
    return reports


def _check_leaving(report: Report) -> None:
    """H2 waits for the source's consent, whole or sanitised (domain, acceptance test 13)."""
    if report.consent_is_withdrawn:
        raise DomainError(_("The source has taken its consent back: nothing more leaves."))
    if report.handling == HandlingCode.H2 and report.consent_at is None:
        raise DomainError(
            _(
                "%(reference)s has handling code H2: it is not passed on before the source’s "
                "consent is recorded. Record it, or grade the report anew where H2 no longer fits."
            )
            % {"reference": report.reference}
        )


def _given(typed: str, otherwise: str, length: int = 1) -> str:
    typed = " ".join(typed.split())
    if len(typed) < length:
        raise DomainError(otherwise)
    return typed


def _locked(request: ExportRequest) -> ExportRequest:
    return ExportRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
