"""Who gives a firm feedback, on what, and who takes it back."""

from __future__ import annotations

from mou.lifecycle import ActivityStatus, MeasureStatus, TrainingStatus
from mou.models import Activity, AlertDelivery, Attendee, Feedback, Measure, Mou
from mou.models.agreements import ENDED
from portal.models import StaffRole, User


def _speaks(user: User, mou: Mou) -> bool:
    return user.has_role(StaffRole.CASEWORKER, StaffRole.SUPERVISOR) and mou.status not in ENDED


def can_answer(user: User, delivery: AlertDelivery) -> bool:
    """Once somebody of the firm has acknowledged the alert; to a firm with its own agreement."""
    answered = delivery.cover_id is None and delivery.acknowledged_at is not None
    return answered and _speaks(user, delivery.mou)


def can_value_measure(user: User, measure: Measure) -> bool:
    done = (MeasureStatus.DONE, MeasureStatus.VERIFIED)
    return measure.status in done and _speaks(user, measure.mou)


def can_value_activity(user: User, activity: Activity) -> bool:
    return activity.status == ActivityStatus.HELD and _speaks(user, activity.mou)


def can_value_training(user: User, attendee: Attendee) -> bool:
    """To the firm of somebody who came; to a firm with its own agreement."""
    if attendee.cover_id is not None:
        return False
    held = attendee.training.status == TrainingStatus.HELD and bool(attendee.attended)
    return held and _speaks(user, attendee.mou)


def can_take_back(user: User, feedback: Feedback) -> bool:
    """Who gave it, or a supervisor."""
    own = feedback.given_by_id == user.pk and user.has_role(StaffRole.CASEWORKER)
    return feedback.taken_back_at is None and (own or user.has_role(StaffRole.SUPERVISOR))
