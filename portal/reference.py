"""Reading the reference lists: what is valid today, by list and by code."""

from __future__ import annotations

import re
import time
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from portal.models import ReferenceItem

# A process asks the database for a list at most this often; an officer's edit shows within it.
REMEMBERED_FOR = 60.0
_remembered: dict[str, tuple[float, dict[str, ReferenceItem]]] = {}


def items(list_name: str, *, on: date | None = None) -> list[ReferenceItem]:
    """The items of a list that are valid on this day, in the order of the list."""
    day = on or timezone.localdate()
    return [item for item in _all(list_name).values() if _valid(item, day)]


def item(list_name: str, code: str) -> ReferenceItem | None:
    """One item, valid today or not: what was chosen once keeps its name."""
    return _all(list_name).get(code)


def label(list_name: str, code: str) -> str:
    """What to call this code; the code itself when the list does not know it."""
    found = item(list_name, code)
    return found.label if found else code


def choices(list_name: str) -> list[tuple[str, str]]:
    """For a form: the codes valid today and their labels."""
    return [(found.code, found.label) for found in items(list_name)]


def is_member_state(country: str) -> bool:
    return any(found.code == country for found in items("eu_member_state"))


def eori_warning(eori: str) -> str:
    """A doubt about the national part of an EORI number; never a reason to refuse it.

    The published national patterns contradict one another, so only the Commission's own service
    can say whether a number exists.
    """
    for found in items("eori_pattern"):
        if eori[:2] in found.attributes["prefixes"]:
            if re.fullmatch(found.attributes["pattern"], eori[2:]):
                return ""
            return _(
                "Numbers from {country} usually have {pattern} after the country code."
            ).format(country=found.code, pattern=found.label)
    return _("No country of the customs union gives out numbers that begin like this.")


def forget() -> None:
    """Ask the database again: the lists have changed."""
    _remembered.clear()


def _all(list_name: str) -> dict[str, ReferenceItem]:
    until, found = _remembered.get(list_name, (0.0, {}))
    if time.monotonic() >= until:
        rows = ReferenceItem.objects.filter(list=list_name).order_by("pk")
        found = {row.code: row for row in rows}
        _remembered[list_name] = (time.monotonic() + REMEMBERED_FOR, found)
    return found


def _valid(found: ReferenceItem, day: date) -> bool:
    return (found.valid_from is None or found.valid_from <= day) and (
        found.valid_to is None or found.valid_to >= day
    )
