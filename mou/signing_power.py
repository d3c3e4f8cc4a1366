"""By how many of its signatories a firm is bound, and how the text says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from mou import documents
from mou.labels import say
from mou.models import Mou
from mou.seats import named
from mou.signature_fields import MOST_SIGNATORIES
from portal.errors import DomainError


@dataclass(frozen=True)
class SigningPower:
    """How many sign together, and what says so: the articles of association, a power of attorney.

    Where one signature binds the firm nothing more need be said.
    """

    needed: int = 1
    rule: str = ""


ALONE = SigningPower()


def check(mou: Mou, power: SigningPower) -> None:
    """DomainError where a text could not be signed like this."""
    if not 1 <= power.needed <= MOST_SIGNATORIES:
        raise DomainError(
            _("A document carries from 1 to %(most)d signatures of the firm.")
            % {"most": MOST_SIGNATORIES}
        )
    if power.needed > 1 and not power.rule:
        raise DomainError(
            _("Say by what rule more than one person has to sign for the firm: the text tells it.")
        )
    people = len(named(mou))
    if people < power.needed:
        raise DomainError(
            _(
                "%(needed)d people have to sign together, and the firm has named %(named)d. "
                "Its owner has to name more signatories before the text can be drafted."
            )
            % {"needed": power.needed, "named": people}
        )


def signatories_of(mou: Mou, power: SigningPower, language: str) -> documents.Signatories:
    """Who signs, as the text names them; one person alone as it has always been said."""
    first, *others = firm_of(mou)
    found: documents.Signatories = {
        "business": first,
        "administration": {"name": "", "function": say("Countersigning officer", language)},
    }
    if others:
        found["others"] = others
        found["together"] = {
            "needed": power.needed,
            "sentence": _sentence(power.needed, len(others) + 1, language),
            "power": power.rule,
        }
    return found


def firm_of(mou: Mou) -> list[documents.Signatory]:
    """The people whom the firm has named, as a text names them."""
    return [
        {"name": membership.user.name, "function": function} for membership, function in named(mou)
    ]


def firm_in(content: Mapping[str, Any]) -> list[documents.Signatory]:
    """The people whom this text names for the firm."""
    said = content["signatories"]
    return [said["business"], *said.get("others", [])]


def _sentence(needed: int, people: int, language: str) -> str:
    if needed == people:
        words = say("All %(people)d people named here sign for the business together.", language)
    elif needed == 1:
        words = say("Any one of the %(people)d people named here signs for the business.", language)
    else:
        words = say(
            "Any %(needed)d of the %(people)d people named here sign for the business together.",
            language,
        )
    return words % {"needed": needed, "people": people}
