"""Business cards as files (vCard 4.0, RFC 6350), made of what a reader may see and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from partners.directory import Entry
from partners.models import Duty

FOLD = 75
ESCAPED = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n", "\r": ""})
Line = tuple[str, str]


def of_partner(entry: Entry) -> str:
    """The organisation, then each of its desks and who holds them."""
    own = [
        ("KIND", "org"),
        ("FN", _escaped(entry["name"])),
        ("ORG", _escaped(entry["name"])),
        ("NICKNAME", _escaped(entry["abbreviation"])),
        ("URL", entry["website"]),
        ("TZ", entry["time_zone"]),
        ("NOTE", _escaped(entry["about"])),
        *(("LANG", code) for code in entry["languages"]),
        ("REV", _revised(entry)),
    ]
    points = "".join(of_contact(point, entry["name"]) for point in entry["contact_points"])
    return _card(own) + points


def of_contact(point: Entry, owner: str) -> str:
    """A desk; where people are seen, a card for each who holds it now."""
    duty = str(Duty(point["duty"]).label)
    desk = [
        ("KIND", "org"),
        ("UID", f"urn:uuid:{point['uuid']}"),
        ("FN", _escaped(f"{owner} – {point['name'] or duty}")),
        ("ORG", f"{_escaped(owner)};{_escaped(point['name'] or duty)}"),
        ("ROLE", _escaped(duty)),
        ("EMAIL;TYPE=work", _escaped(point["email"])),
        ("TEL;TYPE=work", _escaped(point["phone"])),
        *(("LANG", code) for code in point["languages"]),
        ("NOTE", _escaped(_("Day and night")) if point["always_open"] else ""),
        ("NOTE", _escaped(point.get("note", ""))),
        ("REV", _revised(point)),
    ]
    return _card(desk) + "".join(_holder(one, owner, duty) for one in point.get("holders", ()))


def _holder(holder: Entry, owner: str, duty: str) -> str:
    return _card(
        [
            ("KIND", "individual"),
            ("FN", _escaped(holder["name"])),
            ("ORG", _escaped(owner)),
            ("TITLE", _escaped(holder["title"])),
            ("ROLE", _escaped(duty)),
            ("EMAIL;TYPE=work", _escaped(holder["email"])),
            ("TEL;TYPE=work", _escaped(holder["direct_line"])),
        ]
    )


def _card(lines: list[Line]) -> str:
    told = [("BEGIN", "VCARD"), ("VERSION", "4.0"), *lines, ("END", "VCARD")]
    return "".join(
        f"{folded}\r\n" for name, value in told if value for folded in _fold(f"{name}:{value}")
    )


def _fold(line: str) -> Iterator[str]:
    """No line is longer than 75 bytes; one that goes on begins with a blank. Letters stay whole."""
    rest, room = line, FOLD
    while len(rest.encode()) > room:
        part = rest.encode()[:room].decode(errors="ignore")
        yield part if room == FOLD else f" {part}"
        rest, room = rest[len(part) :], FOLD - 1
    yield rest if room == FOLD else f" {rest}"


def _escaped(text: str) -> str:
    return text.translate(ESCAPED)


def _revised(entry: Entry) -> str:
    return f"{entry['verified_on']:%Y%m%dT000000Z}" if entry["verified_on"] else ""
