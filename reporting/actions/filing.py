"""Filing a report: sealed, then written in one transaction by a role that can read nothing."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from portal import outbox, sealing
from portal.errors import AlreadyDone, DomainError
from portal.pins import PinsRefused
from portal.sealing import SealBroken
from reporting import clocks, envelopes, receipts
from reporting import content as contents
from reporting.models import Draft, DraftPart, Envelope, Firm, Kind, Report, Reporter, Slot
from reporting.models.reports import this_hour

log = logging.getLogger(__name__)
Chunks = Callable[[], Iterable[bytes]]
Made = tuple[Envelope, list[Slot]]

WITH_IDENTITY = ("confidential", "named")


class CannotSeal(DomainError):
    """Nothing can be sealed now; what was typed is still the caller's."""


@dataclass(frozen=True)
class KeptFile:
    """A file that was examined; its bytes come in pieces, no longer than PART each."""

    id: UUID
    name: str
    kind: str
    size: int
    sha256: str
    scan: str
    original: Chunks
    view: Chunks
    # The reporter's own words about it, and codes of what was remarked (file_words.NOTES).
    note: str = ""
    remarks: str = ""
    # What officers look at: jpeg, pdf or text; empty without a viewing copy.
    view_kind: str = ""


@dataclass(frozen=True)
class Filed:
    """What the reporter is shown once; the receipt is kept nowhere."""

    receipt: str
    reference: str


def file_report(
    *,
    content: dict[str, Any],
    identity: dict[str, Any] | None,
    files: Iterable[KeptFile] = (),
    firm_tag: str = "",
    draft_id: str = "",
) -> Filed:
    """Seal and write a report; AlreadyDone when its draft was filed before.

    CannotSeal when the pinned keys are not believed: nothing is written and the draft stays.
    """
    receipt = receipts.new()
    report = _report(content)
    kept = list(files)
    with sentence_when_unsealed():
        told = _identity(report, content, identity)
        with transaction.atomic():
            report.save(force_insert=True)
            Reporter.objects.create(
                report=report,
                tag=receipts.tag(receipt),
                public=sealing.public_of(receipts.seed(receipt)),
            )
            if firm_tag:
                Firm.objects.create(report=report, tag=firm_tag)
            listed = [sealed_file(report.id, one, unit=report.unit) for one in kept]
            write([_sealed(report, content, listed, receipt, told), *told])
            if draft_id:
                _end_draft(draft_id)
            outbox.enqueue_new(
                "reporting.received",
                key=f"reporting.received:{report.id}",
                since=report.received_hour,
                report_id=str(report.id),
            )
    return Filed(receipt, report.reference)


@contextmanager
def sentence_when_unsealed() -> Iterator[None]:
    """Turns what keeps this process from sealing into a sentence for the reporter."""
    try:
        yield
    except (PinsRefused, SealBroken) as error:
        log.error("nothing can be sealed: %s", error)
        raise CannotSeal(
            _(
                "We cannot take what you wrote just now, because it could not be protected. "
                "Nothing is lost: try again later, or call %(hotline)s."
            )
            % {"hotline": settings.BRAND["hotline"]}
        ) from error


def write(made: Iterable[Made]) -> None:
    """Add envelopes and their slots, in two statements."""
    made = list(made)
    Envelope.objects.bulk_create(envelope for envelope, _slots in made)
    Slot.objects.bulk_create(slot for _envelope, slots in made for slot in slots)


def sealed_file(report_id: UUID, file: KeptFile, *, unit: str) -> dict[str, Any]:
    """Seal and write a file piece by piece; what the content says of it."""
    seen = hashlib.sha256()
    told = {
        "id": str(file.id),
        "name": file.name,
        "kind": file.kind,
        "size": file.size,
        "sha256": file.sha256,
        "scan": file.scan,
        "note": file.note,
        "remarks": file.remarks,
        "view_kind": file.view_kind,
        "original": list(_pieces(report_id, Kind.PART, file.original(), unit)),
        "view": list(_pieces(report_id, Kind.VIEW, _through(seen, file.view()), unit)),
    }
    return told | {"view_sha256": seen.hexdigest()}


def _through(seen: Any, pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        seen.update(piece)
        yield piece


def _pieces(report_id: UUID, kind: Kind, pieces: Iterable[bytes], unit: str) -> Iterator[str]:
    for number, piece in enumerate(pieces, start=1):
        made = envelopes.sealed(report_id, kind, piece, unit=unit, version=number)
        write([made])
        yield str(made[0].id)


def _report(content: dict[str, Any]) -> Report:
    """The plain columns: nothing in them is finer than the hour."""
    what, about = content.get("what", {}), content.get("about", {})
    urgent = bool(what.get("happening_now") or about.get("at_risk"))
    through_work = bool(content.get("filed", {}).get("through_work"))
    hour = this_hour()
    due = clocks.at_filing(hour=hour, urgent=urgent, through_work=through_work)
    return Report(received_hour=hour, urgent=urgent, **due)


def _sealed(
    report: Report, content: dict[str, Any], files: list[Any], receipt: str, who: list[Made]
) -> Made:
    filed = {
        **content.get("filed", {}),
        "hour": report.received_hour.isoformat(),
        "reference": report.reference,
        "reporter_public": _text(sealing.public_of(receipts.seed(receipt))),
        "reporter_verifier": _text(sealing.verifier_of(receipts.signer(receipt))),
        # Another identity cannot take its place; of a ciphertext, this tells nothing.
        "identity_sha256": [hashlib.sha256(made.ciphertext).hexdigest() for made, _slots in who],
    }
    told = contents.dump({**content, "filed": filed, "files": files})
    return envelopes.sealed(report.id, Kind.REPORT, told, unit=report.unit)


def _identity(
    report: Report, content: dict[str, Any], identity: dict[str, Any] | None
) -> list[Made]:
    """Who reports, in an envelope of its own; whoever stays anonymous leaves none."""
    if not identity or content.get("about", {}).get("mode") not in WITH_IDENTITY:
        return []
    return [envelopes.sealed_identity(report.id, contents.dump(identity))]


def _end_draft(draft_id: str) -> None:
    """The draft goes with the filing, once; most have no files and take one statement."""
    mine = Draft.objects.filter(pk=draft_id)
    using = transaction.get_connection().alias
    if mine.filter(size=0)._raw_delete(using):
        return
    DraftPart.objects.filter(draft_id=draft_id).delete()
    if not mine._raw_delete(using):
        raise AlreadyDone(_("This report has been sent already."))


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()
