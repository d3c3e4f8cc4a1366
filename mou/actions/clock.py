"""What the calendar does to agreements: reviews opened, reminders sent, ends reached."""

from __future__ import annotations

from datetime import date, timedelta

from django.conf import settings
from django.utils import timezone

from mou import notifications, terms
from mou.actions import life, reviews
from mou.lifecycle import MouStatus, ReviewStatus
from mou.models import Mou, Notice, Review

ALIVE = [MouStatus.IN_FORCE, MouStatus.SUSPENDED]


def lead_on() -> None:
    """All that is due today; each agreement in a transaction of its own, each may run twice."""
    today = timezone.localdate()
    for notice in Notice.objects.live().filter(last_day__lt=today, mou__status__in=ALIVE):
        life.terminate(mou=notice.mou)
    alive = Mou.objects.filter(status__in=ALIVE)
    for mou in alive.filter(ends_on__lt=today):
        life.expire(mou=mou)
    near = today + timedelta(days=settings.AGREEMENT_REVIEW_DAYS)
    for mou in Mou.objects.filter(status=MouStatus.IN_FORCE, next_review_on__lte=near):
        reviews.open_due(mou=mou)
    _remind(today)


def _remind(today: date) -> None:
    furthest = today + timedelta(days=max(terms.REMINDED))
    ending = Mou.objects.filter(status__in=ALIVE, ends_on__range=(today, furthest))
    for mou in ending:
        _once("ending", mou, mou.ends_on, today)
    waiting = Review.objects.filter(status=ReviewStatus.OPEN, due_on__range=(today, furthest))
    for review in waiting.filter(mou__status__in=ALIVE).select_related("mou"):
        _once("review_due", review.mou, review.due_on, today)


def _once(event: str, mou: Mou, day: date | None, today: date) -> None:
    """One reminder for each step before this day, however often the clock comes by."""
    if day is not None and (step := terms.reminder(today, day)) is not None:
        notifications.notify(event, mou=mou, occasion=f"{day:%Y%m%d}-{step}")
