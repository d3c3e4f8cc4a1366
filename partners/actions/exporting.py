"""Taking the directory out: as a table to be edited and sent back, or as cards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

from partners import sheets, vcards
from partners.actions.keeping import not_allowed
from partners.entry_texts import contact_record, holder_record, partner_record
from partners.file_records import Record
from partners.keeping_permissions import can_keep
from partners.models import ContactPoint, Holder, Partner
from portal import audit
from portal.models import User
from portal.models.audit import AuditKind

CHUNK = 500


@transaction.atomic
def export_table(*, by: User) -> Iterator[str]:
    """Partners and their contact points; that it was taken is recorded as a disclosure."""
    _record(by, "csv")
    return sheets.write(_rows())


@transaction.atomic
def export_cards(*, version: str, by: User) -> Iterator[str]:
    """Contact points and who holds them now."""
    _record(by, f"vcard {version}")
    return vcards.write(_cards(), version)


def _record(by: User, form: str) -> None:
    if not can_keep(by):
        raise not_allowed()
    audit.record("directory_exported", target=by, by=by, kind=AuditKind.DISCLOSURE, form=form)


def _contacts() -> Any:
    live = ContactPoint.objects.live().select_related("partner", "post")
    return live.exclude(partner__ended_on__lte=timezone.localdate()).order_by(
        "partner__name", "partner", "pk"
    )


def _rows() -> Iterator[Record]:
    partners = Partner.objects.current().select_related("parent").order_by("name", "pk")
    for partner in partners.iterator(chunk_size=CHUNK):
        yield partner_record(partner)
    for contact in _contacts().filter(post=None).iterator(chunk_size=CHUNK):
        yield contact_record(contact)


def _cards() -> Iterator[tuple[Record, str]]:
    for contact in _contacts().iterator(chunk_size=CHUNK):
        yield contact_record(contact), str(contact.owner)
    holders = Holder.objects.on(timezone.localdate()).filter(erased_at=None)
    live = holders.filter(contact_point__in=_contacts().order_by().values("pk"))
    points = live.select_related("contact_point__partner", "contact_point__post").order_by("pk")
    for holder in points.iterator(chunk_size=CHUNK):
        yield holder_record(holder), str(holder.contact_point.owner)
