"""A desk with keys and one officer, for what is measured; `python -m bench.desk` makes one."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from allauth.mfa.totp.internal import auth as totp  # noqa: E402
from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402

from portal import keyring, pins, second_factor  # noqa: E402
from portal.actions import keys, staff  # noqa: E402
from portal.keyring import Unlocked  # noqa: E402
from portal.models import DeskKey, SealingKey, StaffRole, User  # noqa: E402


def officer() -> tuple[User, str, Unlocked]:
    """Somebody who works at the desk and holds its key; the passphrase unlocks it."""
    ceremony = keys.create_keys(
        units=["desk"], expires=timezone.localdate() + timedelta(days=90), by=None
    )
    Path(settings.PINS_FILE).write_bytes(ceremony.pinned)
    (Path(settings.VAR) / "keys" / "pins_root").write_text(ceremony.root.hex())
    pins.forget()
    user = staff.add_staff(email="bench@customs.example", name="Bench", by=None)
    staff.grant_role(user=user, role=StaffRole.TRIAGE_OFFICER, by=None)
    second_factor.set_up_codes(user, totp.generate_totp_secret())
    user = User.objects.get(pk=user.pk)
    passphrase = keys.set_up_desk_key(user=user, confirmed=True)
    desk_key = DeskKey.objects.get(user=user, revoked_at=None)
    for name in keys.names_for(user):
        made = ceremony.made[name]
        keys.wrap(row=made.row, bundle=made.bundle, desk_key=desk_key, by=None)
    return user, passphrase, keyring.open_keys(user, passphrase)


if __name__ == "__main__" and not SealingKey.objects.exists():
    officer()
