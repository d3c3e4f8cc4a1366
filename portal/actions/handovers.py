"""Handing an organisation over to another member, who confirms it."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit, notifications, permissions
from portal.actions.memberships import change_role
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import Handover, Membership, Organisation, User
from portal.models.organisations import MembershipRole


@transaction.atomic
def offer_handover(*, receiver: Membership, stays_as: str, by: User) -> Handover:
    """An owner offers the own place; an earlier offer of that owner is taken back."""
    organisation = _lock(receiver.organisation)
    receiver = organisation.memberships.get(pk=receiver.pk)
    giver = organisation.memberships.live().filter(user=by, role=MembershipRole.OWNER).first()
    if giver is None or by.is_staff:
        raise NotAllowed(_("Only an owner hands an organisation over."))
    if receiver.ended_at is not None or not receiver.user.is_active or receiver == giver:
        raise DomainError(_("Choose somebody else who belongs to the organisation now."))
    now = timezone.now()
    Handover.objects.unanswered().filter(giver=giver).update(closed_at=now)
    offer = Handover.objects.create(
        organisation=organisation,
        giver=giver,
        receiver=receiver,
        stays_as=MembershipRole(stays_as),
        offered_at=now,
    )
    audit.record("handover_offered", target=offer, by=by, organisation=organisation)
    notifications.promise("handover_offered", key=str(offer.pk), handover_id=offer.pk)
    return offer


@transaction.atomic
def accept_handover(*, handover: Handover, by: User) -> Handover:
    """The receiver becomes an owner, then the giver stops being one: never none between."""
    organisation, handover = _open(handover)
    if not permissions.can_accept_handover(by, handover):
        raise NotAllowed(_("Only the person to whom it was offered takes it over."))
    if handover.ends_at <= timezone.now():
        raise DomainError(_("This offer has ended. Ask for it again; nothing has changed."))
    giver = handover.giver.user
    if not permissions.owns(giver, organisation):
        raise DomainError(_("Whoever offered this is no owner any more. Nothing has changed."))
    handover.accepted_at = timezone.now()
    handover.save(update_fields=["accepted_at"])
    change_role(membership=handover.receiver, role=MembershipRole.OWNER, by=giver)
    change_role(membership=handover.giver, role=handover.stays_as, by=by)
    audit.record("handover_accepted", target=handover, by=by, organisation=organisation)
    notifications.promise("handover_accepted", key=str(handover.pk), handover_id=handover.pk)
    return handover


@transaction.atomic
def close_handover(*, handover: Handover, by: User) -> Handover:
    """The receiver refuses, or the giver takes it back: everything stays as it is."""
    organisation, handover = _open(handover)
    if not permissions.can_close_handover(by, handover):
        raise NotAllowed(_("Only the two people concerned close this."))
    handover.closed_at = timezone.now()
    handover.save(update_fields=["closed_at"])
    audit.record("handover_closed", target=handover, by=by, organisation=organisation)
    if by.pk == handover.receiver.user_id:
        notifications.promise("handover_refused", key=str(handover.pk), handover_id=handover.pk)
    return handover


def _lock(organisation: Organisation) -> Organisation:
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def _open(handover: Handover) -> tuple[Organisation, Handover]:
    """The organisation first, as for every change of its people; then the offer as it is now."""
    organisation = _lock(handover.organisation)
    found = Handover.objects.select_related("giver__user", "receiver__user").get(pk=handover.pk)
    if found.accepted_at is not None or found.closed_at is not None:
        raise AlreadyDone(_("This was answered or taken back already."))
    return organisation, found
