"""Who writes notices of opportunities, who approves them, and who may hear of them."""

from __future__ import annotations

from partners import lifecycle
from partners.lifecycle import NOTICE
from partners.models import Notice
from partners.posted import is_posted
from portal.models import StaffRole, User


def can_read_notices(user: User) -> bool:
    return _works(user) and (_approves(user) or is_posted(user))


def can_write_notice(user: User) -> bool:
    """Liaison officers, and whoever is posted somewhere."""
    return _works(user) and (user.has_role(StaffRole.LIAISON_OFFICER) or is_posted(user))


def can_edit_notice(user: User, notice: Notice) -> bool:
    return _own(user, notice) and lifecycle.allows(NOTICE, "edit", notice.status)


def can_propose_notice(user: User, notice: Notice) -> bool:
    return _own(user, notice) and lifecycle.allows(NOTICE, "propose", notice.status)


def can_approve_notice(user: User, notice: Notice) -> bool:
    """A second person: another liaison officer, or a supervisor."""
    other = notice.written_by_id != user.pk and _works(user) and _approves(user)
    return other and lifecycle.allows(NOTICE, "approve", notice.status)


def can_return_notice(user: User, notice: Notice) -> bool:
    return can_approve_notice(user, notice)


def can_withdraw_notice(user: User, notice: Notice) -> bool:
    may = _own(user, notice) or (_works(user) and _approves(user))
    return may and lifecycle.allows(NOTICE, "withdraw", notice.status)


def can_subscribe(user: User) -> bool:
    """Anybody of a firm; what is for partners is told to those whose memorandum is in force."""
    return user.is_active and not user.is_staff and user.memberships.live().exists()


def _approves(user: User) -> bool:
    return user.has_role(StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR)


def _own(user: User, notice: Notice) -> bool:
    liaison = user.has_role(StaffRole.LIAISON_OFFICER)
    return can_write_notice(user) and (liaison or notice.written_by_id == user.pk)


def _works(user: User) -> bool:
    active = user.is_staff and user.is_active
    return active and not user.has_role(StaffRole.SYSTEM_ADMINISTRATOR)
