"""Search in what was told: opened and looked through in slices of a second, newest first.

Runs in the office while the officer's keys are unlocked. What is looked for travels with each
slice and is kept nowhere; each report in which it is found is recorded as consulted.
"""

from __future__ import annotations

import json
import time
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.errors import DomainError
from portal.keyring import Unlocked
from portal.models import User
from portal.sealing import SealBroken
from reporting import envelopes, periods
from reporting.lifecycle import READABLE
from reporting.models import Kind, Report, Slot

# How long one slice works, and how many reports it fetches at once.
SECONDS = 0.8
BATCH = 100
# Letters that do not come apart into a plain one and its accent.
_LETTERS = str.maketrans(
    {"ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th", "ð": "d", "ħ": "h"}
)
# Keys of what is sealed whose values nobody told: ids, hashes, codes of the form.
_NOT_TOLD = frozenset(
    [
        "id",
        "uuid",
        "sha256",
        "view_sha256",
        "identity_sha256",
        "original",
        "view",
        "reporter_public",
        "reporter_verifier",
    ]
)
# Sensitive data (Directive (EU) 2016/680, Art. 10) may stand here, such as somebody's health:
# read with the report, never searched for.
NOT_SEARCHED = frozenset({"risk", "safe_times"})

TEXTS = (
    Kind.REPORT,
    Kind.MESSAGE,
    Kind.REPLY,
    Kind.NOTE,
    Kind.SANITISED,
    Kind.REFERRAL,
)


@dataclass(frozen=True)
class Choice:
    """Which reports are looked through."""

    since: date | None = None
    until: date | None = None
    status: str = ""
    category: str = ""

    def takes(self, report: Report) -> bool:
        return (
            report.status in READABLE
            and self.status in ("", report.status)
            and self.category in ("", report.category)
        )


@dataclass
class Hit:
    """A report in which it was found, and in which parts of it."""

    report: Report
    kinds: list[Kind] = field(default_factory=list)


@dataclass
class Slice:
    """What one slice found and where the next begins; `after=None` when all was looked through."""

    hits: list[Hit] = field(default_factory=list)
    looked: int = 0
    unreadable: int = 0
    after: UUID | None = None
    done: float = 1.0


def scan(
    *,
    text: str,
    choice: Choice,
    keys: Unlocked,
    by: User,
    reason: str,
    after: UUID | None = None,
    seconds: float = SECONDS,
) -> Slice:
    """One slice; the reason is asked for and recorded before anything is opened."""
    words = fold(text).split()
    if not words:
        raise DomainError(_("Type what you look for."))
    event = "text_searched" if after is None else "text_search_continued"
    audit.consult(target=by, by=by, reason=reason, event=event)
    found = _slice(words, choice, keys, by, after, time.monotonic() + seconds)
    audit.consult_all(
        targets=[hit.report for hit in found.hits], by=by, reason=reason, event="found_by_text"
    )
    return found


def fold(text: str) -> str:
    """Without accents and capitals, so that it is found however it was written."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())


def _slice(
    words: list[str], choice: Choice, keys: Unlocked, by: User, after: UUID | None, until: float
) -> Slice:
    found = Slice(after=after)
    while True:
        batch = _batch(choice, by, found.after)
        readable = _opened([report for report in batch if choice.takes(report)], keys)
        for report in batch:
            found.after = report.pk
            if choice.takes(report):
                _look(words, report, readable[report.pk], keys, found)
            if time.monotonic() >= until:
                found.done = _done(choice, report.pk)
                return found
        if len(batch) < BATCH:
            found.after = None
            return found


def _batch(choice: Choice, by: User, after: UUID | None) -> list[Report]:
    """The next reports by id alone: a filter that fits few would make the database search long."""
    reports = Report.objects.visible_to(by).filter(_period(choice))
    if after is not None:
        reports = reports.filter(id__lt=after)
    return list(reports.order_by("-id")[:BATCH])


def _period(choice: Choice) -> Q:
    since = periods.begin(choice.since) if choice.since else None
    before = periods.begin(choice.until + timedelta(days=1)) if choice.until else None
    return periods.between(since, before)


def _opened(reports: list[Report], keys: Unlocked) -> dict[UUID, list[Slot]]:
    slots = Slot.objects.filter(
        envelope__report__in=reports, envelope__kind__in=TEXTS, recipient__in=list(keys.seeds)
    ).select_related("envelope")
    by_report: dict[UUID, list[Slot]] = defaultdict(list)
    for slot in slots:
        by_report[slot.envelope.report_id].append(slot)
    return by_report


def _look(
    words: list[str], report: Report, slots: list[Slot], keys: Unlocked, found: Slice
) -> None:
    """All words have to stand in the report, its conversation and notes taken together."""
    found.looked += 1
    missing, kinds = set(words), []
    for slot in slots:
        try:
            told = fold(" ".join(told_in(envelopes.opened(slot.envelope, [slot], keys.seeds))))
        except (SealBroken, ValueError):
            found.unreadable += 1
            continue
        if here := {word for word in words if word in told}:
            missing -= here
            kinds.append(Kind(slot.envelope.kind))
    if not missing:
        found.hits.append(Hit(report, sorted(set(kinds), key=TEXTS.index)))


def told_in(plaintext: bytes) -> Iterator[str]:
    """Every text that somebody wrote in one sealed thing."""
    yield from _strings(json.loads(plaintext))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key not in _NOT_TOLD and key not in NOT_SEARCHED:
                yield from _strings(one)


def _done(choice: Choice, at: UUID) -> float:
    """How far the slice has come in time: reports are not counted."""
    ids = Report.objects.filter(_period(choice)).values_list("id", flat=True)
    first, last = ids.order_by("id").first(), ids.order_by("-id").first()
    if first is None or last is None:
        return 1.0
    hours = periods.hour_of(last) - periods.hour_of(first)
    return (periods.hour_of(last) - periods.hour_of(at)) / max(hours, 1)


def this_year() -> date:
    return timezone.localdate() - timedelta(days=365)
