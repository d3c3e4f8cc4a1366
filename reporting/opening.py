"""Opening a report: the reason first, then what was told, what was said since, what was noted.

Nothing is decrypted before the reason stands in the audit record. Without one, or without the
right, it is refused, and the refusal is recorded. A reason holds for one report, for half an hour,
in this session at the desk.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit, reasons, slots
from portal.errors import DomainError, NotAllowed
from portal.keyring import Unlocked
from portal.models import User
from portal.models.audit import AuditKind
from portal.sealing import SealBroken
from reporting import content as contents
from reporting import envelopes, links, permissions
from reporting.content import Content
from reporting.models import Envelope, Kind, Report, Slot

REASON_LENGTH, HOLDS_SECONDS = reasons.LENGTH, reasons.HOLDS_SECONDS
_SESSION = "opened"
CONVERSATION = (Kind.MESSAGE, Kind.REPLY)
# Read with the report; files are read when somebody asks for one.
TEXTS = (Kind.REPORT, *CONVERSATION, Kind.NOTE, Kind.SANITISED, Kind.REFERRAL)


class NoReason(DomainError):
    """Nobody reads a report without saying why."""


@dataclass(frozen=True)
class Entry:
    """One sealed text of a report; `broken` when it does not open or is not signed by us."""

    id: UUID
    kind: str
    version: int
    hour: datetime
    author_id: int | None
    told: dict[str, Any] = field(repr=False, default_factory=dict)
    broken: bool = False
    # By the unit, and it was looked at.
    signed: bool = False

    @property
    def at(self) -> datetime:
        """When it was written, to the second where an officer wrote it."""
        try:
            return datetime.fromisoformat(self.told["at"])
        except (KeyError, TypeError, ValueError):
            return self.hour


@dataclass(frozen=True)
class Opened:
    """A report as an officer reads it."""

    content: Content = field(repr=False)
    entries: list[Entry] = field(repr=False)

    def of(self, *kinds: str) -> list[Entry]:
        return [entry for entry in self.entries if entry.kind in kinds]

    @property
    def is_broken(self) -> bool:
        return any(entry.broken for entry in self.entries)

    @property
    def conversation(self) -> list[Entry]:
        """In the order in which both sides read it.

        A message tells no time finer than the hour, but how many replies had come before it.
        """
        replies = sorted(self.of(Kind.REPLY), key=lambda entry: entry.at)
        places = {reply.id: (place, 0, reply.at) for place, reply in enumerate(replies, start=1)}
        for message in self.of(Kind.MESSAGE):
            before = message.told.get("after")
            if not isinstance(before, int):
                before = sum(reply.at <= message.hour for reply in replies)
            places[message.id] = (before, 1, message.hour)
        return sorted(self.of(*CONVERSATION), key=lambda entry: places[entry.id])

    @property
    def notes(self) -> list[Entry]:
        return self.of(Kind.NOTE)

    @property
    def sanitised(self) -> Entry | None:
        """The latest version without clues to the source."""
        whole = [entry for entry in self.of(Kind.SANITISED) if not entry.broken]
        return max(whole, key=lambda entry: entry.version, default=None)

    @property
    def categories(self) -> dict[int, str]:
        """Person, by place in the report → category, as an officer last assessed it."""
        return {
            note.told["person"]: note.told["category"]
            for note in self.notes
            if isinstance(note.told.get("person"), int)
        }

    def file(self, file_id: UUID) -> dict[str, Any] | None:
        """What is known of one file, of the report or of a later message."""
        told = [self.content, *(entry.told for entry in self.of(Kind.MESSAGE))]
        files = [found for one in told for found in one.get("files", [])]
        return next((found for found in files if found.get("id") == str(file_id)), None)


# --- The reason -------------------------------------------------------------------------------


def open_report(*, report: Report, keys: Unlocked, by: User, reason: str) -> Opened:
    """Record who opens it and why, then open it.

    Not for use inside a transaction: a refusal has to stay recorded.
    """
    if not permissions.can_open(by, report):
        refuse(report, by, why="right")
        raise NotAllowed(_("There is no such report."))
    reason = " ".join(reason.split())
    if len(reason) < REASON_LENGTH:
        refuse(report, by, why="reason")
        raise NoReason(
            _("Give the reason for which you open this report, in %(count)d characters or more.")
            % {"count": REASON_LENGTH}
        )
    audit.consult(target=report, by=by, reason=reason, event="opened")
    found = read(report, keys)
    if report.opened_at is None:
        _enter(report, found, keys)
    return found


def refuse(report: Report, by: User, *, why: str) -> None:
    """Record that somebody tried: without a `reason`, the `right` to, or despite a `conflict`."""
    audit.record("opening_refused", target=report, by=by, kind=AuditKind.CONSULTATION, why=why)


@transaction.atomic
def _enter(report: Report, found: Opened, keys: Unlocked) -> None:
    """At the first opening: its identifiers go into the blind index."""
    links.write(report, found.content, keys)
    report.opened_at = timezone.now()
    Report.objects.filter(pk=report.pk, opened_at=None).update(opened_at=report.opened_at)


def remember(session: MutableMapping[str, Any], report: Report) -> None:
    reasons.remember(session, _SESSION, report.pk)


def is_remembered(session: MutableMapping[str, Any], report: Report) -> bool:
    return reasons.is_remembered(session, _SESSION, report.pk)


# --- What is sealed ---------------------------------------------------------------------------


def read(report: Report, keys: Unlocked) -> Opened:
    """Open every text; the caller has made sure of right and reason."""
    rows = list(Envelope.objects.filter(report=report, kind__in=TEXTS).order_by("created_hour"))
    found = _slots(rows, keys)
    content = _content(rows, found, keys)
    verifier = _verifier(content)
    entries = [_entry(row, found[row.pk], keys, verifier) for row in rows]
    return Opened(content, sorted(entries, key=lambda entry: entry.at))


def told(report: Report, keys: Unlocked) -> Content:
    """What was told and nothing besides; SealBroken when it does not open."""
    row = Envelope.objects.filter(report=report, kind=Kind.REPORT).first()
    if row is None:
        raise SealBroken("There is nothing to open.")
    return contents.load(envelopes.opened(row, _slots([row], keys)[row.pk], keys.seeds))


def pieces(report: Report, ids: Iterable[str], keys: Unlocked) -> Iterator[bytes]:
    """The bytes of a file, envelope by envelope in the order that the report names them."""
    for envelope_id in ids:
        row = Envelope.objects.filter(
            report=report, pk=envelope_id, kind__in=(Kind.PART, Kind.VIEW)
        ).first()
        if row is None:
            raise SealBroken("A part of the file is missing.")
        yield envelopes.opened(row, _slots([row], keys)[row.pk], keys.seeds)


def copy_of(report: Report, file: dict[str, Any], copy: str, keys: Unlocked) -> Iterator[bytes]:
    """The `original` of a file or the `view`; SealBroken at its end if it is not what was sent.

    Anybody can seal to the unit: that it is the reporter's file, only the report itself says.
    """
    digest = hashlib.sha256()
    for piece in pieces(report, file[copy], keys):
        digest.update(piece)
        yield piece
    if digest.hexdigest() != file.get("sha256" if copy == "original" else "view_sha256"):
        raise SealBroken("The file is not the one that came with the report.")


def _slots(rows: Iterable[Envelope], keys: Unlocked) -> dict[UUID, list[Slot]]:
    return slots.by_envelope(Slot.objects.all(), rows, keys.seeds)


def _content(rows: Iterable[Envelope], found: dict[UUID, list[Slot]], keys: Unlocked) -> Content:
    """What was told; empty when it does not open, which the page says."""
    for row in rows:
        if row.kind == Kind.REPORT:
            try:
                return contents.load(envelopes.opened(row, found[row.pk], keys.seeds))
            except (SealBroken, contents.NotAReport):
                return {}
    return {}


def _verifier(content: Content) -> bytes | None:
    """What the reporter's later messages are signed by."""
    try:
        return envelopes.reporter_verifier(content)
    except (KeyError, ValueError):
        return None


def _entry(row: Envelope, found: list[Slot], keys: Unlocked, verifier: bytes | None) -> Entry:
    known = (row.pk, row.kind, row.version, row.created_hour, row.author_id)
    if row.kind == Kind.MESSAGE and verifier is None:
        # The report does not open: nobody can tell whether its reporter wrote this.
        return Entry(*known, broken=True)
    try:
        told = json.loads(envelopes.opened(row, found, keys.seeds, verifier=verifier))
    except (SealBroken, DomainError, ValueError):
        return Entry(*known, broken=True)
    told = told if isinstance(told, dict) else {}
    return Entry(*known, told=told, signed=row.signed_by.startswith("unit:"))
