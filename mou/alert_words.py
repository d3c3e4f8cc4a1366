"""The codes of an alert in words, for its pages on both sides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mou.models import Alert, AlertDelivery, Because, Handling
from portal import reference

# What each marking asks of the reader.
CAVEATS: dict[str, Any] = {
    Handling.NAMED: _(
        "Only for the owners and signatories of the firm. Tell nobody else, not even colleagues."
    ),
    Handling.FIRM: _(
        "Only for people of the firm who need it for their work. Pass it on to no other firm."
    ),
    Handling.CHAIN: _(
        "For the firm and those who work on its behalf, such as its hauliers. Do not publish it."
    ),
    Handling.OPEN: _("May be passed on and published."),
}
COLOURS = {
    Handling.NAMED: "red",
    Handling.FIRM: "orange",
    Handling.CHAIN: "green",
    Handling.OPEN: "grey",
}

# Why a firm has an alert, in words to the firm.
WHY: dict[str, Any] = {
    Because.AUDIENCE: _("It goes to every firm that does what yours does."),
    Because.TOLD: _("Your firm told us of goods or transport that it concerns."),
    Because.UNKNOWN: _("We know too little of your firm’s goods or transport to leave you out."),
}


@dataclass(frozen=True)
class Words:
    """An alert's codes as a reader knows them; methods with what each one means."""

    audience: list[str]
    commodities: list[str]
    methods: list[tuple[str, str]]
    indicators: list[str]
    caveat: str
    colour: str


def words_of(alert: Alert) -> Words:
    """In the order in which they were ticked."""
    return Words(
        audience=_labels("actor_role", alert.audience),
        commodities=_labels("commodity", alert.commodities),
        methods=[_method(code) for code in alert.methods],
        indicators=_labels("indicator", alert.indicators),
        caveat=str(CAVEATS[Handling(alert.handling)]),
        colour=COLOURS[Handling(alert.handling)],
    )


def why(delivery: AlertDelivery) -> str:
    """To the firm that has it: why it does."""
    if delivery.because == Because.AUDIENCE and not delivery.alert.audience:
        return gettext("It goes to every partner firm.")
    said = str(WHY[Because(delivery.because)])
    if delivery.because != Because.UNKNOWN or delivery.cover_id is not None:
        return said
    # A member firm answers no survey: it could not do anything about it.
    return said + " " + gettext("The answers of your next survey decide what we send you.")


def _labels(listed: str, codes: list[str]) -> list[str]:
    return [reference.label(listed, code) for code in codes]


def _method(code: str) -> tuple[str, str]:
    found = reference.item("concealment", code)
    meaning = found.attributes.get("description", "") if found is not None else ""
    return reference.label("concealment", code), meaning
