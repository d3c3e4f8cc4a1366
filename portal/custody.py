"""Who waits for a key, which keys are due, and when the pinned keys end; read for the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from portal import pins
from portal.models import DeskKey, SealingKey, User
from portal.permissions import can_add_officer, works_with_key


@dataclass(frozen=True)
class Waiting:
    """An officer and the keys that go with the roles and were not given yet."""

    officer: User
    missing: list[str]
    # Among them those that the reader, by the roles, can give.
    can_give: bool


def waiting_officers(reader: User) -> list[Waiting]:
    """Officers with a desk key of their own who lack a key; those the reader may add."""
    own = DeskKey.objects.filter(
        revoked_at=None, confirmed_at__isnull=False, user__is_active=True
    ).defer("public", "locked")
    believed = pins.current()
    active = {name: believed.recipient(name).slot for name in believed.names()}
    found = []
    for key in own.select_related("user").prefetch_related("user__grants", "wraps__sealing_key"):
        held = {wrap.sealing_key.slot for wrap in key.wraps.all()}
        missing = [
            name
            for name, slot in active.items()
            if slot not in held and works_with_key(key.user, name)
        ]
        if missing and can_add_officer(reader, key.user):
            can_give = any(works_with_key(reader, name) for name in missing)
            found.append(Waiting(key.user, missing, can_give))
    return found


def keys_due() -> int:
    """Keys that somebody who left could still know."""
    return SealingKey.objects.filter(retired_at=None, rotation_due_at__isnull=False).count()


def days_left(today: date | None = None) -> int:
    """Until the pinned keys end; below zero when they have."""
    return (pins.current().expires - (today or timezone.localdate())).days
