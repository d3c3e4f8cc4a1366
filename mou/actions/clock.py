"""What the calendar does to agreements: reviews opened, reminders sent, ends reached."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import islice

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from mou import notifications, plan_queues, terms
from mou.actions import alerts, decisions, life, offering_again, offers, reviews, rounds
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
from portal import outbox
from portal.models import OutboxMessage

log = logging.getLogger(__name__)

# So many days before it is due a measure is called to mind.
MEASURE_DAYS = 7
ALIVE = [MouStatus.IN_FORCE, MouStatus.SUSPENDED]


@dataclass(frozen=True)
class Due:
    """One thing whose day has come: what it is, and what is done about it. May be done twice."""

    thing_id: int
    act: Callable[[], object]


Finds = Callable[[date], Iterable[Due]]


def lead_on() -> None:
    """All that is due today, each thing in a transaction of its own; each may run twice."""
    for duty in LED_ON:
        lead(duty)


def offer_due() -> None:
    """What certificates are worth today, then offers: none goes out on one that has just fallen."""
    for duty in OFFERED:
        lead(duty)


def lead_on_one(*, duty: str, thing_id: int | None) -> None:
    """Worker: try again what failed in a tick of the clock; without a thing all of the duty."""
    for due in DUTIES[duty](timezone.localdate()):
        if thing_id in (None, due.thing_id):
            with transaction.atomic():
                due.act()


def lead(duty: str) -> int:
    """All things of one kind; what fails is written down and the rest goes on.

    Returns how many were led on.
    """
    done = 0
    with _noting(duty, None):
        for due in DUTIES[duty](timezone.localdate()):
            with _noting(duty, due.thing_id), transaction.atomic():
                due.act()
                done += 1
    return done


@contextmanager
def _noting(duty: str, thing_id: int | None) -> Iterator[None]:
    """Log what fails and promise it to the worker, where the desk sees what fails again and again.

    The next tick of the clock finds it as well; both look at the thing under its lock.
    """
    try:
        yield
    except Exception as error:
        log.exception("the clock failed: %s of %s", duty, thing_id or "all", exc_info=error)
        key = f"clock:{duty}:{thing_id or 'all'}"
        outbox.enqueue("mou.lead_on_one", key=key, duty=duty, thing_id=thing_id)


def _under_notice(today: date) -> Iterator[Due]:
    for notice in Notice.objects.live().filter(last_day__lt=today, mou__status__in=ALIVE):
        yield Due(notice.mou_id, partial(life.terminate, mou=notice.mou))


def _over(today: date) -> Iterator[Due]:
    for mou in Mou.objects.filter(status__in=ALIVE, ends_on__lt=today):
        yield Due(mou.pk, partial(life.expire, mou=mou))


def _rounds_over(today: date) -> Iterator[Due]:
    signing = MouVersion.objects.filter(status=VersionStatus.SIGNING, sign_by__lt=today)
    for version in signing.select_related("mou"):
        yield Due(version.mou_id, partial(rounds.expire_signing, mou=version.mou))


def _reviews(today: date) -> Iterator[Due]:
    for mou in _to_review(today):
        yield Due(mou.pk, partial(reviews.open_due, mou=mou))


def _alerts_over(today: date) -> Iterator[Due]:
    for alert in Alert.objects.filter(status=AlertStatus.PUBLISHED, expires_on__lt=today):
        yield Due(alert.pk, partial(alerts.expire, alert=alert))


def _alerts_unread(today: date) -> Iterator[Due]:
    """Once a firm that has an alert for so long and said nothing."""
    since = timezone.now() - timedelta(days=settings.ALERT_REMINDER_DAYS)
    silent = AlertDelivery.objects.standing().filter(
        acknowledged_at=None, reminded_at=None, delivered_at__lt=since
    )
    for delivery in silent.select_related("alert", "mou", "cover").order_by("pk"):
        yield Due(delivery.pk, partial(alerts.remind, delivery=delivery))


def _decisions(today: date) -> Iterator[Due]:
    for decision in decisions.due(today):
        yield Due(decision.pk, partial(decisions.apply_decision, decision=decision))


def _declined(today: date) -> Iterator[Due]:
    for declined in offering_again.to_offer_again(today):
        yield Due(declined.pk, partial(offering_again.offer_again, declined=declined))


def _unsent(today: date) -> Iterator[Due]:
    for unsent in offers.to_send(today):
        yield Due(unsent.pk, partial(offers.promise_to_send, made=unsent))


def _to_review(today: date) -> QuerySet[Mou]:
    """Those whose yearly review comes near and has not been opened."""
    near = today + timedelta(days=settings.AGREEMENT_REVIEW_DAYS)
    opened = Review.objects.filter(mou=OuterRef("pk"), cause=ReviewCause.YEARLY)
    opened = opened.exclude(status=ReviewStatus.CLOSED)
    return Mou.objects.filter(~Exists(opened), status=MouStatus.IN_FORCE, next_review_on__lte=near)


def _ending(today: date) -> Iterator[Due]:
    ending = Mou.objects.filter(status__in=ALIVE, ends_on__range=(today, _furthest(today)))
    return _once("ending", [(mou, mou.ends_on) for mou in ending], today)


def _rounds_ending(today: date) -> Iterator[Due]:
    last = today + timedelta(days=terms.SIGNING_REMINDED)
    signing = MouVersion.objects.filter(
        status=VersionStatus.SIGNING, sign_by__range=(today, last)
    ).select_related("mou")
    return _once("signing_due", [(one.mou, one.sign_by) for one in signing], today)


def _reviews_waiting(today: date) -> Iterator[Due]:
    waiting = Review.objects.filter(
        status=ReviewStatus.OPEN, due_on__range=(today, _furthest(today)), mou__status__in=ALIVE
    ).select_related("mou")
    return _once("review_due", [(review.mou, review.due_on) for review in waiting], today)


def _measures_due(today: date) -> Iterator[Due]:
    """A measure a week before its day and once it is late."""
    near = today + timedelta(days=MEASURE_DAYS)
    agreed = Measure.objects.filter(status=MeasureStatus.AGREED, due_on__lte=near)
    agreed = agreed.exclude(mou__status__in=ENDED).select_related("mou")
    return _promise(
        "measure_due",
        [
            (one.mou, f"{one.pk}-{one.due_on:%Y%m%d}-{'late' if one.due_on < today else 'soon'}")
            for one in agreed
        ],
    )


def _contacts_due(today: date) -> Iterator[Due]:
    stale = plan_queues.stale_contacts(today).select_related("mou")
    return _promise("contacts_due", [(one.mou, f"{one.verified_on:%Y%m%d}") for one in stale])


def _furthest(today: date) -> date:
    return today + timedelta(days=max(terms.REMINDED))


def _once(event: str, days: Sequence[tuple[Mou, date | None]], today: date) -> Iterator[Due]:
    """One reminder for each step before its day, however often the clock comes by."""
    return _promise(
        event,
        [
            (mou, f"{day:%Y%m%d}-{step}")
            for mou, day in days
            if day is not None and (step := terms.reminder(today, day)) is not None
        ],
    )


def _promise(event: str, occasions: Sequence[tuple[Mou, str]]) -> Iterator[Due]:
    """The same news of the same occasion once, however often the clock comes by."""
    due = {
        notifications.key_of(event, mou, occasion): (mou, occasion) for mou, occasion in occasions
    }
    for keys in _batched(due):
        told = OutboxMessage.objects.filter(key__in=keys).values_list("key", flat=True)
        for key in set(keys) - set(told):
            mou, occasion = due[key]
            tell = partial(notifications.notify, event, mou=mou, occasion=occasion)
            yield Due(mou.pk, tell)


def _batched(keys: Iterable[str], size: int = 500) -> Iterator[list[str]]:
    """As many at a time as one statement should ask for."""
    left = iter(keys)
    while found := list(islice(left, size)):
        yield found


# In this order: what ends today needs no reminder.
LED_ON: dict[str, Finds] = {
    "terminate": _under_notice,
    "expire": _over,
    "expire_signing": _rounds_over,
    "open_review": _reviews,
    "expire_alert": _alerts_over,
    "remind_of_end": _ending,
    "remind_of_signing": _rounds_ending,
    "remind_of_review": _reviews_waiting,
    "remind_of_measure": _measures_due,
    "remind_of_contacts": _contacts_due,
    "remind_of_alert": _alerts_unread,
}
OFFERED: dict[str, Finds] = {
    "apply_decision": _decisions,
    "offer_again": _declined,
    "send_offer": _unsent,
}
DUTIES = LED_ON | OFFERED
