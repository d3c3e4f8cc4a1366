"""The contact network: each side names its duties, changes them and confirms them."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import plan_permissions as permissions
from mou.actions.locking import lock
from mou.actions.planning import lock_planned, told
from mou.models import ContactPoint, Mou
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.models import User

MOST = 20


@transaction.atomic
def add_contact(
    *, mou: Mou, duty: str, holder: str, reached: str, hours: str, deputy: str, by: User
) -> ContactPoint:
    """A duty of one's own side."""
    mou = lock(mou)
    side = permissions.side_of(by, mou)
    if not side:
        raise NotAllowed(_("Only a caseworker, or who may bind the firm, names contacts."))
    live = mou.contacts.filter(party=side, ended_at=None)
    if live.filter(duty=duty).exists():
        raise DomainError(_("This duty is there already. Change it instead."))
    if live.count() >= MOST:
        raise DomainError(_("At most %(count)d contacts can be kept.") % {"count": MOST})
    contact = ContactPoint.objects.create(
        mou=mou,
        party=side,
        duty=duty,
        holder=holder,
        reached=reached,
        hours=hours,
        deputy=deputy,
        verified_by=by,
    )
    told("contact_added", mou, by, duty=duty)
    return contact


@transaction.atomic
def change_contact(
    *,
    contact: ContactPoint,
    duty: str,
    holder: str,
    reached: str,
    hours: str,
    deputy: str,
    revision: int,
    by: User,
) -> ContactPoint:
    """Changed counts as confirmed; `revision` is what was seen, so that two do not collide."""
    contact = _own(contact, by)
    if contact.revision != revision:
        raise DomainError(_("Somebody else changed this contact meanwhile. Look at it again."))
    others = contact.mou.contacts.filter(party=contact.party, ended_at=None, duty=duty)
    if others.exclude(pk=contact.pk).exists():
        raise DomainError(_("This duty is there already. Change it instead."))
    contact.duty, contact.holder, contact.reached = duty, holder, reached
    contact.hours, contact.deputy = hours, deputy
    contact.revision += 1
    _confirm(contact, by)
    told("contact_changed", contact.mou, by, duty=duty)
    return contact


@transaction.atomic
def confirm_contact(*, contact: ContactPoint, by: User) -> ContactPoint:
    """It still holds, as of today."""
    contact = _own(contact, by)
    _confirm(contact, by)
    mou = contact.mou
    audit.record("contact_confirmed", target=mou, by=by, organisation=mou.organisation)
    return contact


@transaction.atomic
def end_contact(*, contact: ContactPoint, by: User) -> ContactPoint:
    """The duty is no more; who held it is forgotten."""
    contact = _own(contact, by)
    contact.ended_at, contact.holder, contact.deputy = timezone.now(), "", ""
    contact.save(update_fields=["ended_at", "holder", "deputy"])
    told("contact_ended", contact.mou, by, duty=contact.duty)
    return contact


def _own(contact: ContactPoint, by: User) -> ContactPoint:
    contact = lock_planned(contact)
    if not permissions.can_change(by, contact):
        raise NotAllowed(_("Each side keeps its own contacts."))
    return contact


def _confirm(contact: ContactPoint, by: User) -> None:
    contact.verified_on, contact.verified_by = timezone.localdate(), by
    contact.save()
