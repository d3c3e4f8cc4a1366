"""Answering challenges in tests: what a person would type, read from the store."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from captcha.models import CaptchaStore
from django.conf import settings
from django.core import signing

from portal import challenges, questions
from portal.challenges import Challenge, read_stamp

SALT = "portal.challenge"


def read_page(page: str) -> str:
    """The stamp of the challenge on this page."""
    return unescape(re.search(r'name="challenge_stamp" value="([^"]+)"', page)[1])


def asked(stamp: str, purpose: str = "report") -> Challenge:
    found = read_stamp(stamp, purpose)
    assert found
    return found


def aged(stamp: str, seconds: float | None = None) -> str:
    """The same challenge, shown so long ago that a person can have answered it."""
    if seconds is None:
        seconds = max(settings.CHALLENGE_SECONDS)
    *rest, issued = signing.loads(stamp, salt=SALT)
    return signing.dumps([*rest, issued - seconds], salt=SALT)


def answers(page: str, purpose: str = "report", **more: Any) -> dict[str, Any]:
    """What to send for the challenge on this page, slowly enough, right answer included."""
    stamp = aged(read_page(page))
    challenge = asked(stamp, purpose)
    typed = [answer_to(challenge, at) for at in range(len(challenge.keys))]
    names = ("challenge_answer", "challenge_second")
    return {"challenge_stamp": stamp, **dict(zip(names, typed, strict=False)), **more}


def answer_to(challenge: Challenge, at: int = 0) -> str:
    if challenge.kind == challenges.PICTURE:
        return CaptchaStore.objects.get(hashkey=challenge.keys[at]).challenge
    return words_of(challenge.questions[at])


def words_of(question: str, language: str = "en") -> str:
    """The words that are of the kind that is asked for."""
    for kind, words in questions.words(language).items():
        if f" {kind}:" in question:
            shown = re.findall(r"[\w]+", question.partition(":")[2])
            return " ".join(word for word in shown if word in words)
    raise AssertionError(question)
