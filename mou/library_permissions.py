"""Who may change the standard text: one officer drafts a clause, a supervisor approves it."""

from __future__ import annotations

from mou import lifecycle
from mou.models import ClauseRevision
from portal.models import StaffRole, User


def can_revise(user: User) -> bool:
    return user.has_role(StaffRole.CASEWORKER, StaffRole.SUPERVISOR)


def can_approve(user: User, revision: ClauseRevision) -> bool:
    """Four eyes: another supervisor than drafted it."""
    return _decides(user, revision) and _allows(revision, "approve")


def can_refuse(user: User, revision: ClauseRevision) -> bool:
    return _decides(user, revision) and _allows(revision, "refuse")


def can_withdraw(user: User, revision: ClauseRevision) -> bool:
    """Whoever drafted it."""
    own = can_revise(user) and revision.drafted_by_id == user.pk
    return own and _allows(revision, "withdraw")


def _decides(user: User, revision: ClauseRevision) -> bool:
    return user.has_role(StaffRole.SUPERVISOR) and revision.drafted_by_id != user.pk


def _allows(revision: ClauseRevision, verb: str) -> bool:
    return lifecycle.allows(lifecycle.REVISION, verb, revision.status)
