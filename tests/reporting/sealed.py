"""Reports as intake leaves them, sealed to the desk of the test."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from reporting import content as contents
from reporting import envelopes
from reporting.models import Envelope, Kind, Report
from reporting.models.reports import new_id, new_reference
from reporting.periods import first_id


def told(narrative: str = "Boxes were moved at night.", **parts: Any) -> dict[str, Any]:
    """The content of a report that says this."""
    what = {"narrative": narrative, **parts.pop("what", {})}
    filed = {"hour": "2026-11-25T10:00:00+00:00", "language": "en", "channel": "public"}
    return {"version": 1, "filed": filed, "what": what, **parts}


def make_report(
    content: dict[str, Any] | None = None, *, at: datetime | None = None, **columns: Any
) -> Report:
    """A report with its envelope; `at` says when it came."""
    report_id = new_id()
    if at is not None:
        report_id = UUID(int=first_id(at).int | (report_id.int & (1 << 96) - 1))
        columns.setdefault("received_hour", at)
    columns.setdefault("reference", new_reference())
    report = Report.objects.create(id=report_id, **columns)
    add(report, Kind.REPORT, contents.dump(content or told()))
    return report


def add(report: Report, kind: Kind, plaintext: bytes, **about: Any) -> Envelope:
    """One more sealed thing of this report."""
    envelope, slots = envelopes.sealed(report.pk, kind, plaintext, unit=report.unit, **about)
    envelope.save(force_insert=True)
    for slot in slots:
        slot.save(force_insert=True)
    return envelope


def make_report_by(identity: bytes) -> Report:
    """A report whose reporter has said who they are."""
    report = Report.objects.create(id=new_id(), reference=new_reference())
    envelope = add_identity(report, identity)
    content = told()
    content["filed"]["identity_sha256"] = [sha256(envelope.ciphertext).hexdigest()]
    add(report, Kind.REPORT, contents.dump(content))
    return report


def add_identity(report: Report, plaintext: bytes) -> Envelope:
    """Who reported, for custodian and supervisor together."""
    envelope, slots = envelopes.sealed_identity(report.pk, plaintext)
    envelope.save(force_insert=True)
    for slot in slots:
        slot.save(force_insert=True)
    return envelope
