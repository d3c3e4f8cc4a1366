"""Feedback of officers to a firm: given by a code, taken back; the firm is told without content."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import feedback_permissions as permissions
from mou import feedback_words, notifications
from mou.actions.locking import lock
from mou.models import Activity, AlertDelivery, Attendee, Cover, Feedback, Measure, Mou, Training
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.models import User

Subject = AlertDelivery | Measure | Activity | Training


@transaction.atomic
def answer_alert(*, delivery: AlertDelivery, code: str, by: User, sentence: str = "") -> Feedback:
    """On how the firm acknowledged an alert."""
    delivery.mou = lock(delivery.mou)
    delivery.refresh_from_db(fields=["acknowledged_at"])
    delivery.cover = _now(delivery.cover)
    allowed = permissions.can_answer(by, delivery)
    return _give(delivery.mou, "alert", delivery, code, sentence, by, allowed, delivery.cover)


@transaction.atomic
def value_measure(*, measure: Measure, code: str, by: User, sentence: str = "") -> Feedback:
    """On a measure that is done."""
    measure.mou = lock(measure.mou)
    measure.refresh_from_db(fields=["status"])  # as it is now, not as the page showed it
    allowed = permissions.can_value_measure(by, measure)
    return _give(measure.mou, "measure", measure, code, sentence, by, allowed)


@transaction.atomic
def value_activity(*, activity: Activity, code: str, by: User, sentence: str = "") -> Feedback:
    """On a joint activity that was held."""
    activity.mou = lock(activity.mou)
    activity.refresh_from_db(fields=["status"])
    allowed = permissions.can_value_activity(by, activity)
    return _give(activity.mou, "activity", activity, code, sentence, by, allowed)


@transaction.atomic
def value_training(*, attendee: Attendee, code: str, by: User, sentence: str = "") -> Feedback:
    """On a session, to the firm of somebody who came; it names nobody."""
    mou = lock(attendee.mou)
    # Who came may be corrected, with the lock on the session.
    session = Training.objects.select_for_update(of=("self",)).get(pk=attendee.training_id)
    attendee = Attendee.objects.get(pk=attendee.pk)
    attendee.mou, attendee.training, attendee.cover = mou, session, _now(attendee.cover)
    allowed = permissions.can_value_training(by, attendee)
    return _give(mou, "training", session, code, sentence, by, allowed, attendee.cover)


@transaction.atomic
def take_back(*, feedback: Feedback, by: User) -> Feedback:
    """It goes from the firm's pages; that it was given stays in the record."""
    mou = lock(feedback.mou)
    feedback = Feedback.objects.select_for_update(of=("self",)).get(pk=feedback.pk)
    if not permissions.can_take_back(by, feedback):
        raise NotAllowed(_("Only who gave it, or a supervisor, takes feedback back."))
    feedback.taken_back_at, feedback.taken_back_by = timezone.now(), by
    feedback.save(update_fields=["taken_back_at", "taken_back_by"])
    _record("feedback_taken_back", mou, by, feedback)
    return feedback


def _give(
    mou: Mou,
    about: str,
    thing: Subject,
    code: str,
    sentence: str,
    by: User,
    allowed: bool,
    cover: Cover | None = None,
) -> Feedback:
    """In the caller's transaction, which holds the agreement."""
    if not allowed:
        raise NotAllowed(_("Feedback is given by a caseworker or a supervisor, on what is done."))
    if code not in dict(feedback_words.choices(about)):
        raise DomainError(_("Choose what you want to say."))
    named = {"delivery" if about == "alert" else about: thing}
    if Feedback.objects.standing().filter(mou=mou, cover=cover, code=code, **named).exists():
        raise DomainError(_("The firm has been told this already. Choose something else."))
    given = Feedback.objects.create(
        mou=mou,
        cover=cover,
        code=code,
        sentence=feedback_words.screened(sentence),
        given_by=by,
        **named,
    )
    _record("feedback_given", mou, by, given)
    if cover is not None:
        notifications.notify("feedback_given", cover=cover)
    else:
        notifications.notify("feedback_given", mou=mou)
    return given


def _now(cover: Cover | None) -> Cover | None:
    """The member firm's place as it is, with the lock on its agreement."""
    return None if cover is None else Cover.objects.select_related("organisation").get(pk=cover.pk)


def _record(event: str, mou: Mou, by: User, one: Feedback) -> None:
    """What is said to a member firm is no matter of its association's agreement."""
    target = one.cover or mou
    audit.record(event, target=target, by=by, organisation=one.firm, code=one.code, about=one.about)
