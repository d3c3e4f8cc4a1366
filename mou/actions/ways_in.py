"""Ways to an agreement without a certificate: the firm asks, or an officer does."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import lifecycle, notifications, obstacles, permissions
from mou.actions import offers
from mou.lifecycle import InterestStatus
from mou.models import Basis, Interest, MouOffer, Programme
from portal import audit
from portal.errors import DomainError, InvalidTransition, NotAllowed
from portal.models import Organisation, User


@transaction.atomic
def express_interest(*, told: dict[str, Any], language: str) -> Interest:
    """Somebody asks for an agreement; who it is, an officer finds out."""
    interest = Interest.objects.create(language=language, **told)
    audit.record("interest_expressed", target=interest, by=AnonymousUser())
    notifications.tell_of_interest("interest_received", interest)
    return interest


@transaction.atomic
def accept_interest(
    *, interest: Interest, programme: Programme, contact_source: str, by: User
) -> MouOffer:
    """An officer has checked who asks: the firm gets its offer, at the address that was checked.

    After a refusal another officer than the first decides.
    """
    interest = _lock(interest)
    _demand(permissions.can_accept_interest(by, interest), "accept", interest)
    if not contact_source.strip():
        raise DomainError(_("Say how you checked that the address is the firm's."))
    firm = _firm(interest.firm_name, str(interest.country), interest.national_id, interest.eori, by)
    if not firm.roles and interest.role:
        firm.roles = [interest.role]
        firm.save(update_fields=["roles"])
    made = _offer(firm, programme, Basis.INTEREST, interest.email, contact_source, "", by)
    _decide(interest, "accept", by)
    interest.offer = made
    interest.save()
    audit.record("interest_accepted", target=interest, by=by, organisation=firm, offer=made.pk)
    return made


@transaction.atomic
def refuse_interest(*, interest: Interest, reason: str, by: User) -> Interest:
    """No agreement, and why; the firm is told how to have it looked at again."""
    interest = _lock(interest)
    _demand(permissions.can_refuse_interest(by, interest), "refuse", interest)
    if not reason.strip():
        raise DomainError(_("Give the reason: the firm reads it."))
    _decide(interest, "refuse", by)
    interest.refusal = reason.strip()
    interest.save()
    audit.record("interest_refused", target=interest, by=by)
    notifications.tell_of_interest("interest_refused", interest)
    return interest


@transaction.atomic
def seek_review(*, interest: Interest, objection: str) -> Interest:
    """Whoever has the letter asks for another officer to look again, once and in time."""
    interest = _lock(interest)
    until = interest.review_until
    if until is None or not lifecycle.allows(lifecycle.INTEREST, "seek_review", interest.status):
        raise InvalidTransition(_("A review cannot be asked for now."))
    if timezone.now() > until:
        raise DomainError(_("The time in which a review can be asked for is over. Write to us."))
    if not objection.strip():
        raise DomainError(_("Say why we should look again."))
    interest.status = lifecycle.after(lifecycle.INTEREST, "seek_review", interest.status)
    interest.objection, interest.objected_at = objection.strip(), timezone.now()
    interest.save(update_fields=["status", "objection", "objected_at"])
    audit.record("interest_review_sought", target=interest, by=AnonymousUser())
    notifications.tell_of_interest("interest_review_sought", interest)
    return interest


@transaction.atomic
def uphold_refusal(*, interest: Interest, reason: str, by: User) -> Interest:
    """Another officer looked again, and it stays refused."""
    interest = _lock(interest)
    _demand(permissions.can_uphold_refusal(by, interest), "uphold", interest)
    if not reason.strip():
        raise DomainError(_("Give the reason: the firm reads it."))
    _decide(interest, "uphold", by)
    interest.refusal = reason.strip()
    interest.save()
    audit.record("interest_refusal_upheld", target=interest, by=by)
    notifications.tell_of_interest("interest_upheld", interest)
    return interest


@transaction.atomic
def reach_out(
    *, firm: dict[str, str], programme: Programme, email: str, source: str, reason: str, by: User
) -> MouOffer:
    """An officer invites a firm that nobody had to invite, and says why.

    `firm`: legal_name, country, national_id and eori, the last two may be empty.
    """
    if not permissions.can_offer(by):
        raise NotAllowed(_("Only a caseworker offers agreements."))
    if not reason.strip() or not source.strip():
        raise DomainError(_("Say why this firm is invited, and how you checked its address."))
    names = (firm["legal_name"], firm["country"], firm["national_id"], firm["eori"])
    found = _firm(*names, by)
    return _offer(found, programme, Basis.OUTREACH, email, source, reason.strip(), by)


def _offer(
    firm: Organisation,
    programme: Programme,
    basis: str,
    email: str,
    source: str,
    reason: str,
    by: User,
) -> MouOffer:
    obstacles.demand_none(programme, firm, asked=basis == Basis.INTEREST)
    if User.objects.filter(email__iexact=email.strip(), is_staff=True).exists():
        raise DomainError(_("This is the address of an officer. Enter one of the firm's."))
    return offers.offer(
        organisation=firm,
        programme=programme,
        basis=basis,
        contact_email=email.strip().lower(),
        contact_source=" ".join(source.split()),
        reason=reason,
        by=by,
    )


def known_firm(country: str, national_id: str, eori: str) -> Organisation | None:
    """The organisation with this EORI or registration number: what an offer would go to."""
    found = Organisation.objects.filter(eori=eori).first() if eori else None
    if found is None and national_id:
        found = Organisation.objects.filter(country=country, national_id=national_id).first()
    return found


def _firm(name: str, country: str, national_id: str, eori: str, by: User) -> Organisation:
    """The known organisation, else a new one."""
    found = known_firm(country, national_id, eori)
    if found is not None:
        return found
    try:
        with transaction.atomic():
            firm = Organisation.objects.create(
                legal_name=name, country=country, national_id=national_id, eori=eori
            )
    except IntegrityError as error:
        # Added at the same moment, by whoever offers to it as well.
        if (found := known_firm(country, national_id, eori)) is not None:
            return found
        raise DomainError(
            _("Somebody else has just added a firm with these numbers. Look again.")
        ) from error
    audit.record("organisation_added", target=firm, by=by, organisation=firm)
    return firm


def _decide(interest: Interest, verb: str, by: User) -> None:
    """Who decided first stands beside who looked again."""
    again = interest.status == InterestStatus.UNDER_REVIEW
    interest.status = lifecycle.after(lifecycle.INTEREST, verb, interest.status)
    if again:
        interest.reviewed_at, interest.reviewed_by = timezone.now(), by
    else:
        interest.decided_at, interest.decided_by = timezone.now(), by


def _demand(allowed: bool, verb: str, interest: Interest) -> None:
    if not allowed:
        lifecycle.after(lifecycle.INTEREST, verb, interest.status)
        raise NotAllowed(
            _("Only a caseworker decides this, and after a refusal another than before.")
        )


def _lock(interest: Interest) -> Interest:
    return Interest.objects.select_for_update(of=("self",)).get(pk=interest.pk)
