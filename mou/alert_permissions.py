"""Who may do what to an alert: caseworkers write, another supervisor approves, firms read."""

from __future__ import annotations

from mou import lifecycle
from mou.models import Alert, AlertDelivery
from portal.models import StaffRole, User


def _allows(alert: Alert, verb: str) -> bool:
    return lifecycle.allows(lifecycle.ALERT, verb, alert.status)


def can_write(user: User) -> bool:
    return user.has_role(StaffRole.CASEWORKER)


def can_edit(user: User, alert: Alert) -> bool:
    return can_write(user) and _allows(alert, "edit")


def can_propose(user: User, alert: Alert) -> bool:
    return can_write(user) and _allows(alert, "propose")


def can_approve(user: User, alert: Alert) -> bool:
    """Four eyes: a supervisor who neither wrote nor proposed it."""
    return can_decide(user, alert) and _allows(alert, "approve")


def can_return(user: User, alert: Alert) -> bool:
    return can_decide(user, alert) and _allows(alert, "return")


def can_decide(user: User, alert: Alert) -> bool:
    own = user.pk in (alert.written_by_id, alert.proposed_by_id)
    return user.has_role(StaffRole.SUPERVISOR) and not own


def can_withdraw(user: User, alert: Alert) -> bool:
    either = user.has_role(StaffRole.CASEWORKER, StaffRole.SUPERVISOR)
    return either and _allows(alert, "withdraw")


def can_acknowledge(user: User, delivery: AlertDelivery) -> bool:
    """Anybody of the firm who may read it, as long as it stands; staff never for a firm."""
    return (
        not user.is_staff
        and user.is_active
        and AlertDelivery.objects.visible_to(user).filter(pk=delivery.pk).exists()
    )
