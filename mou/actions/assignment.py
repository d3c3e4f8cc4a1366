"""Whose case an agreement is: taken by a caseworker, given to another."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from mou import notifications, permissions
from mou.actions.locking import lock
from mou.models import Mou
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.models import StaffRole, User


@transaction.atomic
def take(*, mou: Mou, by: User) -> Mou:
    """A caseworker makes it the own case."""
    mou = lock(mou)
    if not permissions.can_take(by, mou):
        raise NotAllowed(_("Only a caseworker takes an agreement, and only while it goes on."))
    return _give(mou, by, by)


@transaction.atomic
def assign(*, mou: Mou, to: User, by: User) -> Mou:
    """Give it to a caseworker, who is told."""
    mou = lock(mou)
    if not permissions.can_assign(by, mou):
        raise NotAllowed(
            _("Only a supervisor, or whose case it is, gives an agreement to somebody else.")
        )
    if not to.is_active or not to.has_role(StaffRole.CASEWORKER):
        raise DomainError(_("Choose somebody who is a caseworker."))
    if mou.caseworker_id == to.pk:
        raise DomainError(_("It is this person’s case already."))
    mou = _give(mou, to, by)
    if to.pk != by.pk:
        notifications.notify("assigned", mou=mou)
    return mou


def _give(mou: Mou, to: User, by: User) -> Mou:
    mou.caseworker = to
    mou.save(update_fields=["caseworker"])
    audit.record("assigned", target=mou, by=by, organisation=mou.organisation, caseworker=to.pk)
    return mou
