"""Seals over the audit record: each vouches for committed events and for the seal before it.

Sealing runs beside the work, never inside it: an event costs one INSERT, and a seal a minute
later takes what has been committed since. Ids are given out before commit, so a seal may pass an
id whose event is not there yet; it is *awaited* and goes into a later seal. After a day it is
taken for the trace of a transaction that rolled back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from portal import timestamps, triggers
from portal.models import AuditEvent, AuditExpiry, AuditSeal, AuditStamp

SEGMENT = 5_000
AWAITED_FOR = timedelta(days=1)
STAMP_EVERY = timedelta(hours=24)
# What the first seal says of the one before it.
NOTHING = "0" * 64

Range = tuple[int, int]


# --- Sealing --------------------------------------------------------------------------------


def seal_committed() -> int:
    """Seal everything that is committed and not yet sealed; returns how many events."""
    total = 0
    while count := seal_segment():
        total += count
    return total


def seal_segment() -> int:
    """Add one seal over at most SEGMENT new events and what was awaited; 0 when there is none."""
    last = AuditSeal.objects.order_by("sequence").last()
    passed = last.passed if last else 0
    fresh = list(AuditEvent.objects.filter(pk__gt=passed).order_by("pk")[:SEGMENT])
    late = list(events_in((first, end) for first, end, _ in (last.awaited if last else [])))
    events = late + fresh
    if not events:
        return 0
    now = timezone.now()
    covered = ranges_of(event.pk for event in events)
    seal = AuditSeal(
        sequence=last.sequence + 1 if last else 1,
        covered=covered,
        awaited=_awaited(last, covered, now),
        passed=fresh[-1].pk if fresh else passed,
        count=len(events),
        digest=digest_of(events),
        previous_hash=last.hash if last else NOTHING,
        sealed_at=now,
    )
    seal.hash = hash_of(seal)
    try:
        with transaction.atomic():
            seal.save(force_insert=True)
    except IntegrityError:
        # Another worker sealed at the same moment; the sequence is given out once.
        return 0
    return len(events)


def ranges_of(ids: Iterable[int]) -> list[Range]:
    """Ascending ids as inclusive ranges."""
    ranges: list[Range] = []
    for number in ids:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return ranges


def _awaited(last: AuditSeal | None, covered: list[Range], now: datetime) -> list[list[Any]]:
    """What this seal passes without having seen: old gaps that stay open, and new ones."""
    passed = last.passed if last else 0
    before: list[list[Any]] = []
    for first, end, since in last.awaited if last else []:
        if now - datetime.fromisoformat(since) < AWAITED_FOR:
            found = [r for r in covered if r[0] <= end and r[1] >= first]
            before += [[*gap, since] for gap in _gaps((first - 1, first - 1), found, end)]
    fresh = [r for r in covered if r[0] > passed]
    gaps = _gaps((passed, passed), fresh, fresh[-1][1]) if fresh else []
    return before + [[*gap, now.isoformat()] for gap in gaps]


def _gaps(before: Range, ranges: list[Range], end: int) -> list[Range]:
    """The ids after `before`, up to `end`, that no range holds."""
    edges = [before, *ranges, (end + 1, end + 1)]
    return [(a[1] + 1, b[0] - 1) for a, b in pairwise(edges) if b[0] - a[1] > 1]


def events_in(ranges: Iterable[Iterable[int]]) -> Iterator[AuditEvent]:
    """The events that exist in these ranges, by id; asked for in few queries."""
    wanted = [Q(pk__range=(first, end)) for first, end in ranges]
    for start in range(0, len(wanted), 200):
        query = reduce(or_, wanted[start : start + 200])
        yield from AuditEvent.objects.filter(query).order_by("pk").iterator(chunk_size=2000)


def digest_of(events: Iterable[AuditEvent]) -> str:
    """One hash over these events, every field of each."""
    digest = hashlib.sha256()
    for event in events:
        line = _canonical(
            [
                event.pk,
                event.event,
                event.kind,
                event.actor,
                event.target_type,
                event.target_id,
                event.organisation_id,
                event.reason,
                event.facts,
                _instant(event.at),
            ]
        )
        digest.update(hashlib.sha256(line).digest())
    return digest.hexdigest()


def hash_of(seal: AuditSeal) -> str:
    """What the next seal and the time stamp hold on to."""
    fields = [
        seal.sequence,
        seal.covered,
        seal.awaited,
        seal.passed,
        seal.count,
        seal.digest,
        seal.previous_hash,
        _instant(seal.sealed_at),
    ]
    return hashlib.sha256(_canonical(fields)).hexdigest()


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


# --- Time stamps ----------------------------------------------------------------------------


def stamp_head() -> AuditStamp | None:
    """Have the newest seal time-stamped, once a day; None when there is nothing to stamp yet.

    Raises when no time stamp can be had: the next run tries again.
    """
    seal = AuditSeal.objects.order_by("sequence").last()
    newest = AuditStamp.objects.order_by("sequence").last()
    if seal is None or (newest and newest.sequence >= seal.sequence):
        return None
    if newest and timezone.now() - newest.stamped_at < STAMP_EVERY - timedelta(minutes=30):
        return None
    digest = bytes.fromhex(seal.hash)
    token = timestamps.at_once(timestamps.client().async_timestamp(digest, "sha256"))
    return AuditStamp.objects.get_or_create(
        sequence=seal.sequence, defaults={"token": token.dump()}
    )[0]


# --- Expiry ---------------------------------------------------------------------------------


def expire(*, rule: str = "audit") -> int:
    """Drop the events of whole seals past their time; the seals stay. Returns how many events.

    On PostgreSQL only the retention role may do this (`manage.py database_roles`).
    """
    before = timezone.now() - timedelta(days=settings.RETENTION_DAYS[rule])
    expired = AuditExpiry.objects.values("sequence")
    seals = AuditSeal.objects.filter(sealed_at__lt=before).exclude(sequence__in=expired)
    dropped = 0
    for seal in seals.order_by("sequence").iterator():
        with transaction.atomic():
            AuditExpiry.objects.create(sequence=seal.sequence, rule=rule)
            dropped += _drop(AuditEvent.objects.filter(_within(seal)))
    return dropped


def _within(seal: AuditSeal) -> Q:
    return reduce(or_, [Q(pk__range=(first, end)) for first, end in seal.covered])


def _drop(events: QuerySet[AuditEvent]) -> int:
    if connection.vendor == "postgresql":
        return events.delete()[0]
    # SQLite knows no roles: its trigger steps aside within this transaction.
    with connection.cursor() as cursor:
        for statement in triggers.remove_sql(connection.vendor):
            cursor.execute(statement)
        dropped = events.delete()[0]
        for statement in triggers.install_sql(connection.vendor):
            cursor.execute(statement)
    return dropped
