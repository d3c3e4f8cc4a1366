"""The ceremony: the first keys of an installation, and new versions of one."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from portal import audit, keyring, pins, sealing
from portal.errors import DomainError
from portal.models import SealingKey, User
from portal.permissions import (
    CUSTODIAN_KEY,
    LIAISON_KEY,
    SIGNING_KEYS,
    SUPERVISOR_KEY,
    UNIT_KEY,
)
from portal.pins import Pin

RECOVERY = "recovery"


@dataclass(frozen=True)
class Made:
    """One key as the ceremony made it; the private halves exist nowhere else yet."""

    row: SealingKey
    seed: bytes = field(repr=False)
    signer: bytes = field(repr=False, default=b"")

    @property
    def bundle(self) -> bytes:
        return self.seed + self.signer

    def pin(self, *, active: bool = True) -> Pin:
        verifier = bytes(self.row.verifier or b"")
        return Pin(self.row.name, self.row.version, bytes(self.row.public), verifier, active)


@dataclass(frozen=True)
class Ceremony:
    """What a ceremony leaves in the hands of people: the offline key and the recovery's shares."""

    pinned: bytes  # the signed file, public
    request: bytes  # what was signed, for when the offline key is elsewhere
    root: bytes  # the public half of the offline key
    offline: bytes = field(repr=False)
    shares: list[dict[str, bytes]] = field(repr=False)
    made: dict[str, Made] = field(repr=False)


@transaction.atomic
def create_keys(
    *, units: Iterable[str], expires: date, by: User | None, offline: bytes = b""
) -> Ceremony:
    """The first keys of an installation, pinned under serial 1. Nobody holds them yet.

    `offline` is the key that signs the pinned file; without it one is made here.
    """
    if SealingKey.objects.exists():
        raise DomainError(_("There are keys already: rotate them instead."))
    names = [f"{UNIT_KEY}{unit}" for unit in units]
    names += [LIAISON_KEY, CUSTODIAN_KEY, SUPERVISOR_KEY, RECOVERY]
    made = {name: new_key(name, 1) for name in names}
    index = os.urandom(sealing.KEY)
    for one in made.values():
        if one.row.name.startswith((UNIT_KEY, RECOVERY)):
            one.row.sealed_index = keyring.seal_index(one.seed, index, one.row.slot)
        one.row.save()
        audit.record("key_created", target=one.row, by=by)
    offline = offline or sealing.new_signer()
    request = pins.request([one.pin() for one in made.values()], serial=1, expires=expires)
    return Ceremony(
        pinned=pins.sign(request, offline),
        request=request,
        root=sealing.verifier_of(offline),
        offline=offline,
        shares=sealing.share_out(made[RECOVERY].seed),
        made=made,
    )


def new_key(name: str, version: int) -> Made:
    """A key pair and, for a unit, what signs its words; the row is not saved yet."""
    seed = sealing.new_seed()
    signer = sealing.new_signer() if name.startswith(SIGNING_KEYS) else b""
    row = SealingKey(
        name=name,
        version=version,
        public=sealing.public_of(seed),
        verifier=sealing.verifier_of(signer) if signer else None,
    )
    return Made(row, seed, signer)
