"""Who may keep the directory true: the liaison desk writes, supervisors read."""

from __future__ import annotations

from typing import Any

from partners.models import ContactPoint, GroupMembership, Holder, Partner, Post, SecureChannel
from partners.models.checked import Checked
from portal.models import StaffRole, User

READERS = (StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR)


def can_keep(user: User) -> bool:
    """A system administrator keeps nothing, whatever other roles were granted."""
    return user.has_role(StaffRole.LIAISON_OFFICER) and not user.has_role(
        StaffRole.SYSTEM_ADMINISTRATOR
    )


def can_read_directory(user: User) -> bool:
    return user.has_role(*READERS) and not user.has_role(StaffRole.SYSTEM_ADMINISTRATOR)


def can_change(user: User, entry: Checked) -> bool:
    return can_keep(user) and not is_over(entry)


def can_end_membership(user: User, membership: GroupMembership) -> bool:
    return can_keep(user) and membership.until is None


def can_end_channel(user: User, channel: SecureChannel) -> bool:
    return can_keep(user) and channel.ended_at is None


def can_change_holder(user: User, holder: Holder) -> bool:
    return can_change(user, holder.contact_point) and holder.erased_at is None


def can_end_holder(user: User, holder: Holder) -> bool:
    return can_change_holder(user, holder) and holder.until is None


def is_over(entry: Any) -> bool:
    """It has ended, or what it belongs to has."""
    if isinstance(entry, ContactPoint):
        return entry.has_ended or entry.owner.has_ended
    return isinstance(entry, Partner | Post) and entry.has_ended
