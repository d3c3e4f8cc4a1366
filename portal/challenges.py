"""The challenges themselves: codes to read or hear, questions in words; each answered once.

They lie in django-simple-captcha's table. What makes them single is one statement: see `spend`.
"""

from __future__ import annotations

import hashlib
import secrets
import time
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from captcha.models import CaptchaStore
from django.conf import settings
from django.core import signing
from django.utils import timezone

from portal import questions
from portal.expired import drop

# No two of these look alike (0 O Q, 1 I L, 2 Z, 4 A, 5 S, 6 G, 8 B, U V), nor a little turned.
ALPHABET = "ACDEFHJKMNPRTWXY379"
LENGTHS = (6, 6, 7, 8)
# From this level on a second one is asked for: of everybody, and of whom no script calculates for.
SECOND_FROM = 3
SECOND_WITHOUT_WORK_FROM = 1
PICTURE, QUESTION = "picture", "question"
KINDS = (PICTURE, QUESTION)
# What stands in the place of the code of a question: no picture and no sound is made of it.
IN_WORDS = "?"
# Said between words without being one of them, in the languages of the lists.
_JOINING = {"and", "och", "en"}
_SALT = "portal.challenge"


@dataclass(frozen=True)
class Challenge:
    """What one page asks: one or two of a kind, at the level that held when it was made."""

    purpose: str
    kind: str
    level: int
    keys: tuple[str, ...]
    questions: tuple[str, ...]
    issued: float

    @property
    def second_without_work_only(self) -> bool:
        return len(self.keys) > 1 and self.level < SECOND_FROM

    @property
    def length(self) -> int:
        return LENGTHS[self.level]

    @property
    def expired(self) -> bool:
        return time.time() > self.issued + settings.CAPTCHA_TIMEOUT * 60


def code(length: int = LENGTHS[0]) -> tuple[str, str]:
    """A code and its answer, as django-simple-captcha's CAPTCHA_CHALLENGE_FUNCT."""
    made = "".join(secrets.choice(ALPHABET) for _ in range(length))
    return made, made.lower()


def issue(*, purpose: str, kind: str, level: int, language: str) -> Challenge:
    """Make a challenge and keep its answer for ten minutes."""
    count = 2 if level >= SECOND_WITHOUT_WORK_FROM else 1
    rows, asked = [], []
    for _ in range(count):
        if kind == QUESTION:
            question = questions.make(level, language)
            asked.append(question.text)
            shown, answer = IN_WORDS, response(kind, " ".join(question.answer))
        else:
            shown, answer = code(LENGTHS[level])
        rows.append(
            CaptchaStore(
                challenge=shown,
                response=answer,
                hashkey=secrets.token_hex(20),
                expiration=timezone.now() + timedelta(minutes=settings.CAPTCHA_TIMEOUT),
            )
        )
    CaptchaStore.objects.bulk_create(rows)
    keys = tuple(row.hashkey for row in rows)
    return Challenge(purpose, kind, level, keys, tuple(asked), time.time())


def stamp(challenge: Challenge) -> str:
    """What the page carries of it, so that nobody can change its level, purpose or age."""
    one = challenge
    return signing.dumps(
        [one.purpose, one.kind, one.level, one.keys, one.questions, one.issued], salt=_SALT
    )


def read_stamp(text: str, purpose: str) -> Challenge | None:
    """The challenge that this page carried; None when the stamp is none of ours for this."""
    try:
        made_for, kind, level, keys, asked, issued = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        return None
    if made_for != purpose:
        return None
    return Challenge(purpose, kind, level, tuple(keys), tuple(asked), issued)


def spend(key: str, kind: str, typed: str) -> bool:
    """Take the answer, once: whoever deletes the row has answered, however many try at a time."""
    right = CaptchaStore.objects.filter(
        hashkey=key, response=response(kind, typed), expiration__gt=timezone.now()
    )
    count, _ = right.delete()
    return count == 1


def burn(keys: tuple[str, ...]) -> None:
    """These are not asked again; in order, and no further than the first that is gone already.

    Whoever took that one is about to take the next.
    """
    for key in keys:
        count, _ = CaptchaStore.objects.filter(hashkey=key).delete()
        if not count:
            return


def are_live(keys: tuple[str, ...]) -> bool:
    live = CaptchaStore.objects.filter(hashkey__in=keys, expiration__gt=timezone.now())
    return live.count() == len(keys)


def code_of(key: str) -> str | None:
    """The code to draw or to speak; None when there is none, or no longer."""
    return (
        CaptchaStore.objects.filter(hashkey=key, expiration__gt=timezone.now())
        .exclude(challenge=IN_WORDS)
        .values_list("challenge", flat=True)
        .first()
    )


def clear_expired(*, dry: bool = False) -> int:
    return drop(CaptchaStore.objects.filter(expiration__lte=timezone.now()), dry=dry)


def response(kind: str, typed: str) -> str:
    """How an answer is compared: without case, accents, punctuation; words in any order."""
    plain = unicodedata.normalize("NFKD", typed[:500]).casefold()
    if kind == QUESTION:
        words = "".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
        joined = " ".join(sorted(set(words.split()) - _JOINING))
        return hashlib.sha256(joined.encode()).hexdigest()[:32]
    return "".join(c for c in plain if c.isalnum())[:32]
