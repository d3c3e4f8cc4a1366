"""Who plans and records training, and who of a firm registers people for it."""

from __future__ import annotations

from mou import lifecycle
from mou.lifecycle import MouStatus
from mou.models import Mou, Training
from mou.survey_permissions import role_of
from portal.models import Organisation, StaffRole, User


def can_plan(user: User) -> bool:
    return user.has_role(StaffRole.CASEWORKER)


def can_lead(user: User, training: Training, verb: str) -> bool:
    """Edit, offer, cancel or record this session."""
    return can_plan(user) and lifecycle.allows(lifecycle.TRAINING, verb, training.status)


def can_register(user: User, mou: Mou) -> bool:
    """Anybody of a firm whose agreement is in force, for people of that firm."""
    return mou.status == MouStatus.IN_FORCE and can_withdraw(user, mou)


def can_withdraw(user: User, mou: Mou) -> bool:
    """Take back a seat, whatever became of the agreement."""
    return bool(role_of(user, mou))


def can_withdraw_for(user: User, firm: Organisation) -> bool:
    """The same by the firm: also one that takes part through its association."""
    own = firm.memberships.filter(user=user, ended_at=None)
    return not user.is_staff and user.is_active and own.exists()
