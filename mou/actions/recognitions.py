"""Mutual recognition with other countries: recorded with its days, and ended; never overwritten."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mou import permissions
from mou.models import MutualRecognition, TrustScheme
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.models import User


@transaction.atomic
def record_recognition(
    *,
    scheme: TrustScheme,
    country: str,
    legal_basis: str,
    valid_from: date,
    by: User,
    valid_to: date | None = None,
    partner_scheme: str = "",
) -> MutualRecognition:
    """A new row; one without a day is replaced by it, one with days stays as it is."""
    _demand(by)
    _lock(scheme)
    if valid_to is not None and valid_to < valid_from:
        raise DomainError(_("The last day has to be on or after the first."))
    same = MutualRecognition.objects.filter(scheme=scheme, country=country)
    _refuse_overlap(same, valid_from, valid_to)
    now = timezone.now()
    same.filter(valid_from=None, replaced_at=None).update(replaced_at=now)
    made = MutualRecognition.objects.create(
        scheme=scheme,
        country=country,
        partner_scheme=partner_scheme.strip(),
        legal_basis=legal_basis.strip(),
        valid_from=valid_from,
        valid_to=valid_to,
        recorded_at=now,
        recorded_by=by,
    )
    audit.record(
        "recognition_recorded",
        target=made,
        by=by,
        country=country,
        valid_from=valid_from.isoformat(),
        valid_to=valid_to.isoformat() if valid_to else "",
    )
    return made


@transaction.atomic
def end_recognition(
    *, recognition: MutualRecognition, valid_to: date, reason: str, by: User
) -> MutualRecognition:
    """Its last day is known; what comes after is a row of its own."""
    _demand(by)
    _lock(recognition.scheme)
    recognition = MutualRecognition.objects.select_for_update(of=("self",)).get(pk=recognition.pk)
    if recognition.valid_from is None:
        raise DomainError(_("Record first from which day it is valid."))
    if recognition.valid_to is not None:
        raise DomainError(_("Its last day is recorded already. What changes later is a new row."))
    if valid_to < recognition.valid_from:
        raise DomainError(_("The last day has to be on or after the first."))
    if not reason.strip():
        raise DomainError(_("Say why it ends, or where that is laid down."))
    recognition.valid_to = valid_to
    recognition.save(update_fields=["valid_to"])
    audit.record(
        "recognition_ended",
        target=recognition,
        by=by,
        reason=reason.strip(),
        country=str(recognition.country),
        valid_to=valid_to.isoformat(),
    )
    return recognition


def _refuse_overlap(
    same: QuerySet[MutualRecognition], valid_from: date, valid_to: date | None
) -> None:
    """In words, before the database refuses it by the constraint `mutualrecognition_no_overlap`."""
    found = same.filter(Q(valid_to=None) | Q(valid_to__gte=valid_from), valid_from__isnull=False)
    if valid_to is not None:
        found = found.filter(valid_from__lte=valid_to)
    other = found.order_by("valid_from").first()
    if other is not None and other.valid_from is not None:
        last = date_format(other.valid_to, "j F Y") if other.valid_to else _("open")
        raise DomainError(
            _("These days are recorded already: %(first)s to %(last)s. End that first.")
            % {"first": date_format(other.valid_from, "j F Y"), "last": last}
        )


def _lock(scheme: TrustScheme) -> None:
    """One at a time records days of a scheme."""
    TrustScheme.objects.select_for_update().get(pk=scheme.pk)


def _demand(by: User) -> None:
    if not permissions.can_record_trust(by):
        raise NotAllowed(_("Only a caseworker records mutual recognition."))
