"""Comparing what a file says with the directory: what is new, what changes, what collides.

Texts are compared as a person would type them, so a file that was exported and not touched says
exactly what stands there; what differs goes through the forms of the desk and their sentences.
"""

from __future__ import annotations

from django.utils.translation import gettext as _

from partners.file_changes import MOST_CHANGES, Comparison
from partners.file_differences import Differences, Meant
from partners.file_directory import Belongs, Directory, is_of
from partners.file_records import (
    CONTACT,
    GROUP,
    HOLDER,
    MEMBERSHIP,
    OF_A_PARTNER,
    PARTNER,
    Content,
    Record,
)
from partners.keeping_permissions import is_over
from partners.models import ContactPoint, Partner


class Comparer:
    def __init__(self, belongs: Belongs | None = None, meant: Meant | None = None) -> None:
        self.directory = Directory()
        self.belongs = belongs or Belongs()
        self.told = Differences(self.directory.partners, meant)
        self.coming: set[tuple[str, str]] = set()

    def compare(self, content: Content) -> Comparison:
        self.told.found.errors = list(content.errors)
        self.coming = {(one.table, one.key.lower()) for one in content.records}
        seen: dict[tuple[str, str], int] = {}
        for record in content.records:
            key = (record.table, record.key.lower())
            if record.key and key in seen:
                self.told.wrong(
                    record,
                    _("The same entry stands in line %(line)d already.") % {"line": seen[key]},
                )
                continue
            seen[key] = record.line
            self._compare(record)
            if len(self.told.found.changes) > MOST_CHANGES:
                self.told.wrong(
                    record,
                    _("The file changes more than %(most)d entries. Split it.")
                    % {"most": MOST_CHANGES},
                )
                break
        self.told.found.errors.sort()
        return self.told.found

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
            self.told.differ(record, entry, entry, str(entry), over=is_over(entry))
            return
        cells = {**record.cells, "code": record.key}
        label = record.cells.get("name") or record.cells.get("city") or record.key
        self.told.add(record, cells, label, code=record.key)

    def _owned(self, record: Record) -> None:
        """A secure channel or a membership: the version of its partner tells of other editors."""
        partner = self._partner_of(record)
        if partner is None and (PARTNER, record.owner.lower()) not in self.coming:
            self.told.wrong(record, self._no_partner(record))
            return
        group = record.cells.get("group", "").strip()
        if record.table == MEMBERSHIP and not self._is_group(group):
            self.told.wrong(
                record, _("There is no group of the code “%(code)s”.") % {"code": group}
            )
            return
        label = f"{partner or record.owner}: {group or record.cells.get('name', '')}"
        row = self.directory.owned[record.table].get(record.key.lower())
        if row is None:
            if record.table == MEMBERSHIP and self._belongs(record, group):
                self.told.wrong(record, _("It belongs to this group on that day already."))
                return
            self.told.add(
                record, record.cells, label, code=record.owner, owner=partner, group=group
            )
            return
        over = record.table == MEMBERSHIP and row.until is not None
        self.told.differ(record, row, row.partner, label, over=over)

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
                self.told.wrong(record, _("This contact point belongs to another partner."))
                return
            label = f"{contact.owner}: {contact.get_duty_display()}"
            if record.cells.get("name") == str(contact.owner) and not contact.name:
                # A card needs a name; an unnamed desk goes by that of its organisation.
                record.cells["name"] = ""
            self.told.differ(record, contact, contact, label, over=is_over(contact))
            return
        partner = self._partner_of(record)
        if partner is None and (PARTNER, record.owner.lower()) not in self.coming:
            self.told.wrong(record, self._no_partner(record))
            return
        code = partner.code if partner is not None else record.owner
        cells = {"duty": self.belongs.duty, **record.cells}
        self.told.add(record, cells, f"{partner or code}: {cells['duty']}", code=code)

    def _holder(self, record: Record) -> None:
        holder = self.directory.holders.get(record.key.lower()) if record.key else None
        if holder is not None:
            contact = holder.contact_point
            if record.partner and self._owner_code(contact).lower() != record.partner.lower():
                self.told.wrong(record, _("This contact point belongs to another partner."))
                return
            label = f"{contact.owner}: {contact.get_duty_display()}, {holder.name}"
            self.told.differ(record, holder, contact, label, over=is_over(contact))
            return
        owner = self._contact_of(record)
        if owner is None:
            return
        label = f"{owner.owner}: {owner.get_duty_display()}, {record.cells.get('name', '')}"
        self.told.add(record, record.cells, label, owner=owner)

    # --- Where things belong ------------------------------------------------------------------

    def _owner_code(self, contact: ContactPoint) -> str:
        return contact.owner.code

    def _partner_of(self, record: Record) -> Partner | None:
        partner = self.belongs.partner
        if record.owner:
            partner = self.directory.partners.get(record.owner.lower())
        return None if partner is not None and partner.has_ended else partner

    def _no_partner(self, record: Record) -> str:
        chosen = self.belongs.partner
        code = record.owner or (chosen.code if chosen is not None else "")
        known = self.directory.partners.get(code.lower())
        if known is not None and known.has_ended:
            return _ended(code)
        if not code or known is not None:
            return _("This card does not say to whom it belongs. Name a partner and a duty.")
        return _("There is no partner of the code “%(code)s”.") % {"code": code[:60]}

    def _contact_of(self, record: Record) -> ContactPoint | None:
        """The duty that a new holder is named for."""
        if record.owner:
            contact = self.directory.contacts.get(record.owner.lower())
            if contact is None or is_over(contact) or not is_of(contact, record.partner):
                self.told.wrong(record, _("The duty that this person is to hold does not exist."))
                return None
            return contact
        partner, duty = self.belongs.partner, self.belongs.duty
        if record.partner:
            partner, duty = self.directory.partners.get(record.partner.lower()), record.duty
        if partner is None or not duty:
            self.told.wrong(record, self._no_partner(record))
            return None
        if partner.has_ended:
            self.told.wrong(record, _ended(partner.code))
            return None
        held = [
            one
            for one in self.directory.of_partner.get(partner.pk, [])
            if one.duty == duty and one.ended_at is None
        ]
        if len(held) != 1:
            self.told.wrong(
                record, _("The partner has no contact point, or several, of this duty.")
            )
            return None
        return held[0]


def _ended(code: str) -> str:
    return _("The partner “%(code)s” has ended.") % {"code": code[:60]}
