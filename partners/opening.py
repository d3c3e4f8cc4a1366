"""Opening an exchange: the reason first, then what it says and what went to and fro.

Nothing is decrypted before the reason stands in the audit record. Without one, or without the
right, it is refused, and the refusal is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from partners import envelopes
from partners import exchange_permissions as permissions
from partners.models import Exchange, ExchangeEnvelope, ExchangeSlot, LeavesAs, SealedKind
from portal import audit, reasons, slots
from portal.errors import DomainError, NotAllowed
from portal.keyring import Unlocked
from portal.models import User
from portal.models.audit import AuditKind
from portal.sealing import SealBroken

_SESSION = "opened_exchanges"


class NoReason(DomainError):
    """Nobody reads an exchange without saying why."""


@dataclass(frozen=True)
class Entry:
    """One sealed text; `broken` when it does not open or is not signed by us."""

    id: UUID
    kind: str
    version: int
    at: datetime
    author_id: int
    told: dict[str, Any] = field(repr=False, default_factory=dict)
    broken: bool = False

    @property
    def verb(self) -> str:
        return str(self.told.get("verb", ""))


@dataclass(frozen=True)
class Opened:
    """An exchange as an officer reads it."""

    entries: list[Entry] = field(repr=False)

    def latest(self, kind: str) -> Entry | None:
        of_kind = [one for one in self.entries if one.kind == kind]
        return max(of_kind, key=lambda one: one.version, default=None)

    @property
    def content(self) -> dict[str, Any]:
        """The wording that stands; empty where it does not open."""
        found = self.latest(SealedKind.CONTENT)
        return found.told if found else {}

    @property
    def ours(self) -> dict[str, Entry]:
        """What we say, of each kind as it was last worded; by what is sealed, not by a column."""
        found = [one for one in self.entries if one.kind == SealedKind.ANSWER and not one.broken]
        # What was written before words left as anything else is an answer.
        by_version = sorted(found, key=lambda one: one.version)
        return {str(one.told.get("leaves_as", LeavesAs.ANSWER)): one for one in by_version}

    @property
    def answer(self) -> dict[str, Any]:
        """Our answer, as it was last worded."""
        found = self.ours.get(LeavesAs.ANSWER)
        return found.told if found else {}

    @property
    def words(self) -> list[Entry]:
        return [one for one in self.entries if one.kind == SealedKind.WORD]

    @property
    def files(self) -> list[dict[str, Any]]:
        """Of the request, of answers and of every word, each with what it came with."""
        told = [self.content, self.answer, *(one.told for one in self.words)]
        return [file for one in told for file in one.get("files", [])]

    def texts_with(self, file_id: str) -> list[Entry]:
        """The texts as they stand that this file goes along with."""
        stand = [self.latest(SealedKind.CONTENT), *self.ours.values(), *self.words]
        return [
            one
            for one in stand
            if one and any(file.get("id") == file_id for file in one.told.get("files", []))
        ]

    @property
    def is_broken(self) -> bool:
        return any(one.broken for one in self.entries)


def open_exchange(*, exchange: Exchange, keys: Unlocked, by: User, reason: str) -> Opened:
    """Record who opens it and why, then open it.

    Not for use inside a transaction: a refusal has to stay recorded.
    """
    if not permissions.can_open(by, exchange):
        refuse(exchange, by, why="right")
        raise NotAllowed(_("There is no such exchange."))
    reason = reasoned(exchange, by, reason)
    audit.consult(target=exchange, by=by, reason=reason, event="opened")
    return read(exchange, keys)


def reasoned(exchange: Exchange, by: User, reason: str) -> str:
    """The reason on one line, where it is one; that it was missing is recorded."""
    reason = " ".join(reason.split())
    if len(reason) < reasons.LENGTH:
        refuse(exchange, by, why="reason")
        raise NoReason(
            _("Give the reason for which you open this, in %(count)d characters or more.")
            % {"count": reasons.LENGTH}
        )
    return reason


def refuse(exchange: Exchange, by: User, *, why: str) -> None:
    """Record that somebody tried: without a `reason`, or without the `right` to."""
    audit.record("opening_refused", target=exchange, by=by, kind=AuditKind.CONSULTATION, why=why)


def remember(session: reasons.Session, exchange: Exchange) -> None:
    reasons.remember(session, _SESSION, exchange.uuid)


def is_remembered(session: reasons.Session, exchange: Exchange) -> bool:
    return reasons.is_remembered(session, _SESSION, exchange.uuid)


def read(exchange: Exchange, keys: Unlocked) -> Opened:
    """Open every text; the caller has made sure of right and reason."""
    rows = list(exchange.envelopes.exclude(kind=SealedKind.FILE).order_by("created_at", "version"))
    found = _slots(rows, keys)
    return Opened([_entry(row, found[row.pk], keys) for row in rows])


def file_of(exchange: Exchange, file: dict[str, Any], keys: Unlocked) -> bytes:
    """The bytes of one attachment, as the text that names it says they are."""
    row = exchange.envelopes.filter(kind=SealedKind.FILE, pk=file["id"]).first()
    if row is None:
        raise SealBroken("The file is missing.")
    content = envelopes.opened(row, _slots([row], keys)[row.pk], keys)
    if sha256(content).hexdigest() != file.get("sha256"):
        raise SealBroken("The file is not the one that came with it.")
    return content


def _slots(rows: Iterable[ExchangeEnvelope], keys: Unlocked) -> dict[UUID, list[ExchangeSlot]]:
    return slots.by_envelope(ExchangeSlot.objects.all(), rows, keys.seeds)


def _entry(row: ExchangeEnvelope, found: list[ExchangeSlot], keys: Unlocked) -> Entry:
    about = (row.id, row.kind, row.version, row.created_at, row.author_id)
    try:
        return Entry(*about, told=envelopes.words(envelopes.opened(row, found, keys)))
    except SealBroken:
        return Entry(*about, broken=True)
