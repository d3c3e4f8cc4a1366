"""To whom a report may be handed over: units of the house, and organisations by their handle."""

from __future__ import annotations

from portal import pins, reference
from reporting.envelopes import unit_name

UNIT, CUSTOMS = "unit:", "customs:"
OLAF = "OLAF"


def choices(own_unit: str) -> list[tuple[str, str]]:
    """Handles and names; other units that hold a key first."""
    return [
        *((name, name_of(name)) for name in units(own_unit)),
        *reference.choices("organisation"),
        *((f"{CUSTOMS}{code}", name) for code, name in reference.choices("customs_administration")),
    ]


def units(own_unit: str) -> list[str]:
    names = pins.current().names()
    return [name for name in names if name.startswith(UNIT) and name != unit_name(own_unit)]


def is_unit(receiver: str) -> bool:
    return receiver.startswith(UNIT)


def name_of(receiver: str) -> str:
    """What to call the holder of this handle."""
    if receiver.startswith(CUSTOMS):
        code = receiver.removeprefix(CUSTOMS)
        return f"{reference.label('customs_administration', code)} ({code})"
    if is_unit(receiver):
        return receiver.removeprefix(UNIT).replace("_", " ").capitalize()
    return reference.label("organisation", receiver)
