"""Files that change the directory: compared, shown, and applied as a whole or not at all."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import search, sheets, vcards
from partners.actions import contacts, partners, posts
from partners.actions.keeping import not_allowed
from partners.entry_texts import values_of, values_of_new, with_covers
from partners.file_changes import CONFLICT, NEW
from partners.file_comparison import Comparer
from partners.file_directory import Belongs
from partners.file_records import (
    CHANNEL,
    CONTACT,
    GROUP,
    HOLDER,
    MEMBERSHIP,
    OF_A_PARTNER,
    PARTNER,
    POST,
    TABLES,
)
from partners.keeping_permissions import can_keep
from partners.models import (
    ContactPoint,
    DirectoryImport,
    FileKind,
    Group,
    GroupMembership,
    Holder,
    ImportState,
    Partner,
    Post,
    SecureChannel,
)
from portal import audit
from portal.errors import AlreadyDone, DomainError
from portal.models import User

# What nobody decided on by then is dropped.
ABANDONED = timedelta(days=2)


@transaction.atomic
def compare_file(
    *, file_name: str, data: bytes, partner: Partner | None, duty: str, by: User
) -> DirectoryImport:
    """What the file would change; nothing of it is applied yet."""
    if not can_keep(by):
        raise not_allowed()
    kind = FileKind.VCARD if b"BEGIN:VCARD" in data[:200].upper() else FileKind.CSV
    if kind == FileKind.VCARD:
        content, comparer = vcards.read(data), Comparer(Belongs(partner, duty))
    else:
        content, comparer = sheets.read(data), Comparer(meant=sheets.as_meant)
    found = comparer.compare(content)
    batch = DirectoryImport.objects.create(
        file_name=" ".join(file_name.split())[-200:] or "file",
        kind=kind,
        sha256=hashlib.sha256(data).hexdigest(),
        uploaded_by=by,
        counts=found.counts(),
        changes=found.as_json(),
        errors=found.errors,
    )
    counts = batch.counts
    audit.record("directory_file_compared", target=batch, by=by, sha256=batch.sha256, **counts)
    return batch


@transaction.atomic
def apply_file(*, batch: DirectoryImport, by: User) -> DirectoryImport:
    """All that was shown, in this one transaction; raises, and changes nothing, when it cannot."""
    batch = _waiting(batch, by)
    if batch.errors:
        raise DomainError(_("Lines of this file are wrong. Correct them and send the file again."))
    if any(change["kind"] == CONFLICT for change in batch.changes):
        raise DomainError(
            _(
                "Entries were edited since this file was exported. Take those rows out, or give "
                "them the present version to write over what was edited, and send it again."
            )
        )
    if not batch.changes:
        raise DomainError(_("The file changes nothing."))
    _lock_all(batch.changes)
    # Partners and groups first: other lines may belong to them.
    with search.together():
        for change in sorted(batch.changes, key=lambda one: TABLES.index(one["table"])):
            _apply(change, by)
    return _decide(batch, ImportState.APPLIED, by)


@transaction.atomic
def drop_file(*, batch: DirectoryImport, by: User) -> DirectoryImport:
    """Nothing of it is applied, and what it said is forgotten."""
    return _decide(_waiting(batch, by), ImportState.DROPPED, by)


def drop_abandoned() -> int:
    """Comparisons that nobody decided on: they are old, and may name people."""
    before = timezone.now() - ABANDONED
    waiting = DirectoryImport.objects.filter(state=ImportState.COMPARED, uploaded_at__lt=before)
    with transaction.atomic():
        old = list(waiting.select_for_update().order_by("pk")[:100])
        for batch in old:
            _decide(batch, ImportState.DROPPED, None)
    return len(old)


def _waiting(batch: DirectoryImport, by: User) -> DirectoryImport:
    if not can_keep(by):
        raise not_allowed()
    batch = DirectoryImport.objects.select_for_update().get(pk=batch.pk)
    if batch.state != ImportState.COMPARED:
        raise AlreadyDone(
            _("Somebody was first: this file is %(state)s already.")
            % {"state": str(batch.get_state_display()).lower()}
        )
    return batch


def _decide(batch: DirectoryImport, state: ImportState, by: User | None) -> DirectoryImport:
    batch.state, batch.decided_at, batch.decided_by = state, timezone.now(), by
    batch.changes, batch.errors = [], []
    batch.save()
    audit.record(f"directory_file_{state}", target=batch, by=by, sha256=batch.sha256)
    return batch


# --- One change -------------------------------------------------------------------------------


def _lock_all(changes: list[dict[str, Any]]) -> None:
    """Every entry that the file touches, as it was when it was compared; else nothing is done."""
    for model, tables in VERSIONED:
        seen = {}
        for change in changes:
            if change["table"] in tables and change["version"] is not None:
                seen[_entry_of(change)] = change
        rows: Any = model._default_manager.select_for_update().filter(pk__in=seen)
        for entry in rows.order_by("pk"):
            change = seen[entry.pk]
            if entry.version != change["version"]:
                raise _edited(change, entry)


def _entry_of(change: dict[str, Any]) -> int:
    """The entry whose version tells of other editors: of a holder it is the contact point."""
    if change["table"] in (HOLDER, *OF_A_PARTNER):
        return int(change["owner_pk"])
    return int(change["pk"])


def _edited(change: dict[str, Any], entry: Any) -> DomainError:
    by = getattr(entry, "changed_by", None)
    who = by.name if by is not None else _("Somebody else")
    return DomainError(
        _(
            "“%(entry)s” was edited by %(who)s after this file was compared. Nothing is applied: "
            "send the file again to see what it would change now."
        )
        % {"entry": change["label"], "who": who}
    )


def _apply(change: dict[str, Any], by: User) -> None:
    try:
        if change["kind"] == NEW:
            _ADD[change["table"]](change, by)
        else:
            _CHANGE[change["table"]](change, by)
    except DomainError as error:
        raise DomainError(
            _("Line %(line)d: %(why)s Nothing is applied.")
            % {"line": change["line"], "why": str(error)}
        ) from error


def _add_partner(change: dict[str, Any], by: User) -> None:
    values = values_of_new(PARTNER, change["cells"])
    partners.add_partner(code=values.pop("code"), values=values, by=by)


def _add_contact(change: dict[str, Any], by: User) -> None:
    values = values_of_new(CONTACT, change["cells"])
    contacts.add_contact(owner=_owner(change), values=values, by=by)


def _add_holder(change: dict[str, Any], by: User) -> None:
    contact = ContactPoint.objects.get(pk=change["owner_pk"])
    values = values_of_new(HOLDER, change["cells"])
    contacts.name_holder(contact=contact, since=timezone.localdate(), by=by, **values)


def _change_partner(change: dict[str, Any], by: User) -> None:
    partner = Partner.objects.select_related("parent").get(pk=change["pk"])
    values = values_of(PARTNER, partner, change["cells"])
    partners.change_partner(partner=partner, values=values, version=partner.version, by=by)


def _change_contact(change: dict[str, Any], by: User) -> None:
    contact = ContactPoint.objects.get(pk=change["pk"])
    values = values_of(CONTACT, contact, change["cells"])
    contacts.change_contact(contact=contact, values=values, version=contact.version, by=by)


def _change_holder(change: dict[str, Any], by: User) -> None:
    holder = Holder.objects.select_related("contact_point").get(pk=change["pk"])
    names = ("name", "title", "email", "direct_line", "since", "until")
    told = {name: getattr(holder, name) for name in names}
    told |= values_of(HOLDER, holder, change["cells"])
    contacts.correct_holder(holder=holder, version=holder.contact_point.version, by=by, **told)


def _add_group(change: dict[str, Any], by: User) -> None:
    partners.add_group(by=by, **values_of_new(GROUP, change["cells"]))


def _change_group(change: dict[str, Any], by: User) -> None:
    group = Group.objects.get(pk=change["pk"])
    told = {"name": group.name, "about": group.about} | values_of(GROUP, group, change["cells"])
    partners.change_group(group=group, version=group.fingerprint, by=by, **told)


def _add_membership(change: dict[str, Any], by: User) -> None:
    group = Group.objects.filter(code__iexact=change["group"]).first()
    if group is None:
        raise DomainError(_("The group is gone."))
    told = values_of_new(MEMBERSHIP, change["cells"])
    joined = partners.join_group(partner=_owner(change), group=group, since=told["since"], by=by)
    if told["until"] is not None:
        partners.leave_group(membership=joined, until=told["until"], by=by)


def _change_membership(change: dict[str, Any], by: User) -> None:
    """Its end, which is all that a file can change in it."""
    membership = GroupMembership.objects.select_related("partner").get(pk=change["pk"])
    until = values_of(MEMBERSHIP, membership, change["cells"])["until"]
    partners.leave_group(membership=membership, until=until, by=by)


def _add_channel(change: dict[str, Any], by: User) -> None:
    told = values_of_new(CHANNEL, change["cells"])
    partners.add_channel(partner=_owner(change), by=by, **told)


def _change_channel(change: dict[str, Any], by: User) -> None:
    """How it is reached; another name is another channel."""
    channel = SecureChannel.objects.select_related("partner").get(pk=change["pk"])
    told = values_of(CHANNEL, channel, change["cells"])
    reference = told.get("reference", channel.reference)
    partners.correct_channel(channel=channel, reference=reference, by=by)


def _add_post(change: dict[str, Any], by: User) -> None:
    posts.open_post(by=by, **values_of_new(POST, change["cells"]))


def _change_post(change: dict[str, Any], by: User) -> None:
    (post,) = with_covers(Post.objects.filter(pk=change["pk"]))
    told = values_of(POST, post, change["cells"])
    before: list[str] = post.covers  # type: ignore[attr-defined]
    wanted = told.pop("covers", before)
    if told:
        post = posts.edit_post(post=post, version=post.version, by=by, **told)
    today = timezone.localdate()
    for country in sorted({*wanted} - {*before, str(post.host_country)}):
        posts.cover(post=post, country=country, since=today, by=by)
    for country in sorted({*before} - {*wanted}):
        posts.end_coverage(post=post, country=country, until=today, by=by)


def _owner(change: dict[str, Any]) -> Partner:
    owner = Partner.objects.filter(code__iexact=change["code"]).first()
    if owner is None:
        raise DomainError(_("The partner is gone."))
    return owner


VERSIONED: list[tuple[Any, tuple[str, ...]]] = [
    (Partner, (PARTNER, *OF_A_PARTNER)),
    (ContactPoint, (CONTACT, HOLDER)),
    (Post, (POST,)),
    (Group, (GROUP,)),
]
_ADD = {
    PARTNER: _add_partner,
    CONTACT: _add_contact,
    HOLDER: _add_holder,
    GROUP: _add_group,
    MEMBERSHIP: _add_membership,
    CHANNEL: _add_channel,
    POST: _add_post,
}
_CHANGE = {
    PARTNER: _change_partner,
    CONTACT: _change_contact,
    HOLDER: _change_holder,
    GROUP: _change_group,
    MEMBERSHIP: _change_membership,
    CHANNEL: _change_channel,
    POST: _change_post,
}
