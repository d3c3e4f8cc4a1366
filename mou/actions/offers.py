"""Offers: made once a firm, sent when an address is known, withdrawn with a reason."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import components, lifecycle, notifications, obstacles, permissions
from mou.lifecycle import OfferStatus
from mou.models import ComponentState, Mou, MouOffer, Programme, TrustStatus
from portal import audit, invitations, mail, outbox
from portal.actions import memberships
from portal.errors import DomainError, NotAllowed
from portal.models import Invitation, Membership, Organisation, User
from portal.models.organisations import MembershipRole

TRIES = 3
LIVE = [OfferStatus.UNSENT, OfferStatus.SENT, OfferStatus.ACCEPTED]


@transaction.atomic(savepoint=False)
def offer(
    *,
    organisation: Organisation,
    programme: Programme,
    basis: str,
    by: User | None,
    trust_status: TrustStatus | None = None,
    contact_email: str = "",
    contact_source: str = "",
    reason: str = "",
) -> MouOffer:
    """Offer an agreement; nobody by hand, a firm that has a live offer keeps that one.

    An officer is told who was first instead: what was typed is another offer than the one that
    lives. With an address the offer is sent by a worker, when the certificate has taken effect;
    without one it waits unsent until a caseworker enters one.
    """
    if by is not None and not permissions.can_make_offer(by):
        raise NotAllowed(_("Only a caseworker offers agreements."))
    made, is_new = _make(
        organisation=organisation,
        programme=programme,
        basis=basis,
        trust_status=trust_status,
        required_component=components.required(programme, trust_status),
        contact_email=contact_email,
        contact_source=contact_source,
        contact_verified_at=timezone.now() if contact_email else None,
        created_by=by,
        reason=reason,
    )
    if not is_new:
        if by is not None:
            obstacles.tell_first(made)
        return made
    audit.record("offer_made", target=made, by=by, organisation=organisation, basis=basis)
    if contact_email:
        promise_to_send(made)
    return made


def _make(**fields: Any) -> tuple[MouOffer, bool]:
    """A new offer, or the one that lives: the database lets one through."""
    own = {name: fields[name] for name in ("organisation", "programme")}
    for _try in range(TRIES):
        try:
            with transaction.atomic():
                return MouOffer.objects.create(**fields), True
        except IntegrityError:
            found = MouOffer.objects.filter(**own, status__in=LIVE).select_related("created_by")
            # None where it came to its end between the two statements.
            if (first := found.first()) is not None:
                return first, False
    raise DomainError(_("Others offer to this firm right now. Try again in a moment."))


def promise_to_send(made: MouOffer) -> None:
    """In the caller's transaction, and by the clock; the same offer is sent once."""
    if not made.contact_email or not is_due(made, timezone.localdate()):
        return  # the clock does it once the certificate has taken effect
    key = f"send_offer:{made.pk}"
    outbox.enqueue("mou.send_offer", key=key, offer_id=made.pk)
    # Promised before and found not to be due then.
    outbox.reopen(key, untouched_since=timezone.now())


def is_due(offer: MouOffer, day: date) -> bool:
    """Whether the certificate that the offer rests on, if any, is in effect and worth something."""
    status = offer.trust_status
    return status is None or (
        status.effective_from <= day
        and ComponentState.VALID in (status.simplifications, status.security)
    )


@transaction.atomic
def enter_contact(*, offer: MouOffer, email: str, source: str, by: User) -> MouOffer:
    """A caseworker enters the firm's address and says how it was checked; the offer goes out."""
    offer = _lock(offer)
    if not permissions.can_enter_contact(by, offer):
        lifecycle.after(lifecycle.OFFER, "enter_contact", offer.status)
        raise NotAllowed(_("Only a caseworker enters the address of an offer."))
    source = " ".join(source.split())
    if not source:
        raise DomainError(_("Say how you checked that the address is the firm's."))
    if User.objects.filter(email__iexact=email.strip(), is_staff=True).exists():
        raise DomainError(_("This is the address of an officer. Enter one of the firm's."))
    _set_contact(offer, email, source, by)
    return offer


@transaction.atomic
def learn_contact(*, offer: MouOffer, email: str, source: str) -> MouOffer:
    """An import names an address for an unsent offer; one that an officer checked stays."""
    offer = _lock(offer)
    if offer.status == OfferStatus.UNSENT and offer.contact_verified_by_id is None:
        _set_contact(offer, email, source, None)
    return offer


def _set_contact(offer: MouOffer, email: str, source: str, by: User | None) -> None:
    offer.contact_email, offer.contact_source = email.strip().lower(), source
    offer.contact_verified_at, offer.contact_verified_by = timezone.now(), by
    offer.save(
        update_fields=[
            "contact_email",
            "contact_source",
            "contact_verified_at",
            "contact_verified_by",
        ]
    )
    audit.record(
        "contact_entered", target=offer, by=by, organisation=offer.organisation, reason=source
    )
    promise_to_send(offer)


def send_offer(*, offer: MouOffer) -> None:
    """Worker: mail the offer with a way in, then count it as offered. May run twice.

    A worker killed between the two sends the same message again, with the same Message-ID.
    """
    offer.refresh_from_db()
    if (
        offer.status != OfferStatus.UNSENT
        or not offer.contact_email
        or not is_due(offer, timezone.localdate())
    ):
        return
    address = offer.contact_email
    url, expires_at = _way_in(offer)
    for receiver in _receivers(offer):
        mail.send(
            template="mou/emails/offered",
            to=receiver,
            key=f"offer:{offer.pk}:{address}",
            organisation=offer.organisation,
            thing=offer,
            url=url,
            expires_at=expires_at,
        )
    with transaction.atomic():
        offer = _lock(offer)
        if offer.status != OfferStatus.UNSENT:
            return
        if offer.contact_email != address:
            # Tried again: the address that counts as offered to is one that was written to.
            raise DomainError(_("The address was changed while the offer was being sent."))
        offer.status = lifecycle.after(lifecycle.OFFER, "send", offer.status)
        offer.sent_at = timezone.now()
        offer.save(update_fields=["status", "sent_at"])
        audit.record("offered", target=offer, by=None, organisation=offer.organisation)


def _receivers(offer: MouOffer) -> list[User | str]:
    """The address of the offer; the owners instead where a firm has some and it is none of them."""
    if _belongs(offer) or not _owners(offer).exists():
        return [offer.contact_email]
    return [owner.user for owner in _owners(offer).select_related("user").order_by("pk")]


def _way_in(offer: MouOffer) -> tuple[str, object]:
    """A login for a firm that has owners, else an invitation to become the first.

    A list of certificates never adds an owner to a firm that can decide about that itself.
    """
    if _belongs(offer) or _owners(offer).exists():
        return settings.SITE_URL + reverse("mou:offer", args=[offer.uuid]), None
    still_open = _open_invitations(offer).filter(
        role=MembershipRole.OWNER, expires_at__gt=timezone.now()
    )
    invitation = still_open.first() or memberships.invite(
        organisation=offer.organisation,
        email=offer.contact_email,
        role=MembershipRole.OWNER,
        by=None,
        tell=False,
    )
    return invitations.link(invitation), invitation.expires_at


def _belongs(offer: MouOffer) -> bool:
    live = offer.organisation.memberships.live()
    return live.filter(user__email__iexact=offer.contact_email).exists()


def _open_invitations(offer: MouOffer) -> QuerySet[Invitation]:
    """What opens the firm's pages to the address of this offer and has not been used."""
    return Invitation.objects.filter(
        organisation=offer.organisation,
        email=offer.contact_email,
        accepted_at=None,
        revoked_at=None,
    )


@transaction.atomic
def withdraw_offer(*, offer: MouOffer, reason: str, by: User) -> MouOffer:
    """A caseworker takes back an offer that nobody has answered."""
    offer = _lock(offer)
    if not permissions.can_withdraw_offer(by, offer):
        lifecycle.after(lifecycle.OFFER, "withdraw", offer.status)
        raise NotAllowed(_("Only a caseworker withdraws an offer."))
    told = offer.status == OfferStatus.SENT
    offer.status = lifecycle.after(lifecycle.OFFER, "withdraw", offer.status)
    offer.save(update_fields=["status"])
    audit.record(
        "offer_withdrawn", target=offer, by=by, organisation=offer.organisation, reason=reason
    )
    for invitation in _open_invitations(offer).filter(invited_by=None):
        memberships.revoke_invitation(invitation=invitation, by=by)
    if told:
        notifications.tell_firm("offer_withdrawn", offer=offer)
    return offer


@transaction.atomic
def send_again(*, offer: MouOffer, by: User) -> MouOffer:
    """A caseworker has the invitation of a sent offer mailed anew, for instance once it expired."""
    offer = _lock(offer)
    if not permissions.can_send_again(by, offer):
        raise NotAllowed(_("Only a sent offer that nobody has answered can be sent again."))
    if _owners(offer).exists():
        notifications.notify("offer_reminded", offer=offer)
    else:
        memberships.invite(
            organisation=offer.organisation,
            email=offer.contact_email,
            role=MembershipRole.OWNER,
            by=None,
        )
    audit.record("offer_sent_again", target=offer, by=by, organisation=offer.organisation)
    return offer


def _owners(offer: MouOffer) -> QuerySet[Membership]:
    return offer.organisation.memberships.live().filter(role=MembershipRole.OWNER)


def to_send(day: date) -> list[MouOffer]:
    """Unsent offers whose certificate has taken effect by this day."""
    waiting = MouOffer.objects.to_be_sent().select_related("trust_status")
    return [offer for offer in waiting.order_by("pk") if is_due(offer, day)]


def end_with(mou: Mou) -> None:
    """In the caller's transaction: the agreement that came of this offer has ended.

    From here on the firm can be offered another one; the database lets one live offer through.
    """
    if mou.offer_id is None:
        return
    offer = MouOffer.objects.select_for_update(of=("self",)).get(pk=mou.offer_id)
    offer.status = lifecycle.after(lifecycle.OFFER, "end", offer.status)
    offer.save(update_fields=["status"])


def _lock(offer: MouOffer) -> MouOffer:
    return MouOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
