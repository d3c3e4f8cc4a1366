"""Entries as the texts that files carry: what an untouched form of the desk would send."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from partners.file_records import (
    CHANNEL,
    CONTACT,
    GROUP,
    HOLDER,
    MEMBERSHIP,
    PARTNER,
    POST,
    Record,
)
from partners.forms.contacts import ContactForm
from partners.forms.entries import PartnerCodeField, TypedForm
from partners.forms.file_rows import (
    AddChannelTextForm,
    AddGroupTextForm,
    AddHolderTextForm,
    AddPostTextForm,
    ChannelTextForm,
    ContactTextForm,
    GroupTextForm,
    HolderTextForm,
    MembershipTextForm,
    PartnerTextForm,
    PostTextForm,
)
from partners.forms.partners import AddPartnerForm
from partners.models import (
    ContactPoint,
    Coverage,
    Group,
    GroupMembership,
    Holder,
    Partner,
    Post,
    SecureChannel,
)
from portal.errors import DomainError

FORMS: dict[str, type[TypedForm]] = {
    PARTNER: PartnerTextForm,
    CONTACT: ContactTextForm,
    HOLDER: HolderTextForm,
    GROUP: GroupTextForm,
    MEMBERSHIP: MembershipTextForm,
    CHANNEL: ChannelTextForm,
    POST: PostTextForm,
}
# Where what is new says more than what is there.
ADD: dict[str, type[TypedForm]] = {
    **FORMS,
    PARTNER: AddPartnerForm,
    CONTACT: ContactForm,
    HOLDER: AddHolderTextForm,
    GROUP: AddGroupTextForm,
    CHANNEL: AddChannelTextForm,
    POST: AddPostTextForm,
}


class Blank:
    """Forms made once for many rows: a form costs more to make than to read.

    `partners`, by code in small letters, are those that rows may name: nobody is asked for each.
    """

    def __init__(self, partners: Mapping[str, Partner] | None = None) -> None:
        self.forms: dict[str, TypedForm] = {}
        self.filled: dict[type[TypedForm], TypedForm] = {}
        self.partners = partners

    def typed(self, table: str, row: Any) -> dict[str, str]:
        """What somebody sends who opens the row and touches nothing."""
        form = self.forms.get(table) or self.forms.setdefault(table, FORMS[table]())
        form.show(row)
        return form.as_typed()

    def fill(
        self, table: str, cells: Mapping[str, str], *, row: Any = None, new: bool = False
    ) -> TypedForm:
        """The form of the table with these cells in it; good until the next is filled."""
        form_class = (ADD if new else FORMS)[table]
        form = self.filled.get(form_class)
        if form is None:
            form = self.filled[form_class] = self._made(form_class)
        form.fill(dict(cells), row)
        return form

    def values_of_new(self, table: str, cells: Mapping[str, str]) -> dict[str, Any]:
        """The values of a new entry, read as the desk’s own form reads them."""
        return _cleaned(self.fill(table, {**self.empty(table), **cells}, new=True))

    def values_of(self, table: str, row: Any, cells: Mapping[str, str]) -> dict[str, Any]:
        """The values of what these cells say otherwise than the row."""
        cleaned = _cleaned(self.fill(table, {**self.typed(table, row), **cells}, row=row))
        return {name: cleaned[name] for name in cells}

    def empty(self, table: str) -> dict[str, str]:
        """What somebody sends who opens the form of a new entry and types nothing."""
        form = self.forms.get(f"new {table}") or self.forms.setdefault(f"new {table}", ADD[table]())
        return form.as_typed()

    def _made(self, form_class: type[TypedForm]) -> TypedForm:
        form = form_class({})
        for field in form.fields.values():
            if isinstance(field, forms.ChoiceField):
                # The names of all countries are looked up here, once, and not for each row.
                field.choices = list(field.choices)  # type: ignore[arg-type]
            elif isinstance(field, PartnerCodeField):
                field.known = self.partners
        return form


def partner_record(blank: Blank, partner: Partner) -> Record:
    cells = blank.typed(PARTNER, partner)
    return Record(0, PARTNER, partner.code, cells, partner.version)


def contact_record(blank: Blank, contact: ContactPoint) -> Record:
    cells = blank.typed(CONTACT, contact)
    return Record(
        0,
        CONTACT,
        str(contact.uuid),
        cells,
        contact.version,
        contact.owner.code,
        str(contact.get_duty_display()),
    )


def holder_record(blank: Blank, holder: Holder) -> Record:
    contact = holder.contact_point
    cells = blank.typed(HOLDER, holder)
    return Record(
        0,
        HOLDER,
        str(holder.uuid),
        cells,
        contact.version,
        str(contact.uuid),
        contact.duty,
        contact.owner.code,
    )


def group_record(blank: Blank, group: Group) -> Record:
    return Record(0, GROUP, group.code, blank.typed(GROUP, group), group.version)


def membership_record(blank: Blank, one: GroupMembership) -> Record:
    cells = {"group": one.group.code, **blank.typed(MEMBERSHIP, one)}
    partner = one.partner
    return Record(0, MEMBERSHIP, membership_key(one), cells, partner.version, partner.code)


def channel_record(blank: Blank, one: SecureChannel) -> Record:
    cells = blank.typed(CHANNEL, one)
    return Record(0, CHANNEL, channel_key(one), cells, one.partner.version, one.partner.code)


def post_record(blank: Blank, post: Post) -> Record:
    """The countries that it covers today are `post.covers`, see `with_covers`."""
    return Record(0, POST, post.code, blank.typed(POST, post), post.version)


def with_covers(posts: Iterable[Post]) -> list[Post]:
    """The posts, each with the codes of the countries whose coverage has no end."""
    found = list(posts)
    covers: dict[int, list[str]] = {}
    open_ended = Coverage.objects.filter(until=None, post__in=[post.pk for post in found])
    for one in open_ended.order_by("country"):
        covers.setdefault(one.post_id, []).append(str(one.country))
    for post in found:
        post.covers = covers.get(post.pk, [])  # type: ignore[attr-defined]
    return found


def membership_key(one: GroupMembership) -> str:
    since = one.since.isoformat() if one.since else ""
    return f"{one.partner.code}|{one.group.code}|{since}"


def channel_key(one: SecureChannel) -> str:
    return f"{one.partner.code}|{one.name}"


def _cleaned(form: TypedForm) -> dict[str, Any]:
    if not form.is_valid():
        name, sentences = next(iter(form.errors.items()))
        label = form.fields[name].label if name in form.fields else name
        raise DomainError(f"{label}: {sentences[0]}")
    return dict(form.cleaned_data)
