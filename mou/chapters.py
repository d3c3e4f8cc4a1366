"""HS chapters as people write them: “22”, “2203.00”, “61-63”, “chapters 24 and 27”."""

from __future__ import annotations

import re

LAST = 97
# Words that change nothing of what a line says.
CONNECTING = {"and", "or", "och", "eller", "en", "of", "hs", "chapter", "chapters"}
CONNECTING |= {"kapitel", "hoofdstuk", "hoofdstukken"}
# How many digits a chapter, heading or code of goods has.
DIGITS = {1, 2, 4, 6, 8, 10}


def read(text: str) -> frozenset[str]:
    """The chapters that a line names; none where anything in it is not understood.

    A line is not read in part: who wrote “24, 99” meant two kinds of goods and named one.
    """
    text = re.sub(r"\s*[-–]\s*", "-", text.casefold())
    words = [word.strip(".") for word in re.split(r"[\s,;/&+]+", text)]
    parts = [_part(word) for word in words if word and word not in CONNECTING]
    return frozenset().union(*parts) if all(parts) else frozenset()


def is_wrong(text: str) -> bool:
    """Whether numbers stand there that are no chapters, all of them or some."""
    return any(letter.isdigit() for letter in text) and not read(text)


def _part(word: str) -> frozenset[str]:
    """A chapter, a heading or code of goods, or from one to another."""
    ends = [_chapter(one) for one in word.split("-")]
    if len(ends) > 2 or not all(1 <= end <= LAST for end in ends):
        return frozenset()
    return frozenset(f"{number:02}" for number in range(ends[0], ends[-1] + 1))


def _chapter(code: str) -> int:
    """0 where it is none."""
    digits = code.replace(".", "")
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)*", code) or len(digits) not in DIGITS:
        return 0
    return int(digits[:2])
