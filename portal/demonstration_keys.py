"""Keys of the demonstration: made once, with passphrases that are printed at every start."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from portal import demonstration as people
from portal import key_terminal, keyring, pins
from portal.actions import keys
from portal.keyring import Unlocked
from portal.models import DeskKey, SealingKey, User
from portal.permissions import LIAISON_KEY

LIAISON = "liaison@customs.example"
OFFICERS = (
    "triage@customs.example",
    "supervisor@customs.example",
    "custodian@customs.example",
    LIAISON,
)
KEPT = "demonstration_passphrases.json"


def make_keys() -> dict[str, str]:
    """The desk's keys and each officer's passphrase; what was made before is told again.

    A passphrase is kept nowhere else in the portal. Here everything is invented, and whoever looks
    at the demonstration tomorrow has to be able to unlock the desk again.
    """
    people.require_demonstration()
    kept = _folder() / KEPT
    if not SealingKey.objects.exists():
        _write(kept, json.dumps(_ceremony()))
    found: dict[str, str] = json.loads(kept.read_text())
    if LIAISON not in found:
        found |= _key_of_the_liaison_desk()
        _write(kept, json.dumps(found))
    return found


def unlocked(email: str) -> Unlocked:
    """What this officer holds while the desk is unlocked."""
    user = User.objects.get(email=email)
    return keyring.open_keys(user, make_keys()[email])


def _ceremony() -> dict[str, str]:
    ceremony = keys.create_keys(
        units=["desk"], expires=timezone.localdate() + timedelta(days=365), by=None
    )
    _write(Path(settings.PINS_FILE), ceremony.pinned.decode())
    key_terminal.keep_for_development(ceremony.offline)
    recovery = ceremony.made[keys.RECOVERY]
    key_terminal.write_shares(_folder(), recovery, ceremony.shares)
    pins.forget()
    passphrases = {}
    for email in OFFICERS:
        user = User.objects.get(email=email)
        passphrases[email] = keys.set_up_desk_key(user=user, confirmed=True)
        desk_key = DeskKey.objects.get(user=user, revoked_at=None)
        for name in keys.names_for(user):
            made = ceremony.made[name]
            keys.wrap(row=made.row, bundle=made.bundle, desk_key=desk_key, by=None)
    return passphrases


def _key_of_the_liaison_desk() -> dict[str, str]:
    """A demonstration that is older than this key gets it."""
    officer = User.objects.get(email=LIAISON)
    passphrase = keys.set_up_desk_key(user=officer, confirmed=True)
    held = DeskKey.objects.filter(revoked_at=None, user__email__in=OFFICERS)
    made = keys.add_key(name=LIAISON_KEY, desk_keys=held.select_related("user"), by=None)
    key_terminal.Desk(lambda line: None, "", "").pin([made.pin()])
    return {LIAISON: passphrase}


def _folder() -> Path:
    return Path(settings.VAR) / "keys"


def _write(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
