"""Contact points and their holders as electronic cards: vCard 4.0 and 3.0, read and written."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from partners import cards
from partners.cards import Card
from partners.file_records import (
    CONTACT,
    HOLDER,
    LONGEST_CELL,
    MOST_RECORDS,
    Content,
    Record,
    Unreadable,
    decode,
)

PARTNER_PROPERTY, DUTY, VERSION, POINT = (
    "X-PORTAL-PARTNER",
    "X-PORTAL-DUTY",
    "X-PORTAL-VERSION",
    "X-PORTAL-CONTACT",
)
LINE = re.compile(
    r"(?:[A-Za-z0-9-]+\.)?(?P<name>[A-Za-z0-9-]+)"
    r"(?P<parameters>(?:;[A-Za-z0-9-]+(?:=(?:\"[^\"]*\"|[^\";:,]*)(?:,(?:\"[^\"]*\"|[^\";:,]*))*)?)*)"
    r":(?P<value>.*)",
    re.DOTALL,
)
UNESCAPED = {"n": "\n", "N": "\n", ",": ",", ";": ";", "\\": "\\"}
Properties = dict[str, list[str]]


# --- Writing ----------------------------------------------------------------------------------


def write(records: Iterable[tuple[Record, str]], version: str) -> Iterator[str]:
    """Each record with the name of its organisation; `version` is “4.0” or “3.0”."""
    for record, organisation in records:
        yield cards.write(_card(record, organisation), version)


def _card(record: Record, organisation: str) -> Card:
    cells, person = record.cells, record.table == HOLDER
    belongs = [(POINT, record.owner)] if person else [(PARTNER_PROPERTY, record.owner)]
    codes = cells.get("languages", "")
    return Card(
        cells["name"] or organisation,
        (organisation,),
        is_person=person,
        uid=record.key,
        title=cells.get("title", ""),
        email=cells["email"],
        phone=cells["direct_line" if person else "phone"],
        languages=codes.split(", ") if codes else (),
        notes=[cells.get("note", "")],
        own=[*belongs, (DUTY, cells.get("duty", "")), (VERSION, str(record.version))],
    )


def unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: UNESCAPED.get(found[1], found[0]), text, flags=re.DOTALL)


# --- Reading ----------------------------------------------------------------------------------


def read(data: bytes) -> Content:
    """What stands in the file; raises nothing but Unreadable."""
    content = Content()
    card: Properties | None = None
    first = 0
    for line, text in _unfolded(decode(data)):
        name, value = _property(text)
        if name == "BEGIN" and value.strip().upper() == "VCARD":
            if card is not None:
                content.errors.append((first, _("This card has no end.")))
            card, first = {}, line
        elif card is None:
            if text.strip():
                raise Unreadable(
                    _("Line %(line)d belongs to no card: a card begins with BEGIN:VCARD.")
                    % {"line": line}
                )
        elif name == "END":
            _take(content, first, card)
            card = None
        elif not name and text.strip():
            content.errors.append((line, _("This line of the card is not understood.")))
        elif name:
            card.setdefault(name, []).append(value)
    if card is not None:
        content.errors.append((first, _("This card has no end.")))
    if not content.records and not content.errors:
        raise Unreadable(_("The file has no cards."))
    return content


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Each line with those that go on with it, and where it began."""
    begun, whole = 0, ""
    for number, line in enumerate(re.split(r"\r\n|\n|\r", text), start=1):
        if line[:1] in (" ", "\t") and begun:
            whole += line[1:]
            continue
        if begun:
            yield begun, whole
        begun, whole = number, line
    if begun:
        yield begun, whole


def _property(text: str) -> tuple[str, str]:
    match = LINE.fullmatch(text)
    if match is None:
        return "", ""
    value = match["value"]
    if "QUOTED-PRINTABLE" in match["parameters"].upper():
        return "QUOTED-PRINTABLE", value
    return match["name"].upper(), value


def _take(content: Content, line: int, card: Properties) -> None:
    if len(content.records) == MOST_RECORDS:
        raise Unreadable(_("The file has more than %(most)d cards.") % {"most": MOST_RECORDS})
    wrong = _refusal(card)
    if wrong:
        content.errors.append((line, wrong))
        return
    version = _first(card, VERSION).strip()
    person = _is_person(card)
    record = Record(
        line,
        HOLDER if person else CONTACT,
        re.sub(r"^urn:uuid:", "", _first(card, "UID").strip(), flags=re.IGNORECASE).lower(),
        _of_person(card) if person else _of_duty(card),
        int(version) if version else None,
        _first(card, POINT if person else PARTNER_PROPERTY).strip(),
        _first(card, DUTY).strip(),
    )
    if record.key and not re.fullmatch(r"[0-9a-f-]{36}", record.key):
        # Another program’s number of the card: to us it is new.
        record.key = ""
    content.records.append(record)


def _refusal(card: Properties) -> str:
    version = _first(card, "VERSION").strip()
    if version not in ("3.0", "4.0") or "QUOTED-PRINTABLE" in card:
        return _("This card is of version %(version)s. Save it as vCard 3.0 or 4.0.") % {
            "version": version[:10] or "?"
        }
    if any(len(value) > LONGEST_CELL for values in card.values() for value in values):
        return _("A line of this card is far too long: send it without pictures.")
    if not re.fullmatch(r"[0-9]{0,9}", _first(card, VERSION).strip(), re.ASCII):
        return _("The version has to be the number that the export gave.")
    return ""


def _is_person(card: Properties) -> bool:
    if _first(card, POINT):
        return True
    if _first(card, DUTY) or _first(card, PARTNER_PROPERTY):
        return False
    kind = _first(card, "KIND").strip().lower()
    return kind in ("", "individual") and bool(unescape(_first(card, "N")).replace(";", "").strip())


def _of_person(card: Properties) -> dict[str, str]:
    return _told(card, {"name": "FN", "title": "TITLE", "email": "EMAIL", "direct_line": "TEL"})


def _of_duty(card: Properties) -> dict[str, str]:
    told = _told(card, {"name": "FN", "email": "EMAIL", "phone": "TEL", "note": "NOTE"})
    if _first(card, DUTY):
        told["duty"] = _first(card, DUTY)
    codes = card.get("LANG", []) + card.get("X-PORTAL-LANG", [])
    if codes or _is_ours(card):
        told["languages"] = ", ".join(code.strip().lower() for code in codes)
    return told


def _told(card: Properties, names: dict[str, str]) -> dict[str, str]:
    """What the card says; a card that we wrote says by silence that there is nothing."""
    told = {
        cell: _first(card, name) for cell, name in names.items() if name in card or _is_ours(card)
    }
    for cell in ("phone", "direct_line"):
        if cell in told:
            told[cell] = re.sub(r"^tel:", "", told[cell].strip(), flags=re.IGNORECASE)
    return told


def _is_ours(card: Properties) -> bool:
    return VERSION in card


def _first(card: Properties, name: str) -> str:
    """What a property says, first of several: 4.0 lets people have many of each."""
    return unescape(card[name][0]) if name in card else ""
