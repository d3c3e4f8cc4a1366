"""Comparing what a file says with the directory: what is new, what changes, what collides.

Texts are compared as a person would type them, so a file that was exported and not touched says
exactly what stands there; what differs goes through the forms of the desk and their sentences.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from django import forms
from django.db.models import Prefetch
from django.utils.translation import gettext as _

from partners.entry_texts import ADD, FORMS, Blank, channel_key, membership_key, with_covers
from partners.file_records import (
    CHANNEL,
    CONTACT,
    GROUP,
    HOLDER,
    MEMBERSHIP,
    OF_A_PARTNER,
    PARTNER,
    POST,
    Content,
    Record,
)
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

NEW, CHANGED, SAME, CONFLICT = "new", "changed", "same", "conflict"
# So many changes are confirmed at once; nobody reads more.
MOST_CHANGES = 2000


@dataclass
class Change:
    """What one line of a file does; kept as JSON until it is applied."""

    line: int
    table: str
    kind: str
    label: str
    # The row, and its version when it was compared; none for what is new.
    pk: int | None = None
    version: int | None = None
    # Code of the partner that is new, or that a new contact point belongs to.
    code: str = ""
    # The group of a membership that is new.
    group: str = ""
    # The contact point of a holder, the partner of a channel or a membership.
    owner_pk: int | None = None
    cells: dict[str, str] = field(default_factory=dict)
    # Field in words, what stands there, what the file says.
    changes: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass
class Comparison:
    changes: list[Change] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)
    same: int = 0

    def counts(self) -> dict[str, int]:
        found = Counter(one.kind for one in self.changes)
        return {**found, SAME: self.same, "error": len(self.errors)}

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(one) for one in self.changes]


class Directory:
    """What a file may speak of, read at once: a long file asks as many queries as a short one."""

    def __init__(self) -> None:
        partners = list(Partner.objects.select_related("parent"))
        self.partners = {partner.code.lower(): partner for partner in partners}
        by_pk = {partner.pk: partner for partner in partners}
        holders = Prefetch("holders", Holder.objects.filter(erased_at=None))
        points = ContactPoint.objects.select_related("post").prefetch_related(holders)
        self.contacts: dict[str, ContactPoint] = {}
        self.holders: dict[str, Holder] = {}
        self.of_partner: dict[int, list[ContactPoint]] = {}
        for contact in points:
            if contact.partner_id is not None:
                contact.partner = by_pk[contact.partner_id]
                self.of_partner.setdefault(contact.partner_id, []).append(contact)
            self.contacts[str(contact.uuid)] = contact
            for holder in contact.holders.all():
                holder.contact_point = contact
                self.holders[str(holder.uuid)] = holder
        self.coded: dict[str, dict[str, Any]] = {
            PARTNER: self.partners,
            GROUP: {group.code.lower(): group for group in Group.objects.all()},
            POST: {post.code.lower(): post for post in with_covers(Post.objects.all())},
        }
        self.owned: dict[str, dict[str, Any]] = {CHANNEL: {}, MEMBERSHIP: {}}
        for channel in SecureChannel.objects.filter(ended_at=None):
            channel.partner = by_pk[channel.partner_id]
            self.owned[CHANNEL][channel_key(channel).lower()] = channel
        self.belonging: dict[tuple[str, str], list[GroupMembership]] = {}
        for one in GroupMembership.objects.select_related("group"):
            one.partner = by_pk[one.partner_id]
            self.owned[MEMBERSHIP][membership_key(one).lower()] = one
            place = one.partner.code.lower(), one.group.code.lower()
            self.belonging.setdefault(place, []).append(one)


@dataclass(frozen=True)
class Belongs:
    """Where cards go that do not say where they belong."""

    partner: Partner | None = None
    duty: str = ""


Meant = Callable[[str, str], str]


class Comparer:
    def __init__(self, belongs: Belongs | None = None, meant: Meant | None = None) -> None:
        self.directory = Directory()
        self.belongs = belongs or Belongs()
        self.meant = meant or (lambda cell, present: cell)
        self.found = Comparison()
        self.blank = Blank()
        self.coming: set[tuple[str, str]] = set()

    def compare(self, content: Content) -> Comparison:
        self.found.errors = list(content.errors)
        self.coming = {(one.table, one.key.lower()) for one in content.records}
        seen: dict[tuple[str, str], int] = {}
        for record in content.records:
            key = (record.table, record.key.lower())
            if record.key and key in seen:
                self._wrong(
                    record,
                    _("The same entry stands in line %(line)d already.") % {"line": seen[key]},
                )
                continue
            seen[key] = record.line
            self._compare(record)
            if len(self.found.changes) > MOST_CHANGES:
                self._wrong(
                    record,
                    _("The file changes more than %(most)d entries. Split it.")
                    % {"most": MOST_CHANGES},
                )
                break
        self.found.errors.sort()
        return self.found

    def _wrong(self, record: Record, sentence: str) -> None:
        self.found.errors.append((record.line, sentence))

    # --- One table each -----------------------------------------------------------------------

    def _compare(self, record: Record) -> None:
        if record.table == CONTACT:
            self._contact(record)
        elif record.table == HOLDER:
            self._holder(record)
        elif record.table in OF_A_PARTNER:
            self._owned(record)
        else:
            self._coded(record)

    def _coded(self, record: Record) -> None:
        """A partner, a group or a post."""
        entry = self.directory.coded[record.table].get(record.key.lower())
        if entry is not None:
            self._differ(record, entry, entry, str(entry), over=_is_over(entry))
            return
        cells = {**record.cells, "code": record.key}
        label = record.cells.get("name") or record.cells.get("city") or record.key
        self._new(record, cells, label, code=record.key)

    def _owned(self, record: Record) -> None:
        """A secure channel or a membership: the version of its partner tells of other editors."""
        partner = self._partner_of(record)
        if partner is None and (PARTNER, record.owner.lower()) not in self.coming:
            self._wrong(record, self._no_partner(record))
            return
        group = record.cells.get("group", "").strip()
        if record.table == MEMBERSHIP and not self._is_group(group):
            self._wrong(record, _("There is no group of the code “%(code)s”.") % {"code": group})
            return
        label = f"{partner or record.owner}: {group or record.cells.get('name', '')}"
        row = self.directory.owned[record.table].get(record.key.lower())
        if row is None:
            if record.table == MEMBERSHIP and self._belongs(record, group):
                self._wrong(record, _("It belongs to this group on that day already."))
                return
            self._new(record, record.cells, label, code=record.owner, owner=partner, group=group)
            return
        over = record.table == MEMBERSHIP and row.until is not None
        self._differ(record, row, row.partner, label, over=over)

    def _is_group(self, code: str) -> bool:
        return code.lower() in self.directory.coded[GROUP] or (GROUP, code.lower()) in self.coming

    def _belongs(self, record: Record, group: str) -> bool:
        """Whether a membership holds then; days that are none are told by the form."""
        rows = self.directory.belonging.get((record.owner.lower(), group.lower()), [])
        since = record.cells.get("since", "").strip()
        return any(one.until is None or one.until.isoformat() >= since for one in rows)

    def _contact(self, record: Record) -> None:
        contact = self.directory.contacts.get(record.key.lower()) if record.key else None
        if contact is not None:
            if record.owner and self._owner_code(contact).lower() != record.owner.lower():
                self._wrong(record, _("This contact point belongs to another partner."))
                return
            label = f"{contact.owner}: {contact.get_duty_display()}"
            if record.cells.get("name") == str(contact.owner) and not contact.name:
                # A card needs a name; an unnamed desk goes by that of its organisation.
                record.cells["name"] = ""
            self._differ(record, contact, contact, label, over=_has_ended(contact))
            return
        partner = self._partner_of(record)
        if partner is None and (PARTNER, record.owner.lower()) not in self.coming:
            self._wrong(record, self._no_partner(record))
            return
        code = partner.code if partner is not None else record.owner
        cells = {"duty": self.belongs.duty, **record.cells}
        self._new(record, cells, f"{partner or code}: {cells['duty']}", code=code)

    def _holder(self, record: Record) -> None:
        holder = self.directory.holders.get(record.key.lower()) if record.key else None
        if holder is not None:
            contact = holder.contact_point
            if record.partner and self._owner_code(contact).lower() != record.partner.lower():
                self._wrong(record, _("This contact point belongs to another partner."))
                return
            label = f"{contact.owner}: {contact.get_duty_display()}, {holder.name}"
            self._differ(record, holder, contact, label, over=_has_ended(contact))
            return
        owner = self._contact_of(record)
        if owner is None:
            return
        label = f"{owner.owner}: {owner.get_duty_display()}, {record.cells.get('name', '')}"
        self._new(record, record.cells, label, owner=owner)

    # --- Where things belong ------------------------------------------------------------------

    def _owner_code(self, contact: ContactPoint) -> str:
        return contact.owner.code

    def _partner_of(self, record: Record) -> Partner | None:
        if not record.owner:
            return self.belongs.partner
        partner = self.directory.partners.get(record.owner.lower())
        return None if partner is not None and partner.has_ended else partner

    def _no_partner(self, record: Record) -> str:
        if not record.owner:
            return _("This card does not say to whom it belongs. Name a partner and a duty.")
        if record.owner.lower() in self.directory.partners:
            return _("The partner “%(code)s” has ended.") % {"code": record.owner[:60]}
        return _("There is no partner of the code “%(code)s”.") % {"code": record.owner[:60]}

    def _contact_of(self, record: Record) -> ContactPoint | None:
        """The duty that a new holder is named for."""
        if record.owner:
            contact = self.directory.contacts.get(record.owner.lower())
            if contact is None or _has_ended(contact) or not _is_of(contact, record.partner):
                self._wrong(record, _("The duty that this person is to hold does not exist."))
                return None
            return contact
        partner, duty = self.belongs.partner, self.belongs.duty
        if record.partner:
            partner, duty = self.directory.partners.get(record.partner.lower()), record.duty
        if partner is None or not duty:
            self._wrong(record, self._no_partner(record))
            return None
        held = [
            one
            for one in self.directory.of_partner.get(partner.pk, [])
            if one.duty == duty and one.ended_at is None
        ]
        if len(held) != 1:
            self._wrong(record, _("The partner has no contact point, or several, of this duty."))
            return None
        return held[0]

    # --- What differs -------------------------------------------------------------------------

    def _differ(
        self, record: Record, row: Any, entry: Any, label: str, *, over: bool = False
    ) -> None:
        """What the file says otherwise; `entry` carries the version that tells of other editors."""
        form_class = FORMS[record.table]
        typed = self.blank.typed(record.table, row)
        stands = {name: _plain(text) for name, text in typed.items()}
        told = {
            name: self.meant(_plain(cell), stands[name])
            for name, cell in record.cells.items()
            if name in stands
        }
        differing = {name: text for name, text in told.items() if text != stands[name]}
        if not differing:
            self.found.same += 1
            return
        if over:
            self._wrong(record, _("“%(entry)s” has ended: take the row out.") % {"entry": label})
            return
        form = form_class({**stands, **differing})
        if not self._holds(record, form):
            return
        rewritten = {name: text for name, text in differing.items() if _says(form, row, name)}
        if not rewritten:
            self.found.same += 1
            return
        edited = record.version is not None and record.version != entry.version
        shown = [
            (str(form.fields[name].label), stands[name], text) for name, text in rewritten.items()
        ]
        self.found.changes.append(
            Change(
                record.line,
                record.table,
                CONFLICT if edited else CHANGED,
                label,
                pk=row.pk,
                owner_pk=entry.pk if entry is not row else None,
                version=entry.version,
                cells=rewritten,
                changes=shown,
            )
        )

    def _new(
        self,
        record: Record,
        cells: dict[str, str],
        label: str,
        *,
        code: str = "",
        owner: ContactPoint | Partner | None = None,
        group: str = "",
    ) -> None:
        form_class = ADD[record.table]
        empty = form_class().as_typed()
        told = {name: self.meant(_plain(cell), "") for name, cell in cells.items() if name in empty}
        form = form_class({**empty, **told})
        if not self._holds(record, form):
            return
        shown = [(str(form.fields[name].label), "", text) for name, text in told.items() if text]
        self.found.changes.append(
            Change(
                record.line,
                record.table,
                NEW,
                label,
                code=code,
                group=group,
                owner_pk=owner.pk if owner is not None else None,
                version=owner.version if owner is not None else None,
                cells=told,
                changes=shown,
            )
        )

    def _holds(self, record: Record, form: forms.Form) -> bool:
        for name, sentences in form.errors.items():
            label = str(form.fields[name].label) if name in form.fields else ""
            for sentence in sentences:
                self._wrong(record, f"{label}: {sentence}" if label else str(sentence))
        return not form.errors


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _says(form: forms.Form, row: Any, name: str) -> bool:
    """Whether another text also means another thing: blanks at the end do not."""
    return bool(form.cleaned_data[name] != getattr(row, name))


def _is_over(entry: Any) -> bool:
    if isinstance(entry, Post):
        return entry.status == PostStatus.CLOSED
    return isinstance(entry, Partner) and entry.has_ended


def _is_of(contact: ContactPoint, code: str) -> bool:
    return not code or contact.owner.code.lower() == code.lower()


def _has_ended(contact: ContactPoint) -> bool:
    owner = contact.owner
    return contact.ended_at is not None or (isinstance(owner, Partner) and owner.has_ended)
