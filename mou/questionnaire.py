"""The questions of the survey, a file a version: what is asked, in which section, of which flow."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from portal import reference

FOLDER = Path(__file__).parent / "data"
NEWEST = 1
FLOWS = ("transport", "goods", "information")
TYPES = ("choice", "yesno", "maturity", "number", "table", "text", "file")


@dataclass(frozen=True)
class Question:
    """One question. `columns` are code and heading; only of a table."""

    code: str
    text: str
    type: str
    help: str = ""
    flow: str = ""
    optional: bool = False
    restricted: bool = False
    choices: str = ""
    columns: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Section:
    code: str
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Questionnaire:
    """One version of the survey."""

    version: int
    sections: tuple[Section, ...]
    levels: tuple[str, ...]
    lists: dict[str, tuple[tuple[str, str], ...]]

    @property
    def questions(self) -> dict[str, Question]:
        return {one.code: one for section in self.sections for one in section.questions}

    def section(self, code: str) -> Section | None:
        return next((one for one in self.sections if one.code == code), None)

    def choices(self, question: Question) -> list[tuple[str, str]]:
        """What may be chosen, as code and words."""
        if question.type == "maturity":
            return [(str(level), f"{level}: {_(text)}") for level, text in enumerate(self.levels)]
        if question.type == "yesno":
            return [("yes", _("Yes")), ("no", _("No"))]
        if question.choices in self.lists:
            return [(code, _(text)) for code, text in self.lists[question.choices]]
        return reference.choices(question.choices)


@cache
def questionnaire(version: int = NEWEST) -> Questionnaire:
    """The questions of this version; FileNotFoundError where there is none."""
    told = tomllib.loads((FOLDER / f"questionnaire_{version}.toml").read_text(encoding="utf-8"))
    lists = {name: tuple((c, t) for c, t in pairs) for name, pairs in told["choices"].items()}
    sections = tuple(
        Section(one["code"], one["title"], tuple(map(_question, one["questions"])))
        for one in told["sections"]
    )
    return Questionnaire(told["version"], sections, tuple(told["maturity"]), lists)


def _question(told: dict[str, Any]) -> Question:
    columns = tuple((code, heading) for code, heading in told.get("columns", ()))
    return Question(**(told | {"columns": columns}))
