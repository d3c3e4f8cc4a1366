"""What the calendar does to agreements: reviews opened, reminders sent, ends reached."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from mou import notifications, plan_queues, terms
from mou.actions import alerts, life, reviews, rounds
from mou.lifecycle import AlertStatus, MeasureStatus, MouStatus, ReviewStatus, VersionStatus
from mou.models import (
    Alert,
    AlertDelivery,
    Measure,
    Mou,
    MouVersion,
    Notice,
    Review,
    ReviewCause,
)
from mou.models.agreements import ENDED
from portal.models import OutboxMessage

# So many days before it is due a measure is called to mind.
MEASURE_DAYS = 7
ALIVE = [MouStatus.IN_FORCE, MouStatus.SUSPENDED]


def lead_on() -> None:
    """All that is due today; each agreement in a transaction of its own, each may run twice."""
    today = timezone.localdate()
    for notice in Notice.objects.live().filter(last_day__lt=today, mou__status__in=ALIVE):
        life.terminate(mou=notice.mou)
    for mou in Mou.objects.filter(status__in=ALIVE, ends_on__lt=today):
        life.expire(mou=mou)
    signing = MouVersion.objects.filter(status=VersionStatus.SIGNING).select_related("mou")
    for version in signing.filter(sign_by__lt=today):
        rounds.expire_signing(mou=version.mou)
    for mou in _to_review(today):
        reviews.open_due(mou=mou)
    for alert in Alert.objects.filter(status=AlertStatus.PUBLISHED, expires_on__lt=today):
        alerts.expire(alert=alert)
    _remind(today)
    _remind_of_alerts()


def _remind_of_alerts() -> None:
    """Once a firm that has an alert for so long and said nothing."""
    since = timezone.now() - timedelta(days=settings.ALERT_REMINDER_DAYS)
    silent = AlertDelivery.objects.standing().filter(
        acknowledged_at=None, reminded_at=None, delivered_at__lt=since
    )
    for delivery in silent.select_related("alert", "mou").order_by("pk"):
        alerts.remind(delivery=delivery)


def _to_review(today: date) -> QuerySet[Mou]:
    """Those whose yearly review comes near and has not been opened."""
    near = today + timedelta(days=settings.AGREEMENT_REVIEW_DAYS)
    opened = Review.objects.filter(mou=OuterRef("pk"), cause=ReviewCause.YEARLY)
    opened = opened.exclude(status=ReviewStatus.CLOSED)
    return Mou.objects.filter(~Exists(opened), status=MouStatus.IN_FORCE, next_review_on__lte=near)


def _remind(today: date) -> None:
    furthest = today + timedelta(days=max(terms.REMINDED))
    ending = Mou.objects.filter(status__in=ALIVE, ends_on__range=(today, furthest))
    _once("ending", [(mou, mou.ends_on) for mou in ending], today)
    last = today + timedelta(days=terms.SIGNING_REMINDED)
    rounds_ending = MouVersion.objects.filter(
        status=VersionStatus.SIGNING, sign_by__range=(today, last)
    ).select_related("mou")
    _once("signing_due", [(one.mou, one.sign_by) for one in rounds_ending], today)
    waiting = Review.objects.filter(
        status=ReviewStatus.OPEN, due_on__range=(today, furthest), mou__status__in=ALIVE
    ).select_related("mou")
    _once("review_due", [(review.mou, review.due_on) for review in waiting], today)
    _remind_of_plans(today)


def _remind_of_plans(today: date) -> None:
    """A measure a week before its day and once it is late; contacts once they are stale."""
    near = today + timedelta(days=MEASURE_DAYS)
    agreed = Measure.objects.filter(status=MeasureStatus.AGREED, due_on__lte=near)
    agreed = agreed.exclude(mou__status__in=ENDED).select_related("mou")
    _promise(
        "measure_due",
        [
            (one.mou, f"{one.pk}-{one.due_on:%Y%m%d}-{'late' if one.due_on < today else 'soon'}")
            for one in agreed
        ],
    )
    stale = plan_queues.stale_contacts(today).select_related("mou")
    _promise("contacts_due", [(one.mou, f"{one.verified_on:%Y%m%d}") for one in stale])


def _once(event: str, days: Sequence[tuple[Mou, date | None]], today: date) -> None:
    """One reminder for each step before its day, however often the clock comes by."""
    _promise(
        event,
        [
            (mou, f"{day:%Y%m%d}-{step}")
            for mou, day in days
            if day is not None and (step := terms.reminder(today, day)) is not None
        ],
    )


def _promise(event: str, occasions: Sequence[tuple[Mou, str]]) -> None:
    """The same news of the same occasion once, however often the clock comes by."""
    due = {
        notifications.key_of(event, mou, occasion): (mou, occasion) for mou, occasion in occasions
    }
    for keys in _batched(due):
        told = OutboxMessage.objects.filter(key__in=keys).values_list("key", flat=True)
        for key in set(keys) - set(told):
            mou, occasion = due[key]
            notifications.notify(event, mou=mou, occasion=occasion)


def _batched(keys: Iterable[str], size: int = 500) -> Iterator[list[str]]:
    """As many at a time as one statement should ask for."""
    left = iter(keys)
    while found := list(islice(left, size)):
        yield found
