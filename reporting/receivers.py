"""To whom a report may be handed over: units of the house, and partners by their code."""

from __future__ import annotations

from collections.abc import Iterable

from partners.models import Partner
from portal import pins
from portal.models import User
from reporting.envelopes import unit_name

UNIT = "unit:"
OLAF = "OLAF"


def choices(own_unit: str, user: User) -> list[tuple[str, str]]:
    """Handles and names; other units that hold a key first, then partners this officer may know."""
    known = Partner.objects.current() & Partner.objects.visible_to(user)
    partners = known.order_by("name", "pk").only("code", "name", "country")
    return [
        *((name, _unit(name)) for name in units(own_unit)),
        *((one.code, _partner(one)) for one in partners),
    ]


def units(own_unit: str) -> list[str]:
    names = pins.current().names()
    return [name for name in names if name.startswith(UNIT) and name != unit_name(own_unit)]


def is_unit(receiver: str) -> bool:
    return receiver.startswith(UNIT)


def names(receivers: Iterable[str], user: User) -> dict[str, str]:
    """What to call the holders of these handles; one unknown to the reader keeps its own."""
    told = {receiver: _unit(receiver) if is_unit(receiver) else receiver for receiver in receivers}
    if partners := [receiver for receiver in told if not is_unit(receiver)]:
        known = Partner.objects.visible_to(user).filter(code__in=partners)
        told |= {one.code: _partner(one) for one in known}
    return told


def _partner(one: Partner) -> str:
    """Several countries call their service the same."""
    return f"{one.name} ({one.country})" if one.country else one.name


def _unit(receiver: str) -> str:
    return receiver.removeprefix(UNIT).replace("_", " ").capitalize()
