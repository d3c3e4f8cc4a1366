"""Business cards as files (vCard, RFC 6350 and RFC 2426): the one writer of every door."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

Line = tuple[str, str]


@dataclass(frozen=True)
class Card:
    """What a card says, as plain texts; what is empty is left out."""

    name: str
    # The organisation, and perhaps its desk.
    organisation: tuple[str, ...] = ()
    is_person: bool = False
    # The key of the row, when there is one that the reader may know.
    uid: str = ""
    nickname: str = ""
    title: str = ""
    role: str = ""
    email: str = ""
    phone: str = ""
    url: str = ""
    time_zone: str = ""
    languages: Sequence[str] = ()
    notes: Sequence[str] = ()
    verified_on: date | None = None
    # Lines of the portal's own, by which a card that is sent back is known.
    own: Sequence[Line] = field(default=())


def write(card: Card, version: str = "4.0") -> str:
    """`version` is “4.0” or “3.0”."""
    lines = [("BEGIN", "VCARD"), ("VERSION", version), *_lines(card, version), ("END", "VCARD")]
    return "".join(f"{_folded(f'{name}:{value}')}\r\n" for name, value in lines if value)


def _lines(card: Card, version: str) -> Iterator[Line]:
    newer = version == "4.0"
    if newer:
        yield "KIND", "individual" if card.is_person else "org"
    if card.uid:
        yield "UID", f"urn:uuid:{card.uid}" if newer else card.uid
    yield "FN", escape(card.name)
    # 3.0 asks for a name in parts; nobody here is kept in parts.
    if card.is_person or not newer:
        yield "N", f"{escape(card.name)};;;;"
    yield "ORG", ";".join(escape(one) for one in card.organisation)
    yield "NICKNAME", escape(card.nickname)
    yield "TITLE", escape(card.title)
    yield "ROLE", escape(card.role)
    yield "EMAIL;TYPE=work", escape(card.email)
    yield "TEL;TYPE=work", escape(card.phone)
    yield "URL", card.url
    yield "TZ", escape(card.time_zone)
    for code in card.languages:
        yield ("LANG" if newer else "X-PORTAL-LANG"), escape(code)
    for note in card.notes:
        yield "NOTE", escape(note)
    if card.verified_on:
        yield "REV", f"{card.verified_on:%Y%m%dT000000Z}"
    for name, value in card.own:
        yield name, escape(value)


def escape(text: str) -> str:
    text = text.replace("\\", "\\\\").replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\n", "\\n").replace(",", "\\,").replace(";", "\\;")


def _folded(line: str) -> str:
    """At most 75 bytes a line, cut between letters; a line that goes on begins with a blank."""
    parts, room = [""], 75
    for letter in line:
        size = len(letter.encode())
        if size > room:
            parts.append("")
            room = 74
        parts[-1] += letter
        room -= size
    return "\r\n ".join(parts)
