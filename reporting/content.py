"""What a report says, as the dictionary that is sealed: to bytes and back, and laid out to read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from portal import reference
from reporting import answers
from reporting.answers import Answers, word
from reporting.identifiers import checked, normalised

VERSION = 1
Content = dict[str, Any]
# Which of a firm's or person's and of a transport's numbers the desk links reports by.
OF_PERSON = ("phone", "handle", "vat", "eori")
OF_TRANSPORT = ("imo", "air_waybill", "postal_item", "seal", "bill_of_lading", "mrn")


class NotAReport(ValueError):
    """These bytes are no report of a version that this release knows."""


@dataclass(frozen=True)
class Row:
    """One answer: what was asked, what was said, how it was typed, what is doubtful about it."""

    label: str
    value: str
    raw: str = ""
    warning: str = ""


@dataclass(frozen=True)
class Section:
    """Answers that belong together, and the step of the form where they were given."""

    title: str
    step: str
    rows: list[Row] = field(default_factory=list)


def dump(content: Content) -> bytes:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def load(told: bytes) -> Content:
    """The dictionary again; NotAReport when these bytes are none."""
    try:
        content = json.loads(told)
    except ValueError as error:
        raise NotAReport from error
    if not isinstance(content, dict) or content.get("version") != VERSION:
        raise NotAReport
    return content


def identifiers(content: Content) -> list[tuple[str, str]]:
    """Kind and one spelling of every number by which two reports may be linked; each once."""
    return list(dict.fromkeys(pair for pair in _identifiers(content) if pair[1]))


def _identifiers(content: Content) -> Iterator[tuple[str, str]]:
    for person in content.get("who", []):
        for kind in OF_PERSON:
            yield kind, normalised(kind, _typed(person.get(kind)))
    transport = content.get("transport", {})
    for vehicle in transport.get("vehicles", []):
        yield "plate", normalised("plate", vehicle.get("plate", ""))
        yield "plate", normalised("plate", vehicle.get("trailer", ""))
    for container in transport.get("containers", []):
        yield "container", normalised("container", _typed(container))
    for kind in OF_TRANSPORT:
        yield kind, normalised(kind, _typed(transport.get(kind)))


def _typed(value: object) -> str:
    """How a number was typed, whether it was kept with its check or alone."""
    return str(value.get("raw", "")) if isinstance(value, dict) else str(value or "")


# --- Laid out to read -----------------------------------------------------------------------


def sections(content: Content) -> list[Section]:
    """Every answer that was given, in the order of the form and the language of the reader."""
    laid_out = [
        Section(_("What"), "what", _what(content.get("what", {}))),
        *_people(content.get("who", [])),
        Section(_("Where"), "where", _where(content.get("where", {}))),
        Section(_("When"), "when", _when(content.get("when", {}))),
        Section(_("Transport"), "transport", _transport(content.get("transport", {}))),
        Section(_("How it is known"), "how", _how(content.get("how", {}))),
        Section(_("Files"), "files", [_file(one) for one in content.get("files", [])]),
        Section(_("About the reporter"), "about", _about(content.get("about", {}))),
        Section(_("How it came in"), "", _filed(content.get("filed", {}))),
    ]
    return [one for one in laid_out if one.rows]


def _what(what: Content) -> list[Row]:
    quantity = " ".join(filter(None, (what.get("quantity"), word(answers.UNIT, what.get("unit")))))
    return _said(
        _text(_("What was seen or heard"), what.get("narrative")),
        _choice(_("Happening now"), answers.YES_NO, "yes" if what.get("happening_now") else ""),
        _text(_("Kind of crime"), _each(answers.commodity, what.get("categories"))),
        _choice(_("Seen or suspected"), answers.OBSERVED, what.get("observed")),
        _listed(_("Line of work"), "actor_role", what.get("role")),
        _choice(_("Part in handling them"), answers.HANDLING_STAGE, what.get("handling_stage")),
        _text(_("Signs"), _each(_named("indicator"), what.get("indicators"))),
        _text(_("Goods"), what.get("goods")),
        _text(_("Declared as"), what.get("declared_goods")),
        _text(_("Quantity"), quantity),
        _text(_("Concealment or method"), _each(_named("concealment"), what.get("concealment"))),
        _number(_("Tariff code"), "hs_code", what.get("hs_code")),
        _listed(_("Direction"), "direction", what.get("direction")),
        _choice(_("The Union's money or staff"), answers.YES_NO_UNKNOWN, what.get("eu_finances")),
    )


def _people(people: Iterable[Content]) -> Iterator[Section]:
    for place, one in enumerate(people, start=1):
        rows = _said(
            _text(_("Name"), one.get("name")),
            _text(_("Also known as"), one.get("alias")),
            _choice(_("Part in it"), answers.PERSON, one.get("category")),
            _text(_("Role"), one.get("role")),
            _text(_("Description"), one.get("description")),
            _number(_("Telephone"), "phone", one.get("phone"), as_typed=True),
            _text(_("Online name"), one.get("handle")),
            _text(_("Company"), one.get("company")),
            _number(_("VAT number"), "vat", one.get("vat")),
            _number(_("EORI number"), "eori", one.get("eori")),
        )
        yield Section(_("Person or company %(number)s") % {"number": place}, "who", rows)


def _where(where: Content) -> list[Row]:
    return _said(
        _text(_("Place"), where.get("place")),
        _number(_("Place code"), "locode", where.get("locode")),
        _text(_("Address"), where.get("address")),
        _text(_("Country"), where.get("country")),
        _text(_("From"), where.get("from")),
        _text(_("By way of"), where.get("via")),
        _text(_("To"), where.get("to")),
        _text(_("Coordinates"), where.get("coordinates")),
    )


def _when(when: Content) -> list[Row]:
    return _said(
        _text(_("Seen"), when.get("seen")),
        _text(_("Expected"), when.get("expected")),
        _choice(_("Happens again and again"), answers.YES_NO_UNKNOWN, when.get("recurring")),
        _text(_("How often"), when.get("recurring_how")),
        _text(_("Time zone"), when.get("time_zone")),
    )


def _transport(transport: Content) -> list[Row]:
    vehicles = [_vehicle(one) for one in transport.get("vehicles", [])]
    containers = [
        _number(_("Container"), "container", one) for one in transport.get("containers", [])
    ]
    return _said(
        _listed(_("Mode of transport"), "transport_mode", transport.get("mode")),
        *vehicles,
        *containers,
        _text(_("Vessel"), transport.get("vessel")),
        _number(_("IMO number"), "imo", transport.get("imo")),
        _text(_("Flight"), transport.get("flight")),
        _number(_("Wagon"), "wagon", transport.get("wagon")),
        _number(_("Air waybill"), "air_waybill", transport.get("air_waybill")),
        _number(_("Postal item"), "postal_item", transport.get("postal_item")),
        _text(_("Seal"), transport.get("seal")),
        _text(_("Bill of lading"), transport.get("bill_of_lading")),
        _number(_("Movement reference number"), "mrn", transport.get("mrn")),
        _text(_("Tracking number"), transport.get("tracking")),
    )


def _vehicle(vehicle: Content) -> Row:
    trailer = vehicle.get("trailer")
    parts = [
        vehicle.get("plate"),
        _("trailer %(plate)s") % {"plate": trailer} if trailer else "",
        vehicle.get("country"),
        vehicle.get("colour"),
    ]
    doubts = {
        checked("plate", plate)["warning"] for plate in (vehicle.get("plate"), trailer) if plate
    }
    told = ", ".join(part for part in parts if part)
    return Row(_("Vehicle"), told, warning=" ".join(sorted(doubts)).strip())


def _how(how: Content) -> list[Row]:
    first_hand = {True: "yes", False: "no", None: ""}[how.get("first_hand")]
    return _said(
        _choice(_("By what"), answers.SOURCE, how.get("source")),
        _choice(_("First hand"), answers.YES_NO, first_hand),
        _choice(_("How sure"), answers.SURE, how.get("sure")),
        _choice(_("Learned through work"), answers.YES_NO, how.get("through_work")),
        _text(_("Who else knows"), how.get("who_else")),
        _text(_("Reported elsewhere"), how.get("reported_elsewhere")),
    )


def _file(kept: Content) -> Row:
    about = f"{kept['kind'].upper()}, {filesizeformat(kept['size'])}"
    scanned = word(answers.SCAN, kept.get("scan"))
    told = f"{about}, {scanned}" if scanned else about
    return Row(kept["name"], "\n".join(filter(None, (told, kept.get("note")))))


def _about(about: Content) -> list[Row]:
    return _said(
        _choice(_("Way of reporting"), answers.MODE, about.get("mode")),
        _choice(_("May be contacted"), answers.YES_NO, "yes" if about.get("may_contact") else ""),
        _text(_("Safe times"), about.get("safe_times")),
        _text(_("Language"), about.get("language")),
        _choice(_("Interpreter"), answers.YES_NO, "yes" if about.get("interpreter") else ""),
        _choice(_("At risk"), answers.YES_NO, "yes" if about.get("at_risk") else ""),
        _text(_("The risk"), about.get("risk")),
    )


def _filed(filed: Content) -> list[Row]:
    firm = filed.get("organisation") or {}
    return _said(
        _choice(_("Came by"), answers.CHANNEL, filed.get("channel")),
        _text(_("Firm"), firm.get("name")),
        _choice(_("Speaks"), answers.CAPACITY, filed.get("capacity")),
        _text(_("Language of the form"), _language(filed.get("language"))),
    )


def _language(code: str | None) -> str:
    try:
        return str(get_language_info(code)["name_translated"]) if code else ""
    except KeyError:
        return str(code)


# --- Rows -----------------------------------------------------------------------------------


def _said(*rows: Row) -> list[Row]:
    return [row for row in rows if row.value]


def _text(label: str, value: object) -> Row:
    return Row(label, str(value or ""))


def _choice(label: str, choices: Answers, code: object) -> Row:
    return Row(label, word(choices, code))


def _listed(label: str, list_name: str, code: str | None) -> Row:
    return Row(label, reference.label(list_name, code) if code else "")


def _named(list_name: str) -> Any:
    return lambda code: reference.label(list_name, code)


def _each(name: Any, codes: Iterable[str] | None) -> str:
    return "\n".join(name(code) for code in codes or [])


def _number(label: str, kind: str, value: object, *, as_typed: bool = False) -> Row:
    """A number in its one spelling; its doubt anew, in the language of this reader."""
    if not (typed := _typed(value)):
        return Row(label, "")
    number = checked(kind, typed)
    if kind == "locode" and (place := reference.item("locode", number["normalised"])):
        typed_so = number["raw"] if number["raw"] != place.code else ""
        return Row(label, f"{place.code}, {place.label}", typed_so)
    value = number["raw"] if as_typed else number["normalised"] or number["raw"]
    return Row(label, value, number["raw"], number["warning"])
