"""What a reporter is told: the state of the report and the officers' replies, found by the tag.

On PostgreSQL intake reads through two functions (reporting/functions.py) and selects nothing.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from portal import pins
from portal.errors import DomainError
from portal.pins import PinsRefused
from portal.sealing import SealBroken
from reporting import envelopes, receipts
from reporting.lifecycle import PLAIN, Plain, Status
from reporting.models import Envelope, Feedback, Firm, Kind, Report, Reporter, Slot

log = logging.getLogger(__name__)
ERASED = "erased"
PAGE = 50


@dataclass(frozen=True)
class Box:
    """One inbox as it lies in the database: nothing in it is opened."""

    report_id: UUID
    reference: str
    state: str  # one of Plain, or ERASED
    unit: str
    received_hour: datetime
    acknowledge_due: datetime | None
    acknowledged: bool
    feedback_due: datetime | None
    feedback_given: bool
    sealed: list[tuple[Envelope, Slot]] = field(repr=False, default_factory=list)

    @property
    def is_erased(self) -> bool:
        return self.state == ERASED

    @property
    def plain(self) -> Plain:
        return Plain.CLOSED if self.is_erased else Plain(self.state)

    @property
    def look_again(self) -> date | None:
        """When there may be something new: what is promised next, or in a week or two."""
        if self.plain == Plain.CLOSED:
            return None
        promised = [
            (self.acknowledge_due, self.acknowledged),
            (self.feedback_due, self.feedback_given),
        ]
        days = [timezone.localdate(due) for due, kept in promised if due and not kept]
        today = timezone.localdate()
        usual = timedelta(days=7 if self.plain == Plain.RECEIVED else 14)
        return min([day for day in days if day > today] + [today + usual])


@dataclass(frozen=True)
class Reply:
    """What an officer wrote, signed by the unit."""

    text: str
    at: datetime
    asks: bool = False


@dataclass(frozen=True)
class Read:
    """The replies that are ours, newest first; and how many were not."""

    replies: list[Reply]
    refused: int = 0
    # The pinned keys are not believed: nothing can be told apart now.
    is_blind: bool = False


@dataclass(frozen=True)
class FirmRow:
    """A report on a firm's behalf, as the firm is told of it."""

    reference: str
    received: date
    state: str
    feedback: str

    @property
    def plain(self) -> Plain:
        return Plain.CLOSED if self.state == ERASED else Plain(self.state)


def read(tag: str) -> Box | None:
    """The inbox under this tag; None when there is none."""
    if connection.vendor == "postgresql":
        return _box(_called("SELECT * FROM reporting_inbox(%s)", [tag]))
    return _box(_selected(tag))


def opened(box: Box, receipt: str) -> Read:
    """Open the replies by the receipt; what is not signed by a pinned unit is not shown."""
    try:
        pins.current()
    except PinsRefused as error:
        log.error("replies cannot be verified: %s", error)
        return Read([], is_blind=bool(box.sealed))
    found: list[Reply] = []
    seeds = {envelopes.reporter(b"").slot: receipts.seed(receipt)}
    for envelope, slot in box.sealed:
        try:
            found.append(_reply(envelope, envelopes.opened(envelope, [slot], seeds)))
        except (SealBroken, DomainError, ValueError, KeyError, TypeError):
            continue
    found.sort(key=lambda reply: reply.at, reverse=True)
    return Read(found, refused=len(box.sealed) - len(found))


def of_firm(tags: Sequence[str], *, before: str = "") -> list[FirmRow]:
    """A firm's reports, newest first, one page and one more; `before` is the last one shown."""
    if connection.vendor == "postgresql":
        rows = _called("SELECT * FROM reporting_of_firm(%s, %s)", [list(tags), before])
    else:
        rows = _firms(tags, before)
    return [
        FirmRow(
            reference=row["reference"],
            received=timezone.localdate(row["received_hour"]),
            state=row["state"],
            feedback=row["feedback"] or "",
        )
        for row in rows
    ]


# --- Rows -----------------------------------------------------------------------------------


def _called(sql: str, params: list[Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _selected(tag: str) -> list[dict[str, Any]]:
    """The same rows where nothing guards the tables."""
    reporter = Reporter.objects.select_related("report").filter(tag=tag).first()
    if reporter is None:
        return []
    report = reporter.report
    known = {
        "report_id": report.pk,
        "reference": report.reference,
        "state": state_of(report.status),
        "unit": report.unit,
        "received_hour": report.received_hour,
        "acknowledge_due": report.acknowledge_due,
        "acknowledged": report.acknowledged_at is not None,
        "feedback_due": report.feedback_due,
        "feedback_given": report.feedback_at is not None,
    }
    slots = Slot.objects.select_related("envelope").filter(
        envelope__report=report, envelope__kind=Kind.REPLY, recipient__startswith="reporter#"
    )
    rows = [
        known
        | {
            "envelope_id": slot.envelope_id,
            "version": slot.envelope.version,
            "ciphertext": slot.envelope.ciphertext,
            "signature": slot.envelope.signature,
            "signed_by": slot.envelope.signed_by,
            "created_hour": slot.envelope.created_hour,
            "recipient": slot.recipient,
            "sealed": slot.sealed,
        }
        for slot in slots
    ]
    return rows or [known | {"envelope_id": None}]


def _firms(tags: Iterable[str], before: str) -> list[dict[str, Any]]:
    mine = Firm.objects.filter(tag__in=list(tags))
    latest = Feedback.objects.filter(report=OuterRef("pk")).order_by("-id").values("code")[:1]
    reports = Report.objects.filter(pk__in=mine.values("report_id")).order_by("-id")
    if before:
        reports = reports.filter(id__lt=Subquery(reports.filter(reference=before).values("id")[:1]))
    found = reports.annotate(feedback_code=Subquery(latest))[: PAGE + 1]
    return [
        {
            "reference": report.reference,
            "received_hour": report.received_hour,
            "state": state_of(report.status),
            "feedback": report.feedback_code,
        }
        for report in found
    ]


def state_of(status: str) -> str:
    """What a reporter is told of a status."""
    return ERASED if status == Status.ERASED else str(PLAIN[Status(status)])


def _box(rows: list[dict[str, Any]]) -> Box | None:
    if not rows:
        return None
    shown = (name for name in Box.__dataclass_fields__ if name != "sealed")
    sealed = [_sealed(row) for row in rows if row["envelope_id"] is not None]
    return Box(**{name: rows[0][name] for name in shown}, sealed=sealed)


def _sealed(row: dict[str, Any]) -> tuple[Envelope, Slot]:
    envelope = Envelope(
        id=row["envelope_id"],
        report_id=row["report_id"],
        kind=Kind.REPLY,
        version=row["version"],
        ciphertext=row["ciphertext"],
        signature=row["signature"],
        signed_by=row["signed_by"],
        created_hour=row["created_hour"],
    )
    return envelope, Slot(envelope=envelope, recipient=row["recipient"], sealed=row["sealed"])


def _reply(envelope: Envelope, plaintext: bytes) -> Reply:
    told = json.loads(plaintext)
    try:
        at = datetime.fromisoformat(told["at"])
    except (KeyError, TypeError, ValueError):
        at = envelope.created_hour
    return Reply(text=str(told["text"]), at=at, asks=told.get("asks") is True)
