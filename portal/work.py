"""Proof of work in ALTCHA's format: the browser calculates while the person types.

It costs a visitor a second that is not noticed, and a flood its speed. Where script is off none
is asked for; the challenge is harder there instead (see portal/challenges.py).
"""

from __future__ import annotations

import hashlib
import json
import secrets
from datetime import UTC, datetime, timedelta

import altcha
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.expired import drop
from portal.models import UsedWork

ALGORITHM = "PBKDF2/SHA-256"
ROUNDS = 2_000
# Of how many keys one is the right one, by level: half of them are tried on average.
SEARCHES = (200, 400, 800, 1600)
# A proof is some hundred bytes: more is none.
_LONGEST = 4_000


def challenge(purpose: str, level: int) -> str:
    """What the browser is to solve, as JSON; signed, so that nothing is kept here until it is."""
    expires = timezone.now() + timedelta(minutes=settings.CAPTCHA_TIMEOUT)
    made = altcha.create_challenge(
        ALGORITHM,
        ROUNDS,
        counter=secrets.randbelow(SEARCHES[level]),
        expires_at=expires,
        data={"purpose": purpose, "level": level},
        hmac_secret=_key("challenge"),
        hmac_key_secret=_key("solution"),
    )
    return json.dumps(made.to_dict())


def spend(payload: str, purpose: str, level: int) -> bool:
    """Whether this is work done for this purpose at this level, and the first time it is shown."""
    if not payload or len(payload) > _LONGEST:
        return False
    try:
        solved = altcha.Payload.from_base64(payload)
        result = altcha.verify_solution(solved, _key("challenge"), hmac_key_secret=_key("solution"))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return False
    made = solved.challenge.parameters
    if not result.verified or made.data != {"purpose": purpose, "level": level}:
        return False
    return is_first(made.nonce, datetime.fromtimestamp(made.expires_at or 0, UTC))


def is_first(nonce: str, until: datetime) -> bool:
    """Use up a random number that proves something once; False when it was used before."""
    try:
        with transaction.atomic():
            UsedWork.objects.create(nonce=nonce, expires_at=until)
    except IntegrityError:
        return False
    return True


def clear_expired(*, dry: bool = False) -> int:
    return drop(UsedWork.objects.filter(expires_at__lt=timezone.now()), dry=dry)


def _key(name: str) -> bytes:
    return hashlib.sha256(f"portal.work.{name}:{settings.SECRET_KEY}".encode()).digest()
