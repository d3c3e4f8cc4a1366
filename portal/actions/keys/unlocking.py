"""Unlocking: the desk passphrase opens an officer's keys; wrong ones are counted and recorded."""

from __future__ import annotations

import time

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from portal import audit, keyring
from portal.errors import DomainError
from portal.keyring import Unlocked, WrongPassphrase
from portal.models import DeskKey, User

# Wrong passphrases of one officer, and the seconds in which they count. They are counted beside
# the key, so that no cache that is down or emptied gives new tries.
TRIES, WITHIN = 5, 15 * 60


class TooManyTries(DomainError):
    """Too many wrong passphrases: wait."""


def unlock_desk(
    *, request: HttpRequest, response: HttpResponse, user: User, passphrase: str
) -> Unlocked:
    """Open the officer's keys for this session."""
    _guess(user)
    try:
        keys = keyring.unlock(request, response, passphrase)
    except WrongPassphrase:
        audit.record("desk_unlock_failed", target=user, by=user)
        raise
    return _opened(keys)


def open_keys(*, user: User, passphrase: str) -> Unlocked:
    """The officer's keys for work at a terminal."""
    _guess(user)
    try:
        keys = keyring.open_keys(user, passphrase)
    except WrongPassphrase:
        audit.record("desk_unlock_failed", target=user, by=user)
        raise
    return _opened(keys)


def lock_desk(*, request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Forget the officer's keys in this session."""
    keyring.lock(request, response)
    audit.record("desk_locked", target=user, by=user)


@transaction.atomic
def _guess(user: User) -> None:
    """Count a try before it is made, so that no two at once get past the limit."""
    key = DeskKey.objects.select_for_update().filter(user=user, revoked_at=None).first()
    if key is None:
        return
    now = time.time()
    recent = [tried for tried in key.tries if now - WITHIN < tried <= now]
    if len(recent) >= TRIES:
        raise TooManyTries(
            _("Too many wrong passphrases. Wait a quarter of an hour, then try again.")
        )
    key.tries = [*recent, now]
    key.save(update_fields=["tries"])


@transaction.atomic
def _opened(keys: Unlocked) -> Unlocked:
    """It was right: earlier slips no longer count."""
    DeskKey.objects.filter(user=keys.user, revoked_at=None).update(tries=[])
    audit.record("desk_unlocked", target=keys.user, by=keys.user)
    return keys
