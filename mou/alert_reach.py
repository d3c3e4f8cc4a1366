"""Which firms an alert concerns: by what they are, and by the goods and transport they told of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Exists, OuterRef, Q

from mou import chapters
from mou.lifecycle import MouStatus, SurveyStatus
from mou.models import Alert, Answer, AnswerState, Because, Cover, FlowSurvey, Mou
from portal import reference

# Question of the survey → what its answer tells; the lists say by the same names whom a code
# concerns (`chapters`, `handled`, `modes` of the lists `commodity` and `concealment`).
TELLS = {"C16": "chapters", "C17": "handled", "B6": "modes"}
# Surveys that a firm has handed over; what it is still writing counts for nothing.
HANDED_OVER = (SurveyStatus.SUBMITTED, SurveyStatus.ACCEPTED, SurveyStatus.FROZEN)
# Words that change nothing of what a line says.
CONNECTING = {"and", "or", "by", "via", "then", "och", "eller", "med", "sedan", "en", "of", "per"}
CONNECTING |= {"door"}
# Of a code that is listed as concerning nobody in particular.
EVERY_FIRM: Mapping[str, frozenset[str]] = {}

# What a firm told, by what it tells; a name that is missing is not known.
Known = dict[str, frozenset[str]]


@dataclass(frozen=True)
class Reach:
    """How many firms an alert goes to, why, and how many of its audience it leaves out."""

    counts: dict[Because, int] = field(default_factory=dict)
    left_out: int = 0

    @property
    def firms(self) -> int:
        return sum(self.counts.values())

    @property
    def told(self) -> int:
        return self.counts.get(Because.TOLD, 0)

    @property
    def unknown(self) -> int:
        return self.counts.get(Because.UNKNOWN, 0)


@dataclass(frozen=True)
class Aim:
    """Whom an alert is for: its audience, and what each chosen code of goods and methods asks."""

    audience: frozenset[str]
    choices: tuple[tuple[Mapping[str, frozenset[str]], ...], ...]

    @property
    def asks(self) -> set[str]:
        """What has to be known of a firm to tell whether it is concerned."""
        return {name for codes in self.choices for code in codes for name in code}

    def because(self, roles: Iterable[str], known: Known) -> Because | None:
        """Why this firm gets the alert; None where it does not.

        A firm is left out only when what it told says so. Where nothing is known, or not enough,
        it gets the alert: a warning too many costs a minute, one that is missing may cost a load.
        """
        if self.audience and self.audience.isdisjoint(roles):
            return None
        found = [_chosen(codes, known) for codes in self.choices]
        if None in found:
            return None
        if Because.UNKNOWN in found:
            return Because.UNKNOWN
        return Because.TOLD if Because.TOLD in found else Because.AUDIENCE


def aim_of(alert: Alert) -> Aim:
    choices = [
        tuple(_asked(listed, code) for code in codes)
        for listed, codes in (("commodity", alert.commodities), ("concealment", alert.methods))
        if codes
    ]
    return Aim(frozenset(alert.audience), tuple(choices))


def known_of(mous: Iterable[Mou] | None, asks: set[str]) -> dict[int, Known]:
    """What the firms of these agreements told last, in one query; None for all in force."""
    codes = [code for code, name in TELLS.items() if name in asks]
    if not codes:
        return {}
    later = FlowSurvey.objects.filter(
        mou=OuterRef("survey__mou"), status__in=HANDED_OVER, pk__gt=OuterRef("survey")
    )
    which = Q(survey__mou__status=MouStatus.IN_FORCE) if mous is None else Q(survey__mou__in=mous)
    answers = Answer.objects.filter(
        which,
        ~Exists(later),
        code__in=codes,
        state=AnswerState.GIVEN,
        survey__status__in=HANDED_OVER,
    )
    found: dict[int, Known] = {}
    rows = answers.values_list("survey__mou", "code", "value").order_by()
    for mou_id, code, value in rows.iterator():
        told = READ[TELLS[code]](value)
        if told:
            found.setdefault(mou_id, {})[TELLS[code]] = told
    return found


def reach_of(alert: Alert) -> Reach:
    """Whom it would reach if it went out now; three queries however many firms there are."""
    aim = aim_of(alert)
    known = known_of(None, aim.asks)
    counts: dict[Because, int] = {}
    left_out = 0
    for mou_id, roles in _firms():
        because = aim.because(roles, known.get(mou_id, {}))
        if because is not None:
            counts[because] = counts.get(because, 0) + 1
        elif not aim.audience or not aim.audience.isdisjoint(roles):
            left_out += 1
    return Reach(counts, left_out)


def _firms() -> Iterator[tuple[int, list[str]]]:
    """Agreement and trades of each firm that takes part; 0 for a member: it answers no survey."""
    mous = Mou.objects.filter(status=MouStatus.IN_FORCE).order_by()
    yield from mous.values_list("pk", "organisation__roles").iterator()
    covers = Cover.objects.in_force().order_by()
    for roles in covers.values_list("organisation__roles", flat=True).iterator():
        yield 0, roles


def _asked(listed: str, code: str) -> Mapping[str, frozenset[str]]:
    """Whom this code concerns, as its list says today."""
    item = reference.item(listed, code)
    if item is None:
        return EVERY_FIRM
    given = {name: item.attributes.get(name) for name in TELLS.values()}
    return {name: frozenset(map(str, said)) for name, said in given.items() if said}


def _chosen(codes: Iterable[Mapping[str, frozenset[str]]], known: Known) -> Because | None:
    """One is enough: concerned by any of these, or not known to be by none."""
    found = [_concerned(code, known) for code in codes]
    for because in (Because.AUDIENCE, Because.TOLD, Because.UNKNOWN):
        if because in found:
            return because
    return None


def _concerned(code: Mapping[str, frozenset[str]], known: Known) -> Because | None:
    if not code:
        return Because.AUDIENCE
    if any(not said.isdisjoint(known.get(name, ())) for name, said in code.items()):
        return Because.TOLD
    return None if code.keys() <= known.keys() else Because.UNKNOWN


# --- What answers tell ----------------------------------------------------------------------
# Empty wherever a line cannot be read: then it is not known, which leaves no firm out.


def _chapters(value: Any) -> frozenset[str]:
    """The HS chapters of the goods."""
    lines = [chapters.read(str(line.get("chapter", ""))) for line in _lines(value)]
    return frozenset().union(*lines) if lines and all(lines) else frozenset()


def _handled(value: Any) -> frozenset[str]:
    return frozenset(map(str, value)) if isinstance(value, list) else frozenset()


def _modes(value: Any) -> frozenset[str]:
    """The codes of transport, by number or by a word that the list knows."""
    lines = [_modes_of(str(line.get("mode", ""))) for line in _lines(value)]
    return frozenset().union(*lines) if lines and all(lines) else frozenset()


def _modes_of(text: str) -> set[str]:
    said = text.casefold()
    found, left = set(), said
    for item in reference.items("transport_mode"):
        for word in (item.code, item.label, *item.attributes.get("words", ())):
            if item.attributes.get("words") and _whole(word).search(said):
                found.add(item.code)
                left = _whole(word).sub(" ", left)
    return found if _readable(left) else set()


def _readable(text: str) -> bool:
    """Whether nothing stands there that is not understood."""
    return CONNECTING.issuperset(re.findall(r"\w+", text.casefold()))


@cache
def _whole(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word.casefold())}(?!\w)")


def _lines(value: Any) -> list[dict[str, Any]]:
    return [line for line in value if isinstance(line, dict)] if isinstance(value, list) else []


READ = {"chapters": _chapters, "handled": _handled, "modes": _modes}
