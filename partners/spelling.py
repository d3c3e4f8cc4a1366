"""Words as the search compares them: no accents, no capitals, and near misses of spelling."""

from __future__ import annotations

import re
import unicodedata

# Letters that are a letter of their own to Unicode, and an accent to whoever types without one.
PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
WORD = re.compile(r"[^\W_]+")
# One letter less than a column holds: a sign before it says that it is whole.
LONGEST = 59
# Where the beginning of a word is compared letter by letter, and how much of it may be typed.
STEM, SHORTEST, BEGUN = 7, 3, 12
# From here on one sign is a syllable or a word.
SIGNS = "\u2e80"


def words(text: str) -> list[str]:
    """The words of a text in its order; a single letter or digit says nothing."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(one for one in folded if not unicodedata.combining(one)).translate(PLAIN)
    return [word[:LONGEST] for word in WORD.findall(plain) if len(word) > 1 or word > "z"]


def keys(word: str) -> set[str]:
    """What a word is looked up by: itself, how it begins, what is left when letters are missing."""
    shortest = 1 if word > SIGNS else SHORTEST
    begun = {f"{word[:length]}*" for length in range(shortest, min(len(word), BEGUN) + 1)}
    return {f"={word}"} | begun | shortened(word)


def shortened(word: str) -> set[str]:
    """Two words that differ in few letters share one of these."""
    found = layer = {word[:STEM]}
    for _more in range(_slips(word)):
        layer = {one[:at] + one[at + 1 :] for one in layer for at in range(len(one))}
        found = found | layer
    return found if _slips(word) else set()


def is_near(typed: str, word: str) -> bool:
    """Whether one may be the other misspelt: one slip in a short word, two in a long one."""
    allowed = min(_slips(typed), _slips(word))
    return allowed > 0 and _distance(typed, word, allowed) <= allowed


def _slips(word: str) -> int:
    """None in numbers and very short words, which are near too many others."""
    if len(word) < 4 or any(letter.isdigit() for letter in word):
        return 0
    return 1 if len(word) < 8 else 2


def _distance(one: str, other: str, most: int) -> int:
    """Letters to change, add, leave out or swap with the next; more than `most` is not counted."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        above, row = row, [i]
        for j, against in enumerate(other, start=1):
            cost = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = above
    return row[-1]
