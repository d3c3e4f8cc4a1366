"""What customs may say of what a firm did: codes in words, and a sentence that is screened."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from portal.errors import DomainError

FOLDER = Path(__file__).parent / "data"
LONGEST = 160
# What points at a person, a consignment or a case: addresses, links, long numbers, several in one.
POINTERS = re.compile(r"@|https?:|www\.|\d[\d\s/.-]{2,}\d|[A-Z]{2,}\d{2,}", re.IGNORECASE)


@dataclass(frozen=True)
class Word:
    """One code: what the officer chooses, what the firm reads, and of what it may be said."""

    code: str
    desk: str
    firm: str
    about: tuple[str, ...]
    retired: bool = False


@cache
def words() -> dict[str, Word]:
    """Every code that was ever given."""
    told = tomllib.loads((FOLDER / "feedback_1.toml").read_text(encoding="utf-8"))
    return {one["code"]: Word(**(one | {"about": tuple(one["about"])})) for one in told["codes"]}


def choices(about: str) -> list[tuple[str, str]]:
    """What may be said of this kind of thing today."""
    return [
        (one.code, _(one.desk))
        for one in words().values()
        if about in one.about and not one.retired
    ]


def screened(sentence: str) -> str:
    """One plain sentence that tells nothing of a case; else DomainError with what to leave out."""
    sentence = " ".join(sentence.replace("\x00", "").split())
    if len(sentence) > LONGEST:
        raise DomainError(
            _("Write one sentence of at most %(count)d characters.") % {"count": LONGEST}
        )
    if re.search(r"[.!?]\s+\S", sentence):
        raise DomainError(_("Write one sentence only: the code says the rest."))
    if found := POINTERS.search(sentence):
        raise DomainError(
            _("Leave out “%(found)s”: no numbers, addresses or links are told here.")
            % {"found": found[0].strip()}
        )
    for word in re.findall(r"\w+", sentence):
        if word.casefold().startswith(_confidential()):
            raise DomainError(
                _("Leave out “%(found)s”: nothing of a case is told here. Say it by a code.")
                % {"found": word}
            )
    return sentence


@cache
def _confidential() -> tuple[str, ...]:
    told = tomllib.loads((FOLDER / "confidential_words.toml").read_text(encoding="utf-8"))
    return tuple(one.casefold() for one in told["begins"])
