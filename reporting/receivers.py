"""To whom a report may be handed over: units of the house, and partners by their code."""

from __future__ import annotations

from collections.abc import Iterable

from partners.models import Partner
from portal import pins
from reporting.envelopes import unit_name

UNIT = "unit:"
OLAF = "OLAF"


def choices(own_unit: str) -> list[tuple[str, str]]:
    """Handles and names; other units that hold a key first."""
    partners = Partner.objects.current().order_by("name", "pk").only("code", "name", "country")
    return [
        *((name, _unit(name)) for name in units(own_unit)),
        *((one.code, _partner(one)) for one in partners),
    ]


def units(own_unit: str) -> list[str]:
    names = pins.current().names()
    return [name for name in names if name.startswith(UNIT) and name != unit_name(own_unit)]


def is_unit(receiver: str) -> bool:
    return receiver.startswith(UNIT)


def names(receivers: Iterable[str]) -> dict[str, str]:
    """What to call the holders of these handles; one that nobody knows any more keeps its own."""
    told = {receiver: _unit(receiver) if is_unit(receiver) else receiver for receiver in receivers}
    if partners := [receiver for receiver in told if not is_unit(receiver)]:
        told |= {one.code: _partner(one) for one in Partner.objects.filter(code__in=partners)}
    return told


def _partner(one: Partner) -> str:
    """Several countries call their service the same."""
    return f"{one.name} ({one.country})" if one.country else one.name


def _unit(receiver: str) -> str:
    return receiver.removeprefix(UNIT).replace("_", " ").capitalize()
