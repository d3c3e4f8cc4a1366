"""Who gives a firm feedback, on what, and who takes it back."""

from __future__ import annotations

from mou.lifecycle import ActivityStatus, CoverStatus, MeasureStatus, TrainingStatus
from mou.models import Activity, AlertDelivery, Attendee, Cover, Feedback, Measure, Mou
from mou.models.agreements import ENDED
from portal.models import StaffRole, User


def _speaks(user: User, mou: Mou, cover: Cover | None = None) -> bool:
    """As long as the agreement has not ended, and the firm has not left it."""
    takes_part = cover is None or cover.status == CoverStatus.CONFIRMED
    officer = user.has_role(StaffRole.CASEWORKER, StaffRole.SUPERVISOR)
    return officer and takes_part and mou.status not in ENDED


def can_answer(user: User, delivery: AlertDelivery) -> bool:
    """Once somebody of the firm has acknowledged the alert."""
    answered = delivery.acknowledged_at is not None
    return answered and _speaks(user, delivery.mou, delivery.cover)


def can_value_measure(user: User, measure: Measure) -> bool:
    done = (MeasureStatus.DONE, MeasureStatus.VERIFIED)
    return measure.status in done and _speaks(user, measure.mou)


def can_value_activity(user: User, activity: Activity) -> bool:
    return activity.status == ActivityStatus.HELD and _speaks(user, activity.mou)


def can_value_training(user: User, attendee: Attendee) -> bool:
    """To the firm of somebody who came."""
    held = attendee.training.status == TrainingStatus.HELD and bool(attendee.attended)
    return held and _speaks(user, attendee.mou, attendee.cover)


def can_take_back(user: User, feedback: Feedback) -> bool:
    """Who gave it, or a supervisor."""
    own = feedback.given_by_id == user.pk and user.has_role(StaffRole.CASEWORKER)
    return feedback.taken_back_at is None and (own or user.has_role(StaffRole.SUPERVISOR))
