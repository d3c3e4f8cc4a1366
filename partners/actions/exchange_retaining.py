"""The daily run that reviews and erases exchanges by the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from partners import exchange_lifecycle as lifecycle
from partners import exchange_retention as retention
from partners.exchange_lifecycle import Status
from partners.models import (
    Exchange,
    ExchangeEnvelope,
    ExchangeHold,
    ExchangeRetentionRun,
    ExchangeSlot,
    ExchangeTombstone,
)
from portal import audit
from portal.models import User
from portal.models.audit import AuditKind
from portal.retention import Cursor, Decision, count, work

BATCH = 100
# A run stops after so long and goes on at the next call, so no worker is killed for it.
SECONDS = 60.0
ENDED = (Status.CLOSED, Status.RETENTION_REVIEW)

# What is only about an exchange that is worked on, or leads to the case it was about. What stays
# says that an exchange of this type was had with this partner, under which law and when.
BLANK: dict[str, Any] = {
    "their_reference": "",
    "channel_reference": "",
    "report_id": None,
    "report_reference": "",
    "responsible": None,
    "refusal_ground": "",
    "onward_consent": "",
    "onward_uses": [],
    "onward_at": None,
    "source_withdrawn_at": None,
    "outcome": "",
    "outcome_at": None,
    "review_due": None,
    "due_at": None,
    "reminded_at": None,
    "late_told_at": None,
}


def retain(*, day: date, dry: bool = False, seconds: float = SECONDS) -> ExchangeRetentionRun:
    """Do a day's work, or go on with it; dry, say what would be done and change no exchange."""
    return work(ExchangeRetentionRun, STEPS, day=day, dry=dry, seconds=seconds)


def _undated(run: ExchangeRetentionRun) -> Iterator[Cursor]:
    """Those that nobody gave a date of review."""
    found = Exchange.objects.filter(status__in=ENDED, review_due=None)
    if run.after_id is not None:
        found = found.filter(uuid__gt=run.after_id)
    return _batch(run, found.order_by("uuid"))


def _due(run: ExchangeRetentionRun) -> Iterator[Cursor]:
    """Those whose date has come."""
    found = Exchange.objects.filter(status__in=ENDED, review_due__lte=run.day)
    if run.after_due is not None:
        found = found.filter(
            Q(review_due__gt=run.after_due) | Q(review_due=run.after_due, uuid__gt=run.after_id)
        )
    return _batch(run, found.order_by("review_due", "uuid"))


STEPS = (_undated, _due)


def _batch(run: ExchangeRetentionRun, found: QuerySet[Exchange]) -> Iterator[Cursor]:
    exchanges = list(found.select_for_update(of=("self",))[:BATCH])
    # Read after the lock: whoever places a hold takes it too.
    held = set(
        ExchangeHold.objects.filter(exchange__in=exchanges, lifted_at=None).values_list(
            "exchange_id", flat=True
        )
    )
    table, counts = retention.rules(), Counter[tuple[str, str]]()
    for exchange in exchanges:
        seen: Cursor = (exchange.review_due, exchange.uuid)
        decision = retention.decide(exchange, held=exchange.pk in held, today=run.day, table=table)
        if not run.dry:
            _apply(exchange, decision)
        counts[decision.rule, decision.what] += 1
        yield seen
    count(run, counts)


def _apply(exchange: Exchange, decision: Decision) -> None:
    if decision.what in ("dated", "postponed"):
        exchange.review_due = decision.due
        exchange.save(update_fields=["review_due"])
    elif decision.what == "review":
        send_to_review(exchange, decision, None)
    elif decision.what == "erased":
        erase(exchange=exchange, rule=decision.rule)


def send_to_review(exchange: Exchange, decision: Decision, by: User | None) -> None:
    exchange.status = lifecycle.after("review", exchange.direction, exchange.status)
    exchange.review_due = decision.due
    exchange.save(update_fields=["status", "review_due"])
    audit.record(
        "retention_reviewed",
        target=exchange,
        by=by,
        rule=decision.rule,
        erased_on=decision.due.isoformat() if decision.due else "",
    )


def erase(*, exchange: Exchange, rule: str) -> None:
    """Everything that was said goes; a tombstone says that it was there.

    The role that does it may not read what it deletes: only keys are asked for. Slots go first:
    without them nothing opens the rest, whatever is left of a broken disk.
    """
    ExchangeSlot.objects.filter(envelope__exchange=exchange).only("pk").delete()
    ExchangeEnvelope.objects.filter(exchange=exchange).only("pk").delete()
    ExchangeHold.objects.filter(exchange=exchange).only("pk").delete()
    exchange.status = lifecycle.after("erase", exchange.direction, exchange.status)
    for column, value in BLANK.items():
        setattr(exchange, column, value)
    exchange.save(update_fields=["status", *BLANK])
    ExchangeTombstone.objects.get_or_create(
        exchange_uuid=exchange.uuid, defaults={"reference": exchange.reference, "rule": rule}
    )
    audit.record("erased", target=exchange, by=None, kind=AuditKind.ERASURE, rule=rule)
