"""Taking the directory out: as a table to be edited and sent back, or as cards."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone

from partners import sheets, vcards
from partners.actions.keeping import not_allowed
from partners.entry_texts import (
    Blank,
    channel_record,
    contact_record,
    group_record,
    holder_record,
    membership_record,
    partner_record,
    post_record,
    with_covers,
)
from partners.file_records import Record
from partners.keeping_permissions import can_keep
from partners.lifecycle import PostStatus
from partners.models import (
    ContactPoint,
    Group,
    GroupMembership,
    Holder,
    Partner,
    Post,
    SecureChannel,
)
from portal import audit
from portal.models import User
from portal.models.audit import AuditKind

CHUNK = 500


@transaction.atomic
def export_table(*, by: User) -> Iterator[str]:
    """All entries, a row a record; that it was taken is recorded as a disclosure."""
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
    live = live.exclude(post__status=PostStatus.CLOSED)
    return live.exclude(partner__ended_on__lte=timezone.localdate()).order_by(
        "partner__name", "partner", "pk"
    )


def _rows() -> Iterator[Record]:
    blank = Blank()
    partners = Partner.objects.current().select_related("parent").order_by("name", "pk")
    for partner in partners.iterator(chunk_size=CHUNK):
        yield partner_record(blank, partner)
    for contact in _contacts().iterator(chunk_size=CHUNK):
        yield contact_record(blank, contact)
    for holder in _holders(_contacts()).iterator(chunk_size=CHUNK):
        yield holder_record(blank, holder)
    for group in Group.objects.order_by("code"):
        yield group_record(blank, group)
    current = Partner.objects.current().values("pk")
    owned = SecureChannel.objects.filter(ended_at=None, partner__in=current)
    for channel in owned.select_related("partner").order_by("partner", "name").iterator():
        yield channel_record(blank, channel)
    memberships = GroupMembership.objects.filter(partner__in=current)
    dated = memberships.select_related("partner", "group").order_by("group", "partner", "pk")
    for membership in dated.iterator(chunk_size=CHUNK):
        yield membership_record(blank, membership)
    for post in with_covers(Post.objects.standing().order_by("city", "pk")):
        yield post_record(blank, post)


def _holders(contacts: Any) -> Any:
    now = Holder.objects.on(timezone.localdate()).filter(erased_at=None)
    live = now.filter(contact_point__in=contacts.order_by().values("pk"))
    return live.select_related("contact_point__partner", "contact_point__post").order_by("pk")


def _cards() -> Iterator[tuple[Record, str]]:
    blank = Blank()
    for contact in _contacts().iterator(chunk_size=CHUNK):
        yield contact_record(blank, contact), str(contact.owner)
    for holder in _holders(_contacts()).iterator(chunk_size=CHUNK):
        yield holder_record(blank, holder), str(holder.contact_point.owner)
