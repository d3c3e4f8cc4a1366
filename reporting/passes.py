"""Passes: how somebody from a firm's pages comes to intake as such, once, without logging in there.

The site writes a pass that its token alone opens, and forgets the token. Intake opens it and
deletes it. A pass never says which person came.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import sealing
from portal.errors import DomainError
from portal.models import Organisation
from portal.sealing import SealBroken
from reporting.models import Pass

LASTS = timedelta(minutes=10)
FIRM, OWN, OURS = "firm", "own", "ours"
CAPACITIES = (FIRM, OWN, OURS)


class PassGone(DomainError):
    """The token was used before, is older than ten minutes, or never was one."""


def issue(*, organisation: Organisation, capacity: str, in_force: bool, language: str) -> str:
    """A pass for one use; returns its token, which is kept nowhere."""
    token = secrets.token_urlsafe(32)
    told = {
        "organisation": {"uuid": str(organisation.uuid), "name": organisation.legal_name},
        "capacity": capacity,
        "in_force": in_force,
        "language": language,
    }
    name = _derived(token, "name").hex()
    box = sealing.box(_derived(token, "key"), json.dumps(told).encode(), name.encode())
    Pass.objects.bulk_create([Pass(id=name, box=box, expires_at=timezone.now() + LASTS)])
    return token


def redeem(token: str) -> dict[str, Any]:
    """What the pass brings; PassGone unless this is its first use within ten minutes."""
    name = _derived(token, "name").hex()
    mine = Pass.objects.filter(pk=name)
    found = next(iter(mine), None)
    # Of two who come with one token, the one whose statement deletes the row is let in.
    if found is None or not mine._raw_delete(mine.db) or found.expires_at <= timezone.now():
        raise PassGone(
            _("This way in works once, for ten minutes. Your firm’s pages give you another.")
        )
    try:
        return json.loads(sealing.unbox(_derived(token, "key"), bytes(found.box), name.encode()))
    except (SealBroken, ValueError) as error:
        raise PassGone(_("This way in is not one of ours.")) from error


def _derived(token: str, purpose: str) -> bytes:
    told = b"reporting.passes|" + purpose.encode() + b"|" + token.encode()
    return hashlib.shake_256(told).digest(32)


# --- A firm's reports -----------------------------------------------------------------------


def firm_tag(organisation: UUID) -> str:
    """Under which intake finds a firm's reports again; nobody without its key can."""
    return firm_tags(organisation)[0]


def firm_tags(organisation: UUID) -> list[str]:
    """The same under every key that FIELD_KEY lists, the newest first."""
    keys = [key.strip() for key in settings.FIELD_KEY.split(",") if key.strip()]
    told = b"reporting.firm|" + organisation.bytes
    return [hmac.new(key.encode(), told, hashlib.sha256).hexdigest() for key in keys]
