"""A visit to the inbox: the receipt in a cookie that only intake can open, for fifteen minutes.

Nothing of it is stored here. The cookie goes to the pages of the inbox alone, and with the window.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from portal import sealing, work
from portal.sealing import SealBroken

IDLE_SECONDS = 15 * 60
COOKIE: str = settings.INBOX_COOKIE_NAME
PATH = "/report/inbox/"
_INFO = b"reporting.visits"


@dataclass(frozen=True)
class Visit:
    """Whose inbox is open, and the proof of a challenge solved for files: good for one message."""

    receipt: str = field(repr=False)
    proof: str = ""

    @property
    def proved(self) -> bool:
        return bool(self.proof)

    def with_proof(self) -> Visit:
        return replace(self, proof=secrets.token_hex(16))

    def without_proof(self) -> Visit:
        return replace(self, proof="")

    def spend_proof(self) -> bool:
        """Whether the proof is there and was not used; an old cookie brings it back in vain."""
        # A visit ends after fifteen minutes without a page, and a cookie says when it was made.
        until = timezone.now() + timedelta(seconds=2 * IDLE_SECONDS)
        return self.proved and work.is_first(self.proof, until)


def current(request: HttpRequest) -> Visit | None:
    """The visit that this browser is on; None when there is none, or nobody used it for long."""
    cookie = request.COOKIES.get(COOKIE, "")
    try:
        boxed = base64.urlsafe_b64decode(cookie.encode())
        told = json.loads(sealing.unpad(sealing.unbox(_key(), boxed, _INFO)))
        seen = float(told["seen"])
    except (SealBroken, ValueError, KeyError):
        return None
    if not 0 <= time.time() - seen < IDLE_SECONDS:
        return None
    return Visit(told["receipt"], str(told["proof"]))


def ran_out(request: HttpRequest) -> bool:
    """Whether there was a visit that is over by now."""
    return bool(request.COOKIES.get(COOKIE)) and current(request) is None


def keep(response: HttpResponse, visit: Visit) -> HttpResponse:
    """Go on for another fifteen minutes."""
    told = {"receipt": visit.receipt, "proof": visit.proof, "seen": time.time()}
    # Padded: the number of digits tells nothing either.
    boxed = sealing.box(_key(), sealing.pad(json.dumps(told).encode()), _INFO)
    response.set_cookie(
        COOKIE,
        base64.urlsafe_b64encode(boxed).decode(),
        path=PATH,
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Strict",
    )
    return response


def leave(response: HttpResponse) -> HttpResponse:
    """Forget the receipt."""
    response.set_cookie(
        COOKIE,
        "",
        max_age=0,
        path=PATH,
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Strict",
    )
    return response


def _key() -> bytes:
    return hashlib.shake_256(_INFO + b"|" + settings.SECRET_KEY.encode()).digest(sealing.KEY)
