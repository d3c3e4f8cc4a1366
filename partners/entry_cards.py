"""Entries as business cards, made of what a reader may see and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from partners.cards import Card, write
from partners.directory import Entry
from partners.models import Duty


def of_partner(entry: Entry) -> str:
    """The organisation, then each of its desks and who holds them."""
    own = Card(
        entry["name"],
        (entry["name"],),
        nickname=entry["abbreviation"],
        url=entry["website"],
        time_zone=entry["time_zone"],
        languages=entry["languages"],
        notes=[entry["about"]],
        verified_on=entry["verified_on"],
    )
    points = "".join(of_contact(point, entry["name"]) for point in entry["contact_points"])
    return write(own) + points


def of_post(entry: Entry, administration: str) -> str:
    """Our post, its desks, and where people are seen who is posted there."""
    name = f"{administration} – {entry['city']}"
    own = Card(
        name,
        (administration, entry["mission"] or entry["city"]),
        title=entry["title"],
        email=entry["email"],
        phone=entry.get("phone", ""),
        time_zone=entry["time_zone"],
        languages=entry["languages"],
        notes=[entry.get("services", "")],
        verified_on=entry["verified_on"],
    )
    points = "".join(of_contact(point, name) for point in entry["contact_points"])
    return write(own) + points + _people(entry.get("postings", ()), name)


def of_contact(point: Entry, owner: str) -> str:
    """A desk; where people are seen, a card for each who holds it now."""
    duty = str(Duty(point["duty"]).label)
    desk = Card(
        f"{owner} – {point['name'] or duty}",
        (owner, point["name"] or duty),
        uid=point["uuid"],
        role=duty,
        email=point["email"],
        phone=point["phone"],
        languages=point["languages"],
        notes=[_("Day and night") if point["always_open"] else "", point.get("note", "")],
        verified_on=point["verified_on"],
    )
    return write(desk) + _people(point.get("holders", ()), owner, duty)


def _people(people: Iterable[Entry], owner: str, role: str = "") -> str:
    return "".join(
        write(
            Card(
                one["name"],
                (owner,),
                is_person=True,
                title=one["title"],
                role=role,
                email=one["email"],
                phone=one["direct_line"],
            )
        )
        for one in people
    )
