"""What every page of intake has in common: its fields in parts, and groups that repeat."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise

Stored = dict[str, list[str]]
Content = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """Fields that stand together; folded away behind a line when few people need them."""

    names: tuple[str, ...]
    title: str | Promise = ""
    folded: bool = False


@dataclass
class Shown:
    """A part as a page draws it."""

    title: str
    folded: bool
    open: bool
    fields: list[BoundField] = field(default_factory=list)


class PageForm(forms.Form):
    """Answers of one page. What was typed is kept as typed; content is made of it at the end."""

    parts: tuple[Part, ...] = ()
    use_required_attribute = False

    def __init__(
        self,
        stored: Mapping[str, list[str]] | None = None,
        *,
        partner: Mapping[str, Any] | None = None,
        prefix: str | None = None,
    ) -> None:
        self.stored: Stored = dict(stored or {})
        self.partner = dict(partner or {})
        super().__init__(MultiValueDict(self.stored) if stored is not None else None, prefix=prefix)
        self.quiet = False
        self.arrange()

    def arrange(self) -> None:
        """Leave out what the answers so far make pointless."""

    def said(self, name: str) -> str:
        """One stored answer, whether the form is valid or not."""
        return (self.stored.get(self.add_prefix(name)) or [""])[-1]

    def leave_out(self, names: Iterable[str]) -> None:
        """These questions are not asked, unless they were answered: nothing hides."""
        for name in names:
            if not any(value.strip() for value in self.stored.get(self.add_prefix(name), [])):
                self.fields.pop(name, None)

    def asks_more_than(self, before: PageForm) -> bool:
        """Whether the answers just given bring questions that the page did not have."""
        return bool(self.fields.keys() - before.fields.keys())

    @property
    def faults(self) -> list[tuple[str, str]]:
        """Each error with the element that it leads to."""
        if self.quiet:
            return []
        return [
            (f"id_{self.add_prefix(name)}", str(message))
            for name, messages in self.errors.items()
            for message in messages
        ]

    @property
    def shown(self) -> Iterator[Shown]:
        """The parts, with those of their fields that are asked."""
        for part in self.parts:
            fields = [self[name] for name in part.names if name in self.fields]
            if fields:
                faulty = any(one.name in self.errors for one in fields)
                told = faulty or any(one.value() for one in fields)
                yield Shown(str(part.title), part.folded, told, fields)

    def keeps(self, posted: Any) -> Stored:
        """What was posted of this page's answers, and what was stored of questions not asked.

        Only a box without its tick is sent as nothing; any other answer that is missing stays.
        """
        kept: Stored = {}
        for name, one in self.base_fields.items():
            key = self.add_prefix(name)
            if key in posted:
                kept[key] = [str(value) for value in posted.getlist(key)]
            elif key in self.stored and not (name in self.fields and _is_boxes(one)):
                kept[key] = self.stored[key]
        return kept

    def fold(self, content: Content) -> None:
        """Put the cleaned answers where the content has them."""


def _is_boxes(field: forms.Field) -> bool:
    return isinstance(field.widget, forms.SelectMultiple | forms.CheckboxInput)


class Group(PageForm):
    """One of several things of a kind: a person, a vehicle."""

    def as_content(self) -> Content:
        """Its answers, without those that were not given."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class Groups:
    """As many of a kind as were added; the page always has one to fill in."""

    def __init__(self, form: type[Group], name: str, stored: Stored | None, most: int) -> None:
        self.form, self.name, self.most = form, name, most
        self.pattern = re.compile(rf"{re.escape(name)}-([0-9]{{1,3}})-")
        self.count = min(max(self._told(stored or {}), 1), most)
        self.forms = [form(stored, prefix=f"{name}-{number}") for number in range(self.count)]

    def _told(self, stored: Stored) -> int:
        numbers = [int(found[1]) for key in stored if (found := self.pattern.match(key))]
        return max(numbers, default=-1) + 1

    @property
    def is_full(self) -> bool:
        return self.count >= self.most

    def keeps(self, posted: Any) -> Stored:
        """What was posted of each, and nothing else."""
        told = min(self._told({key: [] for key in posted}), self.most)
        kept: Stored = {}
        for number in range(told):
            form = self.forms[number] if number < self.count else self.form()
            form.prefix = f"{self.name}-{number}"
            kept |= form.keeps(posted)
        return kept

    def with_another(self, stored: Stored) -> Stored:
        """One more, empty."""
        number = max(self._told(stored), 1)
        if number >= self.most:
            return stored
        first = next(iter(self.form.base_fields))
        return {**stored, f"{self.name}-{number}-{first}": [""]}

    def without(self, stored: Stored, number: int) -> Stored:
        """All but this one; those after it move up."""
        kept: Stored = {}
        for key, values in stored.items():
            found = self.pattern.match(key)
            place = int(found[1]) if found else -1
            if not found or place < number:
                kept[key] = values
            elif place > number:
                kept[f"{self.name}-{place - 1}-{key[found.end() :]}"] = values
        return kept

    def is_valid(self) -> bool:
        # Each is asked: content is made of what is valid in the others too.
        valid = [form.is_valid() for form in self.forms]
        return all(valid)

    @property
    def faults(self) -> list[tuple[str, str]]:
        return [fault for form in self.forms for fault in form.faults]

    def as_content(self) -> list[Content]:
        return [told for form in self.forms if (told := form.as_content())]
