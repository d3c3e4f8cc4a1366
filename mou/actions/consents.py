"""What a holder consents to about a certificate: publication, exchange; given and taken back."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import permissions
from mou.actions.trust_events import lock
from mou.models import StatusConsent, TrustStatus
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.models import User


@transaction.atomic
def give_consent(*, status: TrustStatus, kind: str, given_on: date, by: User) -> StatusConsent:
    """A caseworker records that the holder consented; a day that was wrong is put right."""
    status = _demand(status, given_on, by)
    consent, new = StatusConsent.objects.get_or_create(
        status=status,
        kind=kind,
        withdrawn_on=None,
        defaults={"given_on": given_on, "recorded_by": by},
    )
    if not new and consent.given_on == given_on:
        raise DomainError(_("This is recorded already."))
    if not new:
        consent.given_on, consent.recorded_by = given_on, by
        consent.save(update_fields=["given_on", "recorded_by"])
    _note("consent_given", status, kind, given_on, by)
    return consent


@transaction.atomic
def withdraw_consent(
    *, status: TrustStatus, kind: str, withdrawn_on: date, by: User
) -> StatusConsent:
    """The holder takes it back, which needs no reason; from now on nothing is published."""
    status = _demand(status, withdrawn_on, by)
    consent = status.consents.filter(kind=kind, withdrawn_on=None).first()
    if consent is None:
        raise DomainError(_("There is no such consent. Reload the page."))
    if withdrawn_on < consent.given_on:
        raise DomainError(_("It cannot be taken back before it was given."))
    consent.withdrawn_on, consent.withdrawn_by = withdrawn_on, by
    consent.save(update_fields=["withdrawn_on", "withdrawn_by"])
    _note("consent_withdrawn", status, kind, withdrawn_on, by)
    return consent


def _demand(status: TrustStatus, day: date, by: User) -> TrustStatus:
    status = lock(status)
    if not permissions.can_record_trust(by):
        raise NotAllowed(_("Only a caseworker records what a holder consents to."))
    if day > timezone.localdate():
        raise DomainError(_("The day has to be today or before."))
    return status


def _note(event: str, status: TrustStatus, kind: str, day: date, by: User) -> None:
    audit.record(
        event,
        target=status,
        by=by,
        organisation=status.organisation,
        consent=kind,
        day=day.isoformat(),
    )
