"""Both sides look at the agreement: opened by the clock or a suspension, answered, closed."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import lifecycle, notifications, permissions, terms
from mou.actions.locking import lock
from mou.lifecycle import MouStatus, ReviewStatus
from mou.models import Mou, Review, ReviewCause
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.models import User

# How long a review that a suspension opened may take.
AFTER_SUSPENSION = timedelta(days=30)


def open_review(*, mou: Mou, cause: str, due_on: date) -> Review:
    """In the caller's transaction, which holds the agreement; an open one of the cause stays."""
    review, new = Review.objects.get_or_create(
        mou=mou,
        cause=cause,
        status__in=[ReviewStatus.OPEN, ReviewStatus.ANSWERED],
        defaults={"due_on": due_on, "status": ReviewStatus.OPEN},
    )
    if new:
        organisation = mou.organisation
        audit.record("review_opened", target=mou, by=None, organisation=organisation, cause=cause)
        notifications.notify("review_opened", mou=mou)
    return review


@transaction.atomic
def open_due(*, mou: Mou) -> None:
    """Clock: the yearly review comes near. May run twice."""
    mou = lock(mou)
    due = mou.next_review_on
    near = timezone.localdate() + timedelta(days=settings.AGREEMENT_REVIEW_DAYS)
    if mou.status == MouStatus.IN_FORCE and due is not None and due <= near:
        open_review(mou=mou, cause=ReviewCause.YEARLY, due_on=due)


@transaction.atomic
def answer_review(*, review: Review, answer: str, by: User) -> Review:
    """The firm says what it did, what changed and what it would change; it may correct that."""
    review = _lock(review)
    if not permissions.can_answer_review(by, review):
        lifecycle.after(lifecycle.REVIEW, "answer", review.status)
        raise NotAllowed(_("Only an owner or a signatory of the firm answers for it."))
    if not answer.strip():
        raise DomainError(_("Write what the administration should know."))
    review.status = lifecycle.after(lifecycle.REVIEW, "answer", review.status)
    review.answer, review.answered_at, review.answered_by = answer, timezone.now(), by
    review.save(update_fields=["status", "answer", "answered_at", "answered_by"])
    mou = review.mou
    audit.record("review_answered", target=mou, by=by, organisation=mou.organisation)
    notifications.notify("review_answered", mou=mou)
    return review


@transaction.atomic
def close_review(*, review: Review, minutes: str, outcome: str, by: User) -> Review:
    """A caseworker writes down what was found, and what follows; the next one is a year on."""
    review = _lock(review)
    mou = review.mou
    if not permissions.can_close_review(by, review):
        lifecycle.after(lifecycle.REVIEW, "close", review.status)
        raise NotAllowed(_("Only a caseworker closes a review."))
    if not minutes.strip():
        raise DomainError(_("Write down what was found: the firm reads it."))
    review.status = lifecycle.after(lifecycle.REVIEW, "close", review.status)
    review.minutes, review.outcome = minutes, outcome
    review.closed_at, review.closed_by = timezone.now(), by
    review.save(update_fields=["status", "minutes", "outcome", "closed_at", "closed_by"])
    if review.cause == ReviewCause.YEARLY:
        mou.next_review_on = terms.next_review(review.due_on, timezone.localdate())
        mou.save(update_fields=["next_review_on"])
    organisation = mou.organisation
    audit.record("review_closed", target=mou, by=by, organisation=organisation, outcome=outcome)
    notifications.notify("review_closed", mou=mou)
    return review


def _lock(review: Review) -> Review:
    """The agreement first, as everywhere."""
    mou = Mou.objects.select_for_update(of=("self",)).get(pk=review.mou_id)
    review = Review.objects.select_for_update(of=("self",)).get(pk=review.pk)
    review.mou = mou
    return review
