"""Whether the audit record is what was once sealed: every seal, event and time stamp again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from asn1crypto import cms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from portal import audit_chain, timestamps
from portal.models import AuditEvent, AuditExpiry, AuditSeal, AuditStamp


@dataclass
class Report:
    """What was found; the record is good when nothing was."""

    findings: list[str] = field(default_factory=list)
    seals: int = 0
    sealed: int = 0
    expired: int = 0
    unsealed: int = 0
    stamps: int = 0
    stamped_until: datetime | None = None
    head: str = ""

    @property
    def good(self) -> bool:
        return not self.findings


def verify(*, expected_head: str = "") -> Report:
    """Check everything that seals vouch for; `expected_head` is one noted elsewhere earlier.

    Only what the newest seal of this moment has passed is looked at, so work may go on meanwhile.
    """
    report = Report()
    last = AuditSeal.objects.order_by("sequence").last()
    passed = last.passed if last else 0
    report.unsealed = AuditEvent.objects.filter(pk__gt=passed).count()
    if last is not None:
        seals = AuditSeal.objects.filter(sequence__lte=last.sequence).order_by("sequence")
        report.findings += _links(report, seals)
        report.findings += _events(report, seals)
        report.findings += _strangers(report, seals, last)
    report.findings += _stamps(report)
    if expected_head and not _seal_exists(expected_head):
        report.findings.append(_("The head that was noted elsewhere is not here."))
    return report


def _links(report: Report, seals: QuerySet[AuditSeal]) -> Iterator[str]:
    """Each seal by itself, and its hold on the one before."""
    previous, number = audit_chain.NOTHING, 0
    for seal in seals.iterator():
        number += 1
        if seal.sequence != number:
            yield _("Seal {number} is missing.").format(number=number)
            number = seal.sequence
        if seal.hash != audit_chain.hash_of(seal):
            yield _("Seal {number} was altered.").format(number=number)
        if seal.previous_hash != previous:
            yield _("Seal {number} does not follow the seal before it.").format(number=number)
        previous = seal.hash
        report.seals += 1
        report.head = f"{seal.sequence}:{seal.hash}"


def _events(report: Report, seals: QuerySet[AuditSeal]) -> Iterator[str]:
    """The events of each seal, unless it has expired."""
    expired = set(AuditExpiry.objects.values_list("sequence", flat=True))
    for seal in seals.iterator():
        found = list(audit_chain.events_in(seal.covered))
        number = seal.sequence
        if number in expired:
            expired.remove(number)
            report.expired += seal.count
            if found:
                yield _("Seal {number} has expired, but {count} of its events are here.").format(
                    number=number, count=len(found)
                )
            continue
        report.sealed += len(found)
        if len(found) < seal.count:
            yield _("Of seal {number}, these events were removed: {ids}.").format(
                number=number, ids=_missing(seal, found)
            )
        elif audit_chain.digest_of(found) != seal.digest:
            yield _("Among events {ids}, sealed by {number}, at least one was altered.").format(
                number=number, ids=_ids(seal.covered)
            )
    for number in sorted(expired):
        yield _("The seal {number} of expired events is missing.").format(number=number)


def _strangers(report: Report, seals: QuerySet[AuditSeal], last: AuditSeal) -> Iterator[str]:
    """Events below the newest seal that no seal vouches for: late ones, or slipped in."""
    below = AuditEvent.objects.filter(pk__lte=last.passed)
    extra = below.count() - report.sealed
    if not extra:
        return
    late = [(first, end) for first, end, _since in last.awaited]
    report.unsealed += sum(1 for _event in audit_chain.events_in(late))
    known = sorted(late + [(a, b) for seal in seals.iterator() for a, b in seal.covered])
    starts = [first for first, _end in known]
    ids = below.order_by("pk").values_list("pk", flat=True).iterator()
    strangers = audit_chain.ranges_of(
        pk for pk in ids if not ((at := bisect_right(starts, pk)) and known[at - 1][1] >= pk)
    )
    if strangers:
        yield _("These events were inserted later: {ids}.").format(ids=_ids(strangers))


def _stamps(report: Report) -> Iterator[str]:
    """Each time stamp over the hash of the seal it names."""
    stamps = AuditStamp.objects.order_by("sequence")
    stamped = AuditSeal.objects.filter(sequence__in=stamps.values("sequence"))
    hashes = dict(stamped.values_list("sequence", "hash"))
    for stamp in stamps.iterator():
        number = stamp.sequence
        if number not in hashes:
            yield _("The time-stamped seal {number} is missing.").format(number=number)
            continue
        try:
            digest = bytes.fromhex(hashes[number])
            at = timestamps.at_once(_stamped_at(bytes(stamp.token), digest))
        except ValueError as error:
            yield _("The time stamp of seal {number} is wrong: {cause}.").format(
                number=number, cause=error
            )
            continue
        report.stamps += 1
        report.stamped_until = max(at, report.stamped_until or at)


async def _stamped_at(token: bytes, digest: bytes) -> datetime:
    """When the authority saw this digest; ValueError when it did not."""
    try:
        signed = cms.ContentInfo.load(token, strict=True)["content"]
        at: datetime = signed["encap_content_info"]["content"].parsed["gen_time"].native
        # Judged as of its own time: certificates of authorities do run out.
        context = ValidationContext(
            trust_roots=timestamps.roots(), moment=at, revocation_mode="soft-fail"
        )
        found = await validate_tst_signed_data(signed, context, lambda algorithm: digest)
    except Exception as error:  # whatever a forged token sets off while it is read
        raise ValueError(_("it cannot be read")) from error
    status = TimestampSignatureStatus(**found)
    if not (status.valid and status.intact):
        raise ValueError(_("it is over something else"))
    if not status.trusted:
        raise ValueError(_("its authority is not trusted"))
    return at


def _seal_exists(head: str) -> bool:
    sequence, _colon, value = head.partition(":")
    return sequence.isdigit() and AuditSeal.objects.filter(sequence=sequence, hash=value).exists()


def _missing(seal: AuditSeal, found: list[AuditEvent]) -> str:
    here = {event.pk for event in found}
    wanted = (pk for first, end in seal.covered for pk in range(first, end + 1))
    return _ids(audit_chain.ranges_of(pk for pk in wanted if pk not in here))


def _ids(ranges: Iterable[Iterable[int]]) -> str:
    return ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in ranges)
