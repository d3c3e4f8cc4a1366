"""The blind index: the same container, plate or EORI in two reports, found without reading either.

A digest tells nothing without the index key, which only an unlocked desk holds. It is written when
a report is first opened, so reports that nobody has opened are not found.
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import audit
from portal.errors import DomainError
from portal.keyring import Locked, Unlocked
from portal.models import User
from portal.models.audit import AuditKind
from reporting import content as contents
from reporting.content import Content
from reporting.identifiers import normalised
from reporting.models import Identifier, Report

KINDS = {
    "container": gettext_lazy("Container"),
    "plate": gettext_lazy("Number plate"),
    "eori": gettext_lazy("EORI number"),
    "vat": gettext_lazy("VAT number"),
    "imo": gettext_lazy("IMO number"),
    "air_waybill": gettext_lazy("Air waybill"),
    "postal_item": gettext_lazy("Postal item"),
    "phone": gettext_lazy("Telephone"),
    "handle": gettext_lazy("Online name"),
    "seal": gettext_lazy("Seal"),
    "bill_of_lading": gettext_lazy("Bill of lading"),
    "mrn": gettext_lazy("Movement reference number"),
}
# A number that occurs more often than this links nothing any more.
MOST = 50
_DOMAIN = b"reporting.links|"


@dataclass
class Link:
    """Another report, and which kinds of identifier it shares."""

    report: Report
    kinds: list[str] = field(default_factory=list)

    @property
    def names(self) -> list[str]:
        return [str(KINDS[kind]) for kind in self.kinds]


def digest(index_key: bytes, kind: str, normalised: str) -> bytes:
    """What stands in the index for this identifier; each kind is a world of its own."""
    if not index_key:
        raise Locked(_("You hold no key to look up identifiers with."))
    told = kind.encode()
    said = _DOMAIN + struct.pack(">B", len(told)) + told + normalised.encode()
    return hmac.digest(index_key, said, hashlib.sha256)


def write(report: Report, content: Content, keys: Unlocked) -> None:
    """Enter what was told into the index; again does nothing."""
    Identifier.objects.bulk_create(
        [
            Identifier(report=report, kind=kind, digest=digest(keys.index, kind, plain))
            for kind, plain in contents.identifiers(content)
        ],
        ignore_conflicts=True,
    )


@transaction.atomic
def others(report: Report, keys: Unlocked, by: User) -> list[Link]:
    """Other reports with an identifier of this one that the officer may know; recorded."""
    mine = Identifier.objects.filter(report=report).values("digest")
    found = _links(by, digest__in=mine, exclude=report)
    if found:
        audit.record(
            "linked",
            target=report,
            by=by,
            kind=AuditKind.COMBINATION,
            with_reports=[str(link.report.pk) for link in found],
        )
    return found


@transaction.atomic
def find(*, typed: str, keys: Unlocked, by: User, reason: str, kind: str = "") -> list[Link]:
    """Reports with exactly this identifier, however it is spaced or written; recorded.

    What was typed is about somebody, and is not recorded.
    """
    if not any(character.isalnum() for character in typed):
        raise DomainError(_("Type the number, plate or name that you look for."))
    plain = {one: normalised(one, typed) for one in ([kind] if kind else KINDS)}
    sought = [digest(keys.index, one, value) for one, value in plain.items() if value]
    found = _links(by, digest__in=sought)
    audit.consult(target=by, by=by, reason=reason, event="identifier_searched", found=len(found))
    audit.consult_all(
        targets=[link.report for link in found], by=by, reason=reason, event="found_by_identifier"
    )
    return found


def _links(by: User, *, exclude: Report | None = None, **which: object) -> list[Link]:
    reports = Report.objects.visible_to(by).filter(
        **{f"identifiers__{name}": value for name, value in which.items()}
    )
    if exclude is not None:
        reports = reports.exclude(pk=exclude.pk)
    links: dict[object, Link] = {}
    newest = reports.annotate(shared=F("identifiers__kind")).order_by("-id")
    for report in newest[: MOST * len(KINDS)]:
        link = links.setdefault(report.pk, Link(report))
        if report.shared not in link.kinds:
            link.kinds.append(report.shared)
    return list(links.values())[:MOST]
