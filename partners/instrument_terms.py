"""What stands in a proposed change: the fields of an instrument or a party, as JSON and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django_countries.fields import Country

from partners.models import (
    Instrument,
    InstrumentChange,
    InstrumentKind,
    InstrumentParty,
    Partner,
    Purpose,
)

WRITTEN = (
    "title",
    "kind",
    "reference",
    "signed_on",
    "in_force_on",
    "purposes",
    "limits",
    "confirmed",
    "source",
)
DAYS = ("signed_on", "in_force_on", "ended_on", "since", "until")
ROWS: dict[str, Any] = {"partner": Partner, "party": InstrumentParty}
Packed = dict[str, Any]


def packed(values: Mapping[str, Any]) -> Packed:
    return {name: _packed(value) for name, value in values.items()}


def unpacked(packed: Packed) -> dict[str, Any]:
    return {name: _unpacked(name, value) for name, value in packed.items()}


def _packed(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return value.pk if isinstance(value, Partner | InstrumentParty) else value


def _unpacked(name: str, value: Any) -> Any:
    if value is None:
        return None
    if name in DAYS:
        return date.fromisoformat(value)
    return ROWS[name].objects.get(pk=value) if name in ROWS else value


def as_it_stands(instrument: Instrument) -> Packed:
    return packed({name: getattr(instrument, name) for name in WRITTEN})


# --- For readers ------------------------------------------------------------------------------

Line = tuple[str, str, str]


def lines(changes: Iterable[InstrumentChange]) -> list[list[Line]]:
    """Of each change what it changes: name, before, after. Asks the database twice at most."""
    changes = list(changes)
    names: dict[str, Mapping[int, Any]] = {
        "partner": Partner.objects.in_bulk(_keys(changes, "partner")),
        "party": InstrumentParty.objects.select_related("partner").in_bulk(_keys(changes, "party")),
    }
    return [_lines(change, names) for change in changes]


def _keys(changes: list[InstrumentChange], name: str) -> set[int]:
    return {change.proposed[name] for change in changes if change.proposed.get(name)}


def _lines(change: InstrumentChange, names: Mapping[str, Mapping[int, Any]]) -> list[Line]:
    told = []
    for name, after in change.proposed.items():
        before = change.before.get(name)
        nothing = before is None and after in ("", [], None)
        if nothing or (after == before and name != "party"):
            continue
        told.append((_label(name), _words(name, before, names), _words(name, after, names)))
    return told


def _label(name: str) -> str:
    if name in ("party", "country", "partner"):
        return _("party")
    if name == "countries":
        return _("parties")
    model = InstrumentParty if name in ("since", "until") else Instrument
    return str(model._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _words(name: str, value: Any, names: Mapping[str, Mapping[int, Any]]) -> str:
    if value is None or value == "" or value == []:
        return "–"
    if name in DAYS:
        return date_format(date.fromisoformat(value), "j F Y")
    if name == "party":
        return party_name(names["party"][value])
    if name == "partner":
        return str(names["partner"][value])
    if name == "country":
        return str(Country(value).name)
    if name == "countries":
        return ", ".join(str(Country(code).name) for code in value)
    if name == "purposes":
        labels = dict(Purpose.choices)
        return "; ".join(str(labels.get(code, code)) for code in value)
    if name == "kind":
        return str(InstrumentKind(value).label)
    if name == "confirmed":
        return _("Yes") if value else _("No")
    return str(value)


def party_name(party: InstrumentParty) -> str:
    return str(party.partner) if party.partner_id else str(Country(str(party.country)).name)
