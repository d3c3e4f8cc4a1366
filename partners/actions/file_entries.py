"""Every row that a file touches: read and locked at once, written at once, recorded at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import search
from partners.actions import keeping
from partners.entry_texts import Blank
from partners.file_changes import NEW
from partners.file_records import CONTACT, ENDS, GROUP, HOLDER, OF_A_PARTNER, PARTNER, POST
from partners.models import (
    ContactPoint,
    Coverage,
    Group,
    GroupMembership,
    Holder,
    Partner,
    Post,
    Posting,
    SecureChannel,
)
from partners.models.checked import Checked
from portal import audit
from portal.errors import DomainError
from portal.models import User

Change = dict[str, Any]
BATCH = 200


class Entries:
    """As many queries for a long file as for a short one, but for batches.

    The order of locks is the one of single edits: partners, posts, their contact points, groups,
    each by number; then what belongs to them; the words of the search last of all.
    """

    def __init__(self, changes: list[Change], by: User) -> None:
        self.by, self.today = by, timezone.localdate()
        self.events: list[audit.Happened] = []
        self.new: list[models.Model] = []
        self.changed: dict[models.Model, set[str]] = {}
        self.found: list[models.Model] = []
        self._lock_owners(changes)
        self._lock_desks(changes)
        self._lock_belongings(changes)
        self.blank = Blank(self.coded)

    # --- Reading ------------------------------------------------------------------------------

    def _lock_owners(self, changes: list[Change]) -> None:
        every = {one.pk: one for one in Partner.objects.all()}
        pk_of = {one.code.lower(): pk for pk, one in every.items()}
        wanted = _keys(changes, PARTNER) | _owners(changes, *OF_A_PARTNER)
        wanted |= {pk_of.get(one["code"].lower()) for one in changes if one["table"] == CONTACT}
        self.partners = every | _locked(Partner, wanted)
        for partner in self.partners.values():
            if partner.parent_id is not None:
                partner.parent = self.partners[partner.parent_id]
        self.coded = {one.code.lower(): one for one in self.partners.values()}
        self.posts = _locked(Post, _keys(changes, POST))
        opened = {one["code"].lower() for one in changes if one["table"] == POST}
        taken = Post.objects.filter(code__in=opened - {""}) if opened else Post.objects.none()
        self.post_codes = set(taken.values_list("code", flat=True))
        self.coverages: dict[int, dict[str, Coverage]] = defaultdict(dict)
        for coverage in Coverage.objects.filter(post__in=self.posts, until=None):
            self.coverages[coverage.post_id][str(coverage.country)] = coverage

    def _lock_desks(self, changes: list[Change]) -> None:
        wanted = _keys(changes, CONTACT) | _owners(changes, HOLDER)
        self.contacts = _locked(ContactPoint, wanted)
        posts = {one.post_id for one in self.contacts.values()} - {None}
        known = self.posts | Post.objects.in_bulk(posts - set(self.posts))
        for contact in self.contacts.values():
            if contact.partner_id is not None:
                contact.partner = self.partners[contact.partner_id]
            else:
                contact.post = known[contact.post_id]
        added = {one["code"].lower() for one in changes if _adds(one, CONTACT)}
        owners = [self.coded[code].pk for code in added if code in self.coded]
        live = ContactPoint.objects.live().filter(partner__in=owners).values_list("partner")
        self.live: dict[int | None, int] = defaultdict(int, live.annotate(Count("pk")).order_by())
        self.holders = _locked(Holder, _keys(changes, HOLDER))
        for holder in self.holders.values():
            holder.contact_point = self.contacts[holder.contact_point_id]
        self._lock_terms(changes)

    def _lock_terms(self, changes: list[Change]) -> None:
        """Who holds a duty of what ends: the term ends with it. Who is posted there still is."""
        ending = {table: _ending(changes, table) for table in (PARTNER, CONTACT, POST)}
        self.terms: dict[tuple[str, int], list[Holder]] = defaultdict(list)
        self.posted: set[int] = set()
        if not any(ending.values()):
            return
        held = Holder.objects.select_for_update(of=("self",)).select_related("contact_point")
        found = held.filter(
            Q(contact_point__partner__in=ending[PARTNER])
            | Q(contact_point__in=ending[CONTACT])
            | Q(contact_point__post__in=ending[POST])
        )
        for one in found.order_by("pk"):
            self.hold(self.holders.setdefault(one.pk, one), one.contact_point)
        going_on = Posting.objects.live().filter(post__in=ending[POST])
        self.posted = set(going_on.values_list("post_id", flat=True))

    def _lock_belongings(self, changes: list[Change]) -> None:
        groups = _locked(Group, _keys(changes, GROUP))
        self.groups = {one.pk: one for one in Group.objects.all()} | groups
        self.group_codes = {one.code.lower(): one for one in self.groups.values()}
        owners = _owners(changes, *OF_A_PARTNER)
        joined = owners | _ending(changes, PARTNER)
        self.memberships = _locked(GroupMembership, joined, "partner_id")
        self.joined: dict[tuple[int, int], list[GroupMembership]] = defaultdict(list)
        self.groups_of: dict[int, list[GroupMembership]] = defaultdict(list)
        for one in self.memberships.values():
            one.partner, one.group = self.partners[one.partner_id], self.groups[one.group_id]
            self.groups_of[one.partner_id].append(one)
            self.joined[one.partner_id, one.group_id].append(one)
        self.channels = _locked(SecureChannel, owners, "partner_id")
        self.reached: dict[int, list[SecureChannel]] = defaultdict(list)
        for channel in self.channels.values():
            channel.partner = self.partners[channel.partner_id]
            if channel.ended_at is None:
                self.reached[channel.partner_id].append(channel)

    def entry_of(self, change: Change) -> Any:
        """The entry whose version tells of other editors: of a holder it is the contact point."""
        if change["table"] == HOLDER:
            return self.contacts[change["owner_pk"]]
        if change["table"] in OF_A_PARTNER:
            return self.partners[change["owner_pk"]]
        tables = {PARTNER: self.partners, CONTACT: self.contacts, GROUP: self.groups}
        return tables.get(change["table"], self.posts)[change["pk"]]

    def partner(self, change: Change) -> Partner:
        """The owner of what is new; the same file may have added it."""
        owner = self.coded.get(change["code"].lower())
        if owner is None:
            raise DomainError(_("The partner is gone."))
        keeping.require(owner, self.by)
        return owner

    def desk(self, pk: int) -> ContactPoint:
        contact = self.contacts[pk]
        keeping.require(contact, self.by)
        return contact

    # --- Writing ------------------------------------------------------------------------------

    def hold(self, holder: Holder, point: ContactPoint) -> None:
        """A term that ends with what it belongs to."""
        self.terms[PARTNER, point.partner_id or 0].append(holder)
        self.terms[CONTACT, point.pk].append(holder)
        self.terms[POST, point.post_id or 0].append(holder)

    def add(self, row: models.Model, event: str, target: models.Model, **facts: Any) -> None:
        """A new row, and the event that tells of it; a row among the facts is its number."""
        self.new.append(row)
        self.record(event, target, **facts)

    def record(self, event: str, target: models.Model, **facts: Any) -> None:
        self.events.append(audit.Happened(event, target, facts))

    def change(self, row: models.Model, *fields: str) -> None:
        self.changed.setdefault(row, set()).update(fields)

    def touch(self, entry: Checked, *fields: str) -> None:
        """It is edited, with these fields of it."""
        keeping.touch(entry, self.by)
        self.change(entry, *fields, *keeping.EDITED)
        self.find(entry)

    def find(self, entry: models.Model) -> None:
        """The words by which it is found are laid down anew."""
        self.found.append(entry)

    def write_new(self) -> None:
        """Before anything that may belong to them is added."""
        for model, rows in _by_model(self.new):
            model._default_manager.bulk_create(rows, batch_size=BATCH)
        self.new = []

    def write_all(self) -> None:
        """Inside `search.together`: the words are laid down at the end of it, all at once."""
        self.write_new()
        alike: dict[tuple[Any, frozenset[str]], list[models.Model]] = defaultdict(list)
        for row, fields in self.changed.items():
            alike[type(row), frozenset(fields)].append(row)
        for (model, names), rows in alike.items():
            model._default_manager.bulk_update(rows, sorted(names), batch_size=BATCH)
        audit.record_each(
            (audit.Happened(event, row, _numbered(facts)) for event, row, facts in self.events),
            by=self.by,
        )
        for entry in self.found:
            search.keep_entry(entry)


def _locked(model: Any, wanted: Iterable[Any], by: str = "pk") -> dict[int, Any]:
    keys = set(wanted) - {None}
    if not keys:
        return {}
    rows = model._default_manager.select_for_update().filter(**{f"{by}__in": keys})
    return {row.pk: row for row in rows.order_by("pk")}


def _keys(changes: list[Change], table: str) -> set[Any]:
    return {one["pk"] for one in changes if one["table"] == table}


def _owners(changes: list[Change], *tables: str) -> set[Any]:
    return {one["owner_pk"] for one in changes if one["table"] in tables}


def _ending(changes: list[Change], table: str) -> set[Any]:
    return {one["pk"] for one in changes if one["table"] == table and ENDS[table] in one["cells"]}


def _adds(change: Change, table: str) -> bool:
    return change["table"] == table and change["kind"] == NEW


def _by_model(rows: Iterable[models.Model]) -> list[tuple[Any, list[models.Model]]]:
    found: dict[Any, list[models.Model]] = defaultdict(list)
    for row in rows:
        found[type(row)].append(row)
    # Posts before the countries that they cover; all else belongs to rows that are there already.
    return sorted(found.items(), key=lambda one: one[0] is Coverage)


def _numbered(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        name: fact.pk if isinstance(fact, models.Model) else fact for name, fact in facts.items()
    }
