"""Joint activities as a calendar file (RFC 5545), for one or for all of an agreement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpResponse

from mou.lifecycle import ActivityStatus
from mou.models import Activity

WIDEST = 75
STATUS = {
    ActivityStatus.PROPOSED: "TENTATIVE",
    ActivityStatus.AGREED: "CONFIRMED",
    ActivityStatus.HELD: "CONFIRMED",
    ActivityStatus.CANCELLED: "CANCELLED",
}


def calendar(activities: Iterable[Activity]) -> str:
    """The file; a calendar that has an activity already takes it for the newer one."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_text(settings.BRAND['administration'])}//Agreements//EN",
        "METHOD:PUBLISH",
        *(line for one in activities for line in _event(one)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line))


def attachment(activities: Iterable[Activity], name: str) -> HttpResponse:
    response = HttpResponse(calendar(activities), content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _event(one: Activity) -> Iterator[str]:
    host = settings.SITE_URL.rpartition("/")[2].partition(":")[0]
    duties = f"{one.administration_duty} / {one.business_duty}"
    yield "BEGIN:VEVENT"
    yield f"UID:{one.uuid}@{host}"
    yield f"DTSTAMP:{_moment(one.changed_at)}"
    yield f"DTSTART:{_moment(one.starts_at)}"
    yield f"DTEND:{_moment(one.ends_at)}"
    yield f"SEQUENCE:{one.sequence}"
    yield f"STATUS:{STATUS[ActivityStatus(one.status)]}"
    yield f"SUMMARY:{_text(one.title)}"
    if one.place:
        yield f"LOCATION:{_text(one.place)}"
    about = "\n".join(filter(None, (one.about, duties, one.mou.number)))
    yield f"DESCRIPTION:{_text(about)}"
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
