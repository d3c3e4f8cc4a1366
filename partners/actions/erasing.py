"""Erasing what may name people, outside exchanges, when the table of retention says so."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import Any

from django.db import transaction
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils import timezone

from partners.actions.keeping import erase
from partners.models import Engagement, FollowUp, Holder, Notice, Participation, Subscription
from partners.retention import TABLE
from portal import audit
from portal.models.audit import AuditKind

# A run takes so many at most; the next goes on.
AT_ONCE = 500


def erase_due(*, dry: bool = False, at_once: int | None = AT_ONCE) -> dict[str, int]:
    """How many of each rule. Each in a transaction of its own; the record keeps rule and time."""
    counts = {}
    for rule, (due, erase_one) in _due().items():
        ids = [] if dry else list(due.values_list("pk", flat=True)[:at_once])
        counts[rule] = due.count() if dry else sum(map(erase_one, ids))
    return counts


def _due() -> dict[str, tuple[QuerySet[Any], Callable[[int], bool]]]:
    """By rule what is to be erased now, and what erases one of it."""
    today = timezone.localdate()
    ended = TABLE["holder"].ended_before(today)
    holders = Holder.objects.filter(erased_at=None, until__lt=ended).order_by("until", "pk")
    # Notes of meetings; not while somebody still has something to do after one.
    to_do = FollowUp.objects.filter(engagement=OuterRef("pk"), done_at=None)
    engagements = Engagement.objects.filter(ends_at__lt=_day_of("engagement"))
    engagements = engagements.exclude(Exists(to_do)).order_by("pk")
    notices = Notice.objects.filter(last_day__lt=TABLE["notice"].ended_before(today))
    notices = notices.order_by("pk")
    ended_on = _day_of("subscription")
    subscriptions = Subscription.objects.filter(ended_at__lt=ended_on).order_by("pk")
    return {
        "holder": (holders, lambda pk: erase_holder(holder_id=pk)),
        "engagement": (
            engagements,
            lambda pk: _drop("engagement", engagements, pk, Participation, FollowUp),
        ),
        "notice": (notices, lambda pk: _drop("notice", notices, pk)),
        "subscription": (subscriptions, lambda pk: _drop("subscription", subscriptions, pk)),
    }


@transaction.atomic
def erase_holder(*, holder_id: int) -> bool:
    before = TABLE["holder"].ended_before(timezone.localdate())
    holder = Holder.objects.select_for_update().get(pk=holder_id)
    if holder.erased_at is not None or holder.until is None or holder.until >= before:
        return False
    erase(holder)
    audit.record("holder_erased", target=holder, by=None, kind=AuditKind.ERASURE, rule="holder")
    return True


def _day_of(code: str) -> datetime:
    day = TABLE[code].ended_before(timezone.localdate())
    return timezone.make_aware(datetime.combine(day, time.min))


@transaction.atomic
def _drop(rule: str, due: QuerySet[Any], pk: int, *parts: type[Model]) -> bool:
    """Delete one with its parts, if it is still due; nothing of it is read, the worker may not."""
    kept = due.filter(pk=pk)
    if not kept.exists():
        return False
    for part in parts:
        hangs_on_it = part._default_manager.filter(**{rule: pk})
        hangs_on_it._raw_delete(hangs_on_it.db)
    gone = due.model._default_manager.filter(pk=pk)
    if not gone._raw_delete(gone.db):
        return False
    audit.record(
        f"{rule}_erased", target=due.model(pk=pk), by=None, kind=AuditKind.ERASURE, rule=rule
    )
    return True
