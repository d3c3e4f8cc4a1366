"""The threats that a firm is rated on, a file a version, and the arithmetic of their ratings."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from mou.models import Answer, AnswerState

FOLDER = Path(__file__).parent / "data"
NEWEST = 1
SCALE = range(1, 6)


class Level(TextChoices):
    HIGH = "high", _("High")
    MEDIUM = "medium", _("Medium")
    LOW = "low", _("Low")


@dataclass(frozen=True)
class Sign:
    """An answer that makes a threat likelier: what it is, holds, or how much it is above."""

    question: str
    equals: str = ""
    has: str = ""
    above: int | None = None

    def shows(self, answer: Answer | None) -> bool:
        if answer is None or answer.state != AnswerState.GIVEN:
            return False
        if self.above is not None:
            number = str(answer.value or "")
            return number.isascii() and number.isdigit() and int(number) > self.above
        if self.has:
            return isinstance(answer.value, list) and self.has in answer.value
        return bool(answer.value == self.equals)


@dataclass(frozen=True)
class Threat:
    code: str
    title: str
    about: str
    likelihood: int
    impact: int
    eased_by: tuple[str, ...]
    signs: tuple[Sign, ...] = ()

    def shown_by(self, answers: Mapping[str, Answer]) -> list[str]:
        """The questions whose answers raise the likelihood, once for each sign."""
        return [one.question for one in self.signs if one.shows(answers.get(one.question))]


@dataclass(frozen=True)
class Catalogue:
    """One version of the threats and of how they are rated."""

    version: int
    threats: dict[str, Threat]
    lowers: Decimal
    high: int
    medium: int

    def residual(self, likelihood: int, impact: int, maturity: Decimal | None) -> Decimal:
        """What is left of likelihood × impact; nothing is lowered where no question applies."""
        eased = self.lowers * (maturity or Decimal(0))
        left = likelihood * impact * (1 - eased)
        return Decimal(left).quantize(Decimal("0.1"), ROUND_HALF_UP)

    def level(self, figure: Decimal | int) -> Level:
        if figure >= self.high:
            return Level.HIGH
        return Level.MEDIUM if figure >= self.medium else Level.LOW


@cache
def catalogue(version: int = NEWEST) -> Catalogue:
    """The threats of this version; FileNotFoundError where there is none."""
    told = tomllib.loads((FOLDER / f"threats_{version}.toml").read_text(encoding="utf-8"))
    threats = {one["code"]: _threat(one) for one in told["threats"]}
    lowers = Decimal(str(told["lowers"]))
    return Catalogue(told["version"], threats, lowers, told["high"], told["medium"])


def _threat(told: dict[str, Any]) -> Threat:
    signs = tuple(
        Sign(one["question"], one.get("is", ""), one.get("has", ""), one.get("above"))
        for one in told.get("signs", ())
    )
    return Threat(**(told | {"signs": signs, "eased_by": tuple(told["eased_by"])}))
