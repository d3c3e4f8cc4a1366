"""Checking EORI numbers: asked of the Commission's service by a worker, or recorded by hand."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import eori, permissions
from mou.models import EoriCheck, EoriResult
from portal import audit, outbox
from portal.errors import DomainError, NotAllowed
from portal.models import Organisation, User


@transaction.atomic
def request_check(*, organisation: Organisation, by: User) -> EoriCheck:
    """A caseworker has the service asked; until it answers the number is not known."""
    _demand(organisation, by)
    if eori.verifier() is None:
        raise DomainError(_("No service is set up. Check the number by hand and record that."))
    try:
        with transaction.atomic():
            check = EoriCheck.objects.create(
                organisation=organisation, eori=organisation.eori, asked_by=by
            )
    except IntegrityError as error:
        raise DomainError(_("The service is being asked already.")) from error
    audit.record("eori_check_requested", target=check, by=by, organisation=organisation)
    outbox.enqueue("mou.check_eori", key=f"check_eori:{check.pk}", check_id=check.pk)
    return check


def check_eori(*, check: EoriCheck) -> None:
    """Worker: ask, and keep what was answered. May run twice; nobody waits for the service."""
    service = eori.verifier()
    if check.answered_at is not None:
        return
    answer = service.verify(check.eori) if service else None
    with transaction.atomic():
        check = EoriCheck.objects.select_for_update(of=("self",)).get(pk=check.pk)
        if check.answered_at is not None:
            return
        check.result = answer.result if answer else EoriResult.UNKNOWN
        check.response = answer.response if answer else _("No service is set up.")
        check.answered_at = timezone.now()
        check.save(update_fields=["result", "response", "answered_at"])
        audit.record(
            "eori_checked",
            target=check,
            by=None,
            organisation=check.organisation,
            result=check.result,
        )


@transaction.atomic
def record_check(*, organisation: Organisation, result: str, how: str, by: User) -> EoriCheck:
    """A caseworker looked it up and says where."""
    _demand(organisation, by)
    if not how.strip():
        raise DomainError(_("Say how you checked it."))
    check = EoriCheck.objects.create(
        organisation=organisation,
        eori=organisation.eori,
        result=result,
        by_hand=True,
        response=how.strip(),
        asked_by=by,
        answered_at=timezone.now(),
    )
    audit.record("eori_checked", target=check, by=by, organisation=organisation, result=result)
    return check


def _demand(organisation: Organisation, by: User) -> None:
    if not permissions.can_record_trust(by):
        raise NotAllowed(_("Only a caseworker checks EORI numbers."))
    if not organisation.eori:
        raise DomainError(_("This firm has no EORI number."))
