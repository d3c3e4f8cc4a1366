"""What was told, laid out for the page of a report, apart from what officers make of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from portal.file_words import remarks
from reporting import answers
from reporting import content as contents
from reporting.actions.notes import Category
from reporting.answers import word
from reporting.content import Row, Section
from reporting.dossier import named
from reporting.models import Kind
from reporting.opening import Entry, Opened

# Their viewing copies are pictures, which the page shows.
PICTURES = ("jpeg", "png", "webp", "gif", "heic")


@dataclass(frozen=True)
class Person:
    """Somebody in the report: as told, and as an officer categorised them."""

    place: int
    rows: list[Row]
    category: str


@dataclass(frozen=True)
class Said:
    """One text, and who wrote it."""

    entry: Entry
    by: str
    label: str = ""


def laid_out(opened: Opened) -> dict[str, Any]:
    """For the template; every value is text and is escaped there."""
    sections = contents.sections(opened.content)
    authors = named(entry.author_id for entry in opened.entries)
    return {
        "opened": opened,
        "narrative": opened.content.get("what", {}).get("narrative", ""),
        "sections": [_without_narrative(one, opened) for one in sections if _is_plain(one)],
        "people": _people(sections, opened),
        "files": [_file(one) for one in opened.content.get("files", [])],
        "conversation": [
            Said(entry, _("The reporter") if entry.kind == Kind.MESSAGE else _by(entry, authors))
            for entry in opened.conversation
        ],
        "message_files": {
            entry.id: [_file(one) for one in entry.told.get("files", [])]
            for entry in opened.conversation
        },
        "notes": [_note(entry, authors) for entry in reversed(opened.notes)],
        "sanitised": opened.sanitised,
        "handed_over": {entry.id: entry for entry in opened.of(Kind.REFERRAL)},
    }


def _is_plain(section: Section) -> bool:
    return section.step not in ("who", "files")


def _without_narrative(section: Section, opened: Opened) -> Section:
    """It stands above the sections, large."""
    if section.step != "what":
        return section
    narrative = opened.content.get("what", {}).get("narrative")
    rows = [row for row in section.rows if row.value != narrative]
    return Section(section.title, section.step, rows)


def _people(sections: list[Section], opened: Opened) -> list[Person]:
    """By their place in the report: a person without an answer has no section."""
    categories, found = opened.categories, []
    shown = iter(section for section in sections if section.step == "who")
    for place, told in enumerate(opened.content.get("who", [])):
        rows = next(shown).rows if any(told.values()) else []
        category = categories.get(place, "")
        found.append(Person(place, rows, str(Category(category).label) if category else ""))
    return found


def _file(kept: dict[str, Any]) -> dict[str, Any]:
    return {
        **kept,
        "is_picture": kept.get("kind") in PICTURES and bool(kept.get("view")),
        "remarks": remarks(kept.get("note", "")),
        "scanned": word(answers.SCAN, kept.get("scan")),
    }


def _note(entry: Entry, authors: dict[int | None, str]) -> Said:
    category = entry.told.get("category")
    if not category:
        return Said(entry, _by(entry, authors))
    label = _("Person or company %(number)s: %(category)s") % {
        "number": entry.told["person"] + 1,
        "category": Category(category).label,
    }
    return Said(entry, _by(entry, authors), label)


def _by(entry: Entry, authors: dict[int | None, str]) -> str:
    return authors.get(entry.author_id, _("An officer"))
