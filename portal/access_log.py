"""Asking the record: who did or read what, page by page, each question bounded by an index."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.models import AuditEvent, Organisation, User

PAGE = 50
# A file holds at most so many events; whoever needs more asks for a shorter period.
EXPORTED = 10_000
# Transactions commit out of order: an event's number and time may differ by so much.
DISORDER = timedelta(minutes=5)
# So many people are meant by a part of a name at most.
PEOPLE = 50


@dataclass(frozen=True)
class Question:
    """What somebody wants to see of the record; empty fields ask for everything."""

    kind: str = ""
    event: str = ""
    actor: str = ""
    target_type: str = ""
    target: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def facts(self) -> dict[str, str]:
        """For the record of the reading itself."""
        return {name: str(value)[:60] for name, value in vars(self).items() if value}


@dataclass(frozen=True)
class Line:
    """One event in words."""

    event: AuditEvent
    who: str
    address: str
    what: str
    about: str

    @property
    def facts(self) -> str:
        return "; ".join(_facts(self.event.facts))


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    newer: int | None = None
    older: int | None = None
    kinds: list[str] = field(default_factory=list)


def asked(question: Question) -> QuerySet[AuditEvent]:
    events = AuditEvent.objects.all()
    if question.kind:
        events = events.filter(kind=question.kind)
    if question.event:
        events = events.filter(event=question.event.strip().lower().replace(" ", "_"))
    if question.actor:
        events = events.filter(actor__in=_actors(question.actor.strip()))
    if question.target_type:
        events = events.filter(target_type=question.target_type)
    if question.target:
        events = events.filter(target_id=question.target.strip())
        if not question.target_type:
            # The index begins with the type: without it every row would be read.
            events = events.filter(target_type__in=target_types())
    return _within(events, question.since, question.until)


def page(question: Question, *, before: int | None = None, after: int | None = None) -> Page:
    """The events below or above one number, newest first; a page deep costs what the first does."""
    events = asked(question)
    if after is not None:
        found = list(events.filter(pk__gt=after).order_by("pk")[: PAGE + 1])
        rows, more = found[:PAGE][::-1], len(found) > PAGE
        newer, older = more, True
    else:
        if before is not None:
            events = events.filter(pk__lt=before)
        found = list(events.order_by("-pk")[: PAGE + 1])
        rows, older = found[:PAGE], len(found) > PAGE
        newer = before is not None
    return Page(
        in_words(rows),
        newer=rows[0].pk if rows and newer else None,
        older=rows[-1].pk if rows and older else None,
    )


def table(question: Question) -> list[list[str]]:
    """For a file: the heading, then the newest events."""
    rows = in_words(asked(question).order_by("-pk")[:EXPORTED])
    heading = [_("Number"), _("Time"), _("Who"), _("What"), _("Kind"), _("About"), _("Reason")]
    return [
        [*heading, _("Facts")],
        *(
            [
                str(line.event.pk),
                timezone.localtime(line.event.at).isoformat(timespec="seconds"),
                f"{line.who} {line.address}".strip(),
                line.what,
                line.event.get_kind_display(),
                line.about,
                line.event.reason,
                line.facts,
            ]
            for line in rows
        ),
    ]


def in_words(events: Iterable[AuditEvent]) -> list[Line]:
    """With the names of people and firms; two queries however many there are."""
    events = list(events)
    users = {e.actor.partition(":")[2] for e in events if e.actor.startswith("user:")}
    users |= {e.target_id for e in events if e.target_type == "portal.user"}
    firms = {e.organisation_id for e in events if e.organisation_id}
    firms |= {int(e.target_id) for e in events if e.target_type == "portal.organisation"}
    people = User.objects.only("name", "email").in_bulk([int(pk) for pk in users])
    named = Organisation.objects.only("legal_name").in_bulk(firms)
    return [
        Line(e, *_who(e.actor, people), _what(e.event), _about(e, people, named)) for e in events
    ]


def target_types() -> list[str]:
    """Everything that an event may be about."""
    return sorted(
        model._meta.label_lower
        for model in apps.get_models()
        if model.__module__.partition(".")[0] in {"portal", "mou", "partners", "reporting"}
    )


def target_choices() -> list[tuple[str, str]]:
    named = [(label, _noun(label)) for label in target_types()]
    return sorted(named, key=lambda pair: pair[1])


def _within(
    events: QuerySet[AuditEvent], since: date | None, until: date | None
) -> QuerySet[AuditEvent]:
    """By time, and so that the list by number can begin at the right place at once."""
    numbers = AuditEvent.objects.values_list("pk", flat=True)
    if since is not None:
        begins = _midnight(since)
        events = events.filter(at__gte=begins)
        older = numbers.filter(at__lt=begins - DISORDER).order_by("-at").first()
        if older is not None:
            events = events.filter(pk__gt=older)
    if until is not None:
        ends = _midnight(until + timedelta(days=1))
        events = events.filter(at__lt=ends)
        newer = numbers.filter(at__gte=ends + DISORDER).order_by("at").first()
        if newer is not None:
            events = events.filter(pk__lt=newer)
    return events


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _actors(typed: str) -> list[str]:
    """“system”, “user:12”, or part of a name or address."""
    if typed in ("system", "anonymous") or typed.startswith("user:"):
        return [typed]
    people = User.objects.filter(Q(name__icontains=typed) | Q(email__icontains=typed))
    return [f"user:{pk}" for pk in people.values_list("pk", flat=True)[:PEOPLE]]


def _who(actor: str, people: dict[Any, User]) -> tuple[str, str]:
    """The name, and the address that tells two of one name apart."""
    if actor == "system":
        return _("The system"), ""
    if actor == "anonymous":
        return _("Somebody without an account"), ""
    number = actor.partition(":")[2]
    person = people.get(int(number)) if number.isdigit() else None
    return (person.name, person.email) if person else (actor, "")


def _facts(facts: dict[str, Any]) -> list[str]:
    """What an event holds besides, with what is nested written out."""
    told: list[str] = []
    for name, value in facts.items():
        if isinstance(value, dict):
            told += _facts(value)
        else:
            shown = ", ".join(str(one) for one in value) if isinstance(value, list) else value
            told.append(f"{name.replace('_', ' ')}: {shown}")
    return told


def _what(event: str) -> str:
    return str(capfirst(event.replace("_", " ")))


def _about(event: AuditEvent, people: dict[Any, User], firms: dict[Any, Organisation]) -> str:
    """The kind of thing and its number; a name only for people and firms."""
    told = f"{_noun(event.target_type)} {event.target_id}"
    if event.target_type == "portal.user":
        named: object = people.get(int(event.target_id))
    elif event.target_type == "portal.organisation":
        named = firms.get(int(event.target_id))
    else:
        named = firms.get(event.organisation_id)
    return f"{told}: {named}" if named else told


def _noun(label: str) -> str:
    try:
        return str(capfirst(apps.get_model(label)._meta.verbose_name))
    except LookupError:
        return label
