"""Risks as they are read: a table, and beside it two maps of likelihood against impact."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from mou.models import RiskAssessment, RiskRating, SharedRisks
from mou.threats import SCALE, Catalogue, Level, Threat, catalogue

CELL, LEFT, TOP = 64, 72, 12
FOOT = 48
A_LINE, LINE = 3, 15
STAR = "*"
COLOURS = {Level.HIGH: "red", Level.MEDIUM: "yellow", Level.LOW: "green"}


@dataclass(frozen=True)
class Risk:
    """One threat as it was rated; `rating` only where the reader may change it."""

    number: int
    threat: Threat
    likelihood: int
    impact: int
    residual: Decimal
    inherent_level: Level
    level: Level
    rating: RiskRating | None = None

    @property
    def inherent(self) -> int:
        return self.likelihood * self.impact

    @property
    def colour(self) -> str:
        return COLOURS[self.level]


@dataclass(frozen=True)
class Square:
    """One field of a map, with the numbers of the threats that stand in it."""

    x: int
    y: int
    level: str
    text: str

    @property
    def text_x(self) -> int:
        return self.x + CELL // 2

    @property
    def lines(self) -> list[tuple[int, str]]:
        """The numbers, three beside each other, with the height at which each line stands."""
        numbers = self.text.split()
        rows = [" ".join(numbers[at : at + A_LINE]) for at in range(0, len(numbers), A_LINE)]
        first = self.y + CELL // 2 + 5 - (len(rows) - 1) * LINE // 2
        return [(first + place * LINE, row) for place, row in enumerate(rows)]


def of_assessment(assessment: RiskAssessment) -> list[Risk]:
    """The officers' view, the worst first."""
    known = catalogue(assessment.version)
    return _numbered(
        known,
        (
            (
                known.threats[one.threat],
                one.likelihood,
                one.impact,
                _left(known, one),
                one,
            )
            for one in assessment.ratings.order_by("pk")
        ),
    )


def of_shared(shared: SharedRisks) -> list[Risk]:
    """What the firm was shown."""
    known = catalogue(shared.version)
    return _numbered(
        known,
        (
            (
                known.threats[one["code"]],
                one["likelihood"],
                one["impact"],
                Decimal(one["residual"]),
                None,
            )
            for one in shared.risks
        ),
    )


def maps(risks: list[Risk], known: Catalogue) -> list[dict[str, Any]]:
    """Before and after what is arranged, for `mou/includes/heat_map.svg`."""
    return [
        _map(
            known,
            _("With nothing arranged"),
            {one.number: one.likelihood for one in risks},
            [(one, one.inherent_level) for one in risks],
        ),
        _map(
            known,
            _("With what is arranged"),
            {one.number: _likelihood_left(known, one) for one in risks},
            [(one, one.level) for one in risks],
        ),
    ]


def _likelihood_left(known: Catalogue, one: Risk) -> int:
    """What is arranged lowers the likelihood, not the harm: the row nearest to what is left.

    Of the rows whose field has the class that the table says: rounding makes no other of it.
    """
    fitting = [row for row in SCALE if known.level(row * one.impact) == one.level]
    return min(fitting or SCALE, key=lambda row: abs(row - one.residual / one.impact))


def _left(known: Catalogue, one: RiskRating) -> Decimal:
    if one.override is not None:
        return Decimal(one.override)
    return known.residual(one.likelihood, one.impact, one.maturity)


def _numbered(known: Catalogue, found: Iterable[tuple[Any, ...]]) -> list[Risk]:
    worst = sorted(found, key=lambda one: (-one[3], -one[1] * one[2]))
    return [
        Risk(
            number,
            threat,
            likelihood,
            impact,
            residual,
            known.level(likelihood * impact),
            known.level(residual),
            rating,
        )
        for number, (threat, likelihood, impact, residual, rating) in enumerate(worst, start=1)
    ]


def _map(
    known: Catalogue, title: str, likelihoods: dict[int, int], risks: list[tuple[Risk, Level]]
) -> dict[str, Any]:
    """With a star at a number whose class the table says is not that of its field."""
    squares = [
        Square(
            LEFT + (impact - 1) * CELL,
            TOP + (5 - likelihood) * CELL,
            known.level(likelihood * impact),
            " ".join(
                f"{one.number}{'' if level == known.level(likelihood * impact) else STAR}"
                for one, level in risks
                if (likelihoods[one.number], one.impact) == (likelihood, impact)
            ),
        )
        for likelihood in SCALE
        for impact in SCALE
    ]
    return {
        "title": title,
        "squares": squares,
        "has_star": any(STAR in one.text for one in squares),
        "cell": CELL,
        "width": LEFT + 5 * CELL + 12,
        "height": TOP + 5 * CELL + FOOT,
        "middle": LEFT + 5 * CELL // 2,
        "rows": [(6 - place, TOP + (place - 1) * CELL + CELL // 2 + 5) for place in SCALE],
        "columns": [(place, LEFT + (place - 1) * CELL + CELL // 2) for place in SCALE],
        "below": TOP + 5 * CELL + 18,
        "foot": TOP + 5 * CELL + 40,
        "row_end": LEFT - 10,
    }
