"""Entries as the texts that files carry: what an untouched form of the desk would send."""

from __future__ import annotations

from typing import Any

from partners.file_records import CONTACT, HOLDER, PARTNER, Record
from partners.forms.entries import (
    AddPartnerForm,
    ContactForm,
    HolderTextForm,
    PartnerForm,
    TypedForm,
)
from partners.models import ContactPoint, Holder, Partner
from portal.errors import DomainError

FORMS: dict[str, type[TypedForm]] = {
    PARTNER: PartnerForm,
    CONTACT: ContactForm,
    HOLDER: HolderTextForm,
}


def partner_record(partner: Partner) -> Record:
    cells = PartnerForm(thing=partner).as_typed()
    return Record(0, PARTNER, partner.code, cells, partner.version)


def contact_record(contact: ContactPoint) -> Record:
    cells = ContactForm(thing=contact).as_typed()
    return Record(
        0,
        CONTACT,
        str(contact.uuid),
        cells,
        contact.version,
        contact.owner.code,
        str(contact.get_duty_display()),
    )


def holder_record(holder: Holder) -> Record:
    contact = holder.contact_point
    cells = HolderTextForm(thing=holder).as_typed()
    return Record(0, HOLDER, str(holder.uuid), cells, contact.version, str(contact.uuid))


def values_of_new(table: str, cells: dict[str, str]) -> dict[str, Any]:
    """The values of a new entry, read as the desk’s own form reads them."""
    form_class = AddPartnerForm if table == PARTNER else FORMS[table]
    return _cleaned(form_class({**form_class().as_typed(), **cells}))


def values_of(table: str, row: Any, cells: dict[str, str]) -> dict[str, Any]:
    """The values of what these cells say otherwise than the row."""
    form_class = FORMS[table]
    cleaned = _cleaned(form_class({**form_class(thing=row).as_typed(), **cells}))
    return {name: cleaned[name] for name in cells}


def _cleaned(form: TypedForm) -> dict[str, Any]:
    if not form.is_valid():
        name, sentences = next(iter(form.errors.items()))
        label = form.fields[name].label if name in form.fields else name
        raise DomainError(f"{label}: {sentences[0]}")
    return dict(form.cleaned_data)
