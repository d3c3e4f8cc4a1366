"""What two versions of an agreement say differently, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"
KINDS: dict[str, Any] = {
    CHANGED: gettext_lazy("Changed"),
    ADDED: gettext_lazy("Added"),
    REMOVED: gettext_lazy("Removed"),
}
# What stands outside the clauses: where it is found in the content, and what it is called.
FIELDS: tuple[tuple[tuple[str, ...], Any], ...] = (
    (("title",), gettext_lazy("Title")),
    (("administration", "name"), gettext_lazy("The administration")),
    (("business", "legal_name"), gettext_lazy("Name of the firm")),
    (("business", "national_id"), gettext_lazy("National number of the firm")),
    (("business", "eori"), gettext_lazy("EORI number of the firm")),
    (("basis",), gettext_lazy("Basis")),
    (("duration",), gettext_lazy("Duration")),
    (("signatories", "business", "name"), gettext_lazy("Signs for the firm")),
    (("signatories", "business", "function"), gettext_lazy("Function of the firm’s signatory")),
    (("signatories", "others"), gettext_lazy("Further signatories of the firm")),
    (("signatories", "together", "sentence"), gettext_lazy("How many sign for the firm")),
    (("signatories", "together", "power"), gettext_lazy("Why so many sign for the firm")),
    (("survey_note",), gettext_lazy("Why no survey was made")),
)


@dataclass(frozen=True)
class Part:
    """One part of the text, and how it differs."""

    code: str
    title: str
    kind: str
    text: SafeString

    @property
    def words(self) -> str:
        return str(KINDS.get(self.kind, ""))


def compare(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Part]:
    """The parts that differ: first what stands outside the clauses, then these in order."""
    return [*_fields(old, new), *_clauses(old, new)]


def _fields(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Part]:
    for path, title in FIELDS:
        before, after = _at(old, path), _at(new, path)
        if before != after:
            yield Part(".".join(path), str(title), _kind(before, after), marked(before, after))


def _clauses(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Part]:
    before = {clause["code"]: clause for clause in old["clauses"]}
    after = {clause["code"]: clause for clause in new["clauses"]}
    for code in [*after, *(code for code in before if code not in after)]:
        texts = _text(before.get(code)), _text(after.get(code))
        if texts[0] != texts[1]:
            title = (after.get(code) or before[code])["title"]
            yield Part(code, title, _kind(*texts), marked(*texts))


def marked(old: str, new: str) -> SafeString:
    """Both texts in one: what went is struck out, what came is underlined, and both are named.

    The names are for who hears the page; on paper without colour the two lines tell.
    """
    before, after = _tokens(old), _tokens(new)
    moves = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    pieces: list[tuple[SafeString | str]] = []
    for kind, a, b, c, d in moves:
        if kind == "equal":
            pieces.append((format_html("{}", "".join(before[a:b])),))
            continue
        if b > a:
            pieces.append((_mark("del", _("removed:"), "".join(before[a:b])),))
        if d > c:
            pieces.append((_mark("ins", _("added:"), "".join(after[c:d])),))
    return format_html_join("", "{}", pieces)


def _mark(tag: str, name: str, text: str) -> SafeString:
    hidden = format_html('<span class="govuk-visually-hidden visually-hidden">{} </span>', name)
    if tag == "del":
        return format_html("<del>{}{}</del>", hidden, text)
    return format_html("<ins>{}{}</ins>", hidden, text)


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", text)


def _kind(before: str, after: str) -> str:
    if not before:
        return ADDED
    return CHANGED if after else REMOVED


def _at(content: Mapping[str, Any], path: tuple[str, ...]) -> str:
    found: Any = content
    for name in path:
        # Texts of earlier editions lack what was added since.
        found = found.get(name, "") if isinstance(found, Mapping) else ""
    if isinstance(found, list):
        return "; ".join(f"{one['name']}, {one['function']}" for one in found)
    return str(found)


def _text(clause: Mapping[str, Any] | None) -> str:
    return "\n\n".join([clause["title"], *clause["paragraphs"]]) if clause else ""
