"""What happens at a time as a calendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse

WIDEST = 75


@dataclass(frozen=True)
class Event:
    """One entry; a calendar that has its uuid already takes the higher sequence for the newer."""

    uuid: UUID
    changed_at: datetime
    starts_at: datetime
    ends_at: datetime
    sequence: int
    # TENTATIVE, CONFIRMED or CANCELLED.
    status: str
    title: str
    place: str = ""
    about: str = ""


def calendar(events: Iterable[Event], *, product: str) -> str:
    """The file; `product` names what of the portal made it."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_text(settings.BRAND['administration'])}//{product}//EN",
        "METHOD:PUBLISH",
        *(line for one in events for line in _event(one)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def attachment(text: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _event(one: Event) -> Iterator[str]:
    host = settings.SITE_URL.rpartition("/")[2].partition(":")[0]
    yield "BEGIN:VEVENT"
    yield f"UID:{one.uuid}@{host}"
    yield f"DTSTAMP:{_moment(one.changed_at)}"
    yield f"DTSTART:{_moment(one.starts_at)}"
    yield f"DTEND:{_moment(one.ends_at)}"
    yield f"SEQUENCE:{one.sequence}"
    yield f"STATUS:{one.status}"
    yield f"SUMMARY:{_text(one.title)}"
    if one.place:
        yield f"LOCATION:{_text(one.place)}"
    yield f"DESCRIPTION:{_text(one.about)}"
    yield "END:VEVENT"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(text: str) -> str:
    """What has a meaning of its own in the format, said as text."""
    for plain, said in (("\\", "\\\\"), (";", "\\;"), (",", "\\,")):
        text = text.replace(plain, said)
    return "\\n".join(" ".join(line.split()) for line in text.splitlines())


def _folded(line: str) -> Iterator[str]:
    """At most 75 bytes each, cut between characters; what goes on begins with a blank."""
    part = ""
    for letter in line:
        if len((part + letter).encode()) > WIDEST:
            yield part
            part = " "
        part += letter
    yield part
