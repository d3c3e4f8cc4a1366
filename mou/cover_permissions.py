"""Who names member firms of an association, confirms it for the firm, and ends it."""

from __future__ import annotations

from mou import lifecycle
from mou.lifecycle import MouStatus
from mou.models import Cover, Mou
from portal.models import Organisation, StaffRole, User
from portal.models.organisations import MembershipRole

# The code of the list of actor roles.
ASSOCIATION = "association"
ALIVE = (MouStatus.IN_FORCE, MouStatus.SUSPENDED)


def covers_members(mou: Mou) -> bool:
    """An association's agreement, signed: the only kind that has member firms."""
    return ASSOCIATION in mou.organisation.roles and mou.in_force_at is not None


def can_read_members(user: User, mou: Mou) -> bool:
    return covers_members(mou) and (_reads(user) or _belongs(user, mou.organisation))


def can_name_member(user: User, mou: Mou) -> bool:
    """The association's owner, or a caseworker for it, while the agreement is alive."""
    either = _is_caseworker(user) or _owns(user, mou.organisation)
    return either and covers_members(mou) and mou.status in ALIVE


def can_confirm(user: User, cover: Cover) -> bool:
    return _owns(user, cover.organisation) and _allows(cover, "confirm")


def can_decline(user: User, cover: Cover) -> bool:
    return _owns(user, cover.organisation) and _allows(cover, "decline")


def can_leave(user: User, cover: Cover) -> bool:
    return _owns(user, cover.organisation) and _allows(cover, "leave")


def can_remove(user: User, cover: Cover) -> bool:
    return _owns(user, cover.mou.organisation) and _allows(cover, "remove")


def can_refuse(user: User, cover: Cover) -> bool:
    return _is_caseworker(user) and _allows(cover, "refuse")


def can_invite(user: User, cover: Cover) -> bool:
    """An officer has checked the address of a firm that nobody owns here."""
    return _is_caseworker(user) and _allows(cover, "invite") and not _has_owner(cover.organisation)


def can_show(user: User, cover: Cover) -> bool:
    """The association's leave to name this member in the register; taken back at any time."""
    return _owns(user, cover.mou.organisation) and _allows(cover, "show")


def can_be_listed(user: User, cover: Cover) -> bool:
    """The firm's own leave, while it is covered."""
    return _owns(user, cover.organisation) and cover.is_in_force


def can_take_part(user: User, cover: Cover) -> bool:
    """Register people for training, as anybody of a firm with an agreement of its own."""
    return cover.is_in_force and _belongs(user, cover.organisation)


def _allows(cover: Cover, verb: str) -> bool:
    return lifecycle.allows(lifecycle.COVER, verb, cover.status)


def _is_caseworker(user: User) -> bool:
    return user.has_role(StaffRole.CASEWORKER)


def _reads(user: User) -> bool:
    return user.has_role(StaffRole.CASEWORKER, StaffRole.COUNTERSIGNER, StaffRole.SUPERVISOR)


def _has_owner(organisation: Organisation) -> bool:
    return organisation.memberships.live().filter(role=MembershipRole.OWNER).exists()


def _belongs(user: User, organisation: Organisation) -> bool:
    own = organisation.memberships.filter(user=user, ended_at=None)
    return not user.is_staff and user.is_active and own.exists()


def _owns(user: User, organisation: Organisation) -> bool:
    own = organisation.memberships.filter(user=user, ended_at=None, role=MembershipRole.OWNER)
    return not user.is_staff and user.is_active and own.exists()
