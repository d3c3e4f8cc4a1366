"""Erasing what may name people, outside exchanges, when the table of retention says so."""

from __future__ import annotations

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


def erase_due() -> int:
    """Each thing in a transaction of its own; the record keeps the rule and the time."""
    return _erase_holders() + _erase_engagements() + _erase_notices() + _erase_subscriptions()


def _erase_holders() -> int:
    before = TABLE["holder"].ended_before(timezone.localdate())
    due = Holder.objects.filter(erased_at=None, until__lt=before).order_by("until", "pk")
    return sum(erase_holder(holder_id=pk) for pk in due.values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def erase_holder(*, holder_id: int) -> bool:
    before = TABLE["holder"].ended_before(timezone.localdate())
    holder = Holder.objects.select_for_update().get(pk=holder_id)
    if holder.erased_at is not None or holder.until is None or holder.until >= before:
        return False
    erase(holder)
    audit.record("holder_erased", target=holder, by=None, kind=AuditKind.ERASURE, rule="holder")
    return True


def _erase_engagements() -> int:
    """Notes of meetings; not while somebody still has something to do after one."""
    to_do = FollowUp.objects.filter(engagement=OuterRef("pk"), done_at=None)
    due = Engagement.objects.filter(ends_at__lt=_day_of("engagement")).exclude(Exists(to_do))
    return sum(_drop("engagement", due, pk, Participation, FollowUp) for pk in _first(due))


def _erase_notices() -> int:
    due = Notice.objects.filter(last_day__lt=TABLE["notice"].ended_before(timezone.localdate()))
    return sum(_drop("notice", due, pk) for pk in _first(due))


def _erase_subscriptions() -> int:
    due = Subscription.objects.filter(ended_at__lt=_day_of("subscription"))
    return sum(_drop("subscription", due, pk) for pk in _first(due))


def _day_of(code: str) -> datetime:
    day = TABLE[code].ended_before(timezone.localdate())
    return timezone.make_aware(datetime.combine(day, time.min))


def _first(due: QuerySet[Any]) -> list[int]:
    return list(due.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])


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
