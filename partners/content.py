"""What an exchange says, as the dictionary that is sealed: Naples II, Art. 9, and more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

# Field → what it is called, in the order of the form and of the print.
FIELDS: dict[str, Any] = {
    "authority": _("Authority that asks"),
    "measure": _("Measure asked for"),
    "object": _("Object and reason"),
    "laws": _("Laws and provisions involved"),
    "targets": _("Persons, firms and goods, as exactly as possible"),
    "facts": _("Summary of the facts"),
    "assessment": _("Assessment, kept apart from the facts"),
    "procedure": _("Particular procedure asked for"),
    "language": _("Language of the answer"),
    "limits": _("Limits on use"),
    "justification": _("Why the transfer to a third country is justified"),
}
LONGEST = 10_000


@dataclass(frozen=True)
class Row:
    """One field that was filled."""

    name: str
    label: Any
    value: str


def written(given: Mapping[str, Any]) -> dict[str, str]:
    """The fields that were filled, and nothing else that came along."""
    return {name: str(given[name]).strip() for name in FIELDS if str(given.get(name) or "").strip()}


def rows(told: Mapping[str, Any]) -> list[Row]:
    return [Row(name, label, str(told[name])) for name, label in FIELDS.items() if told.get(name)]
