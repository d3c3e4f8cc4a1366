"""A desk with keys for tests: made by the real ceremony, pinned in the test's own folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django.utils import timezone

from portal import keyring, pins
from portal.actions import keys
from portal.models import DeskKey, User
from tests.factories import UserFactory
from tests.people import at_the_desk


@dataclass
class Desk:
    """The officers of a desk, by role, and how each unlocks it."""

    officer: User
    supervisor: User
    custodian: User
    liaison: User
    ceremony: keys.Ceremony
    passphrases: dict[int, str] = field(default_factory=dict)

    def join(self, user: User) -> str:
        """The officer gets a desk key and every key that goes with the roles."""
        passphrase = self.passphrases[user.pk] = keys.set_up_desk_key(user=user, confirmed=True)
        desk_key = DeskKey.objects.get(user=user, revoked_at=None)
        for name in keys.names_for(user):
            made = self.ceremony.made[name]
            keys.wrap(row=made.row, bundle=made.bundle, desk_key=desk_key, by=None)
        return passphrase

    def keys_of(self, user: User) -> keyring.Unlocked:
        """What the officer holds while the desk is unlocked."""
        return keyring.open_keys(user, self.passphrases[user.pk])

    def unlocked(self, client: Client, user: User) -> Client:
        """Logged in at the desk, second factor and desk passphrase given."""
        at_the_desk(client, user)
        client.post("/admin/unlock/", {"passphrase": self.passphrases[user.pk]})
        return client


def make_desk(**fields: Any) -> Desk:
    """Keys, their pinned file, and one officer of each role who holds them."""
    ceremony = keys.create_keys(
        units=["desk"], expires=timezone.localdate() + timedelta(days=365), by=None
    )
    pin(ceremony.pinned, ceremony.root)
    desk = Desk(
        officer=UserFactory(triage_officer=True),
        supervisor=UserFactory(supervisor=True),
        custodian=UserFactory(identity_custodian=True),
        liaison=UserFactory(liaison_officer=True),
        ceremony=ceremony,
    )
    for user in (desk.officer, desk.supervisor, desk.custodian, desk.liaison):
        desk.join(user)
    return desk


def pin(pinned: bytes, root: bytes) -> None:
    """Put a pinned file in place."""
    folder = Path(settings.VAR) / "keys"
    folder.mkdir(parents=True, exist_ok=True)
    Path(settings.PINS_FILE).write_bytes(pinned)
    (folder / "pins_root").write_text(root.hex())
    pins.forget()
