"""Joint activities: proposed by one side, agreed by the other, moved, held or cancelled."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import plan_permissions as permissions
from mou.actions.locking import lock
from mou.actions.planning import demand, lock_planned, told
from mou.models import Activity, Mou
from portal.errors import DomainError, NotAllowed
from portal.models import User


@transaction.atomic
def propose_activity(
    *,
    mou: Mou,
    title: str,
    about: str,
    place: str,
    starts_at: datetime,
    ends_at: datetime,
    business_duty: str,
    administration_duty: str,
    by: User,
) -> Activity:
    """Either side proposes it, with who answers for it on both sides."""
    mou = lock(mou)
    if not permissions.can_plan(by, mou):
        raise NotAllowed(_("Only a caseworker, or who may bind the firm, plans activities."))
    _check_time(starts_at, ends_at)
    activity = Activity.objects.create(
        mou=mou,
        title=title,
        about=about,
        place=place,
        starts_at=starts_at,
        ends_at=ends_at,
        business_duty=business_duty,
        administration_duty=administration_duty,
        proposed_by=permissions.side_of(by, mou),
        proposer=by,
    )
    told("activity_proposed", mou, by)
    return activity


@transaction.atomic
def agree_activity(*, activity: Activity, sequence: int, by: User) -> Activity:
    """The other side agrees, to the time that it has read."""
    activity = lock_planned(activity)
    status = demand(permissions.can_agree(by, activity), "agree", activity)
    if activity.sequence != sequence:
        raise DomainError(_("The time has changed since you opened the page. Look at it again."))
    return _changed(activity, "activity_agreed", by, status=status)


@transaction.atomic
def move_activity(
    *, activity: Activity, starts_at: datetime, ends_at: datetime, place: str, by: User
) -> Activity:
    """Another time or place: a new proposal of who moves it."""
    activity = lock_planned(activity)
    status = demand(permissions.can_move(by, activity), "move", activity)
    _check_time(starts_at, ends_at)
    activity.proposed_by, activity.proposer = permissions.side_of(by, activity.mou), by
    activity.starts_at, activity.ends_at, activity.place = starts_at, ends_at, place
    return _changed(activity, "activity_moved", by, status=status)


@transaction.atomic
def hold_activity(*, activity: Activity, outcome: str, follow_up: str, by: User) -> Activity:
    """It took place: what came of it and what follows."""
    activity = lock_planned(activity)
    status = demand(permissions.can_hold(by, activity), "hold", activity)
    if activity.starts_at > timezone.now():
        raise DomainError(_("It has not begun yet. Say what came of it afterwards."))
    if not outcome.strip():
        raise DomainError(_("Write what came of it."))
    activity.outcome, activity.follow_up = outcome.strip(), follow_up.strip()
    return _changed(activity, "activity_held", by, status=status)


@transaction.atomic
def cancel_activity(*, activity: Activity, reason: str, by: User) -> Activity:
    """Either side calls it off, and says why."""
    activity = lock_planned(activity)
    status = demand(permissions.can_cancel(by, activity), "cancel", activity)
    if not reason.strip():
        raise DomainError(_("Write a sentence for the other side."))
    activity.reason = reason.strip()
    return _changed(activity, "activity_cancelled", by, status=status)


def _changed(activity: Activity, event: str, by: User, *, status: str) -> Activity:
    activity.status = status
    activity.sequence, activity.changed_at = activity.sequence + 1, timezone.now()
    activity.save()
    told(event, activity.mou, by)
    return activity


def _check_time(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise DomainError(_("The end has to be after the beginning."))
    if starts_at < timezone.now():
        raise DomainError(_("Choose a time that has not passed."))
