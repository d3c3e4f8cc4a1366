"""Handing a report over to somebody competent: the sanitised version, and nothing else, leaves."""

from __future__ import annotations

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.actions import referred_reports
from partners.models import Partner
from portal import audit, pins
from portal.errors import AlreadyDone, DomainError
from portal.handling import HandlingCode
from portal.keyring import Unlocked
from portal.models import User
from portal.models.audit import AuditKind
from reporting import opening, permissions, receivers
from reporting.actions.holding import demand, held, move
from reporting.actions.notes import seal, signer
from reporting.models import Kind, Referral, Report
from reporting.opening import Entry


class Consent(models.TextChoices):
    """How the source let it be passed on: a code, so that nothing told stands in a column."""

    INBOX = "inbox", gettext_lazy("Written in the inbox")
    TELEPHONE = "telephone", gettext_lazy("By telephone")
    PERSON = "person", gettext_lazy("In person")
    LETTER = "letter", gettext_lazy("By letter")


@transaction.atomic
def record_consent(*, report: Report, by: User, how: str) -> Report:
    """The source lets it be passed on."""
    report = held(report, by)
    demand(permissions.can_record_consent(by, report), "record_consent", report, by)
    report.consent_at, report.consent_note = timezone.now(), Consent(how)
    report.save(update_fields=["consent_at", "consent_note"])
    audit.record("consent_recorded", target=report, by=by, how=how)
    return report


@transaction.atomic
def withdraw_consent(*, report: Report, by: User) -> Report:
    """The source takes it back: nothing more leaves, by a partner neither; what left stays."""
    report = held(report, by)
    demand(permissions.can_withdraw_consent(by, report), "withdraw_consent", report, by)
    report.consent_at, report.consent_note = None, Report.WITHDRAWN
    report.save(update_fields=["consent_at", "consent_note"])
    stopped = referred_reports.withdraw_for_report(report_id=report.pk, by=by)
    audit.record("consent_withdrawn", target=report, by=by, exchanges=stopped)
    return report


@transaction.atomic
def refer(
    *,
    report: Report,
    keys: Unlocked,
    by: User,
    receiver: str,
    legal_basis: str,
    limits_stated: bool = False,
    version: int | None = None,
) -> Referral:
    """Hand the latest sanitised version over; on which legal basis is recorded.

    `version` is the one that was read: a later one does not leave unread.
    """
    report = held(report, by)
    demand(permissions.can_refer(by, report), "refer", report, by)
    _check_limits(report, limits_stated)
    if receiver not in dict(receivers.choices(report.unit, by)):
        raise DomainError(_("Nobody goes by this name on the list of receivers."))
    sanitised = _as_read(report, keys, version)
    referral = _kept(report, keys, by, sanitised, receiver, legal_basis)
    _draft_for_partner(report, keys, by, sanitised, receiver, legal_basis)
    report.save(update_fields=move(report, "refer"))
    audit.record(
        "referred",
        target=report,
        by=by,
        kind=AuditKind.DISCLOSURE,
        reason=legal_basis,
        receiver=receiver,
        handling=report.handling,
        envelope=str(referral.envelope_id),
    )
    return referral


def _as_read(report: Report, keys: Unlocked, version: int | None) -> Entry:
    """The latest sanitised version, where it is the one that was read."""
    sanitised = opening.read(report, keys).sanitised
    if sanitised is None:
        raise DomainError(_("Write a sanitised version first: nothing else may leave."))
    if version not in (None, sanitised.version):
        raise AlreadyDone(
            _(
                "Another sanitised version was written since you opened this page. Read it, then "
                "send this again."
            )
        )
    return sanitised


def _kept(
    report: Report, keys: Unlocked, by: User, sanitised: Entry, receiver: str, legal_basis: str
) -> Referral:
    """Kept with the report as it was handed over; a unit of ours opens it with its own key."""
    told = {
        "text": sanitised.told["text"],
        "receiver": receiver,
        "legal_basis": legal_basis,
        "handling": report.handling,
    }
    also = (pins.current().recipient(receiver),) if receivers.is_unit(receiver) else ()
    envelope = seal(
        report,
        by,
        Kind.REFERRAL,
        told,
        version=sanitised.version,
        also=also,
        signer=signer(report, by, keys),
    )
    return Referral.objects.create(
        report=report,
        receiver=receiver,
        legal_basis=legal_basis,
        envelope_id=envelope.pk,
        handling=report.handling,
        referred_by=by,
    )


def _draft_for_partner(
    report: Report, keys: Unlocked, by: User, sanitised: Entry, receiver: str, legal_basis: str
) -> None:
    """To a partner of the directory it goes by the liaison desk, which sends it by law."""
    partner = Partner.objects.current().filter(code=receiver).first()
    if partner is None:
        return
    referred_reports.draft_from_report(
        report_id=report.pk,
        report_reference=report.reference,
        text=sanitised.told["text"],
        legal_basis=legal_basis,
        handling=report.handling,
        partner=partner,
        author=User.objects.get(pk=sanitised.author_id),
        by=by,
        signer=signer(report, by, keys),
    )


def _check_limits(report: Report, limits_stated: bool) -> None:
    """The handling code goes with the information (Directive (EU) 2016/680, Art. 9(3))."""
    if report.consent_is_withdrawn:
        raise DomainError(_("The source has taken its consent back: nothing more leaves."))
    if report.handling == HandlingCode.H2 and report.consent_at is None:
        raise DomainError(
            _("Handling code H2: it is not passed on before the source’s consent is recorded.")
        )
    if report.handling in (HandlingCode.H1, HandlingCode.H3) and not limits_stated:
        raise DomainError(
            _("Handling code %(code)s: tick that the receiver is told of the limits.")
            % {"code": report.handling}
        )
