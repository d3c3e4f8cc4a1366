"""Keys: made in a ceremony, wrapped for officers, rotated, recovered."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from portal import audit, keyring, pins, sealing
from portal.errors import DomainError
from portal.models import DeskKey, KeyWrap, SealingKey, StaffRole, User
from portal.pins import Pin

RECOVERY = "recovery"
CUSTODIAN, SUPERVISOR = "identity:custodian", "identity:supervisor"
# Which keys the holders of a role work with; units come in by their names.
UNIT = "unit:"
HELD_BY: dict[str, tuple[str, ...]] = {
    StaffRole.TRIAGE_OFFICER: (UNIT,),
    StaffRole.SUPERVISOR: (UNIT, SUPERVISOR),
    StaffRole.IDENTITY_CUSTODIAN: (CUSTODIAN,),
}
# Crockford's base 32, like receipts: nothing in it is misread.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


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
    root: bytes  # the public half of the offline key
    offline: bytes = field(repr=False)
    shares: list[dict[str, bytes]] = field(repr=False)
    made: dict[str, Made] = field(repr=False)


def new_passphrase() -> str:
    """A desk passphrase: 20 characters, 100 bits, in groups of five."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(20))
    return "-".join(body[at : at + 5] for at in range(0, 20, 5))


@transaction.atomic
def create_keys(*, units: Iterable[str], expires: date, by: User | None) -> Ceremony:
    """The first keys of an installation, pinned under serial 1. Nobody holds them yet."""
    if SealingKey.objects.exists():
        raise DomainError(_("There are keys already: rotate them instead."))
    names = [*(f"{UNIT}{unit}" for unit in units), CUSTODIAN, SUPERVISOR, RECOVERY]
    made = {name: new_key(name, 1) for name in names}
    index = os.urandom(sealing.KEY)
    for one in made.values():
        if one.row.name.startswith(UNIT):
            info = keyring.index_info(one.row.slot)
            one.row.sealed_index = sealing.seal_to(bytes(one.row.public), index, info)
        one.row.save()
        audit.record("key_created", target=one.row, by=by)
    offline = sealing.new_signer()
    pinned = pins.write(
        [one.pin() for one in made.values()], serial=1, expires=expires, signer=offline
    )
    shares = sealing.share_out(made[RECOVERY].seed)
    return Ceremony(pinned, sealing.verifier_of(offline), offline, shares, made)


def new_key(name: str, version: int) -> Made:
    """A key pair and, for a unit, what signs its words; the row is not saved yet."""
    seed = sealing.new_seed()
    signer = sealing.new_signer() if name.startswith(UNIT) else b""
    row = SealingKey(
        name=name,
        version=version,
        public=sealing.public_of(seed),
        verifier=sealing.verifier_of(signer) if signer else None,
    )
    return Made(row, seed, signer)


@transaction.atomic
def set_up_desk_key(*, user: User) -> str:
    """A key pair for an officer; returns the passphrase, which is shown once and kept nowhere.

    An earlier desk key ends, and what it opened has to be wrapped for the new one by somebody else.
    """
    old = DeskKey.objects.select_for_update().filter(user=user, revoked_at=None).first()
    if old is not None:
        raise DomainError(_("You have a desk key. Ask a supervisor to end it if you lost it."))
    seed, passphrase = sealing.new_seed(), new_passphrase()
    locked = sealing.lock_up(seed, keyring.tidy(passphrase), keyring.locking_info(user))
    key = DeskKey.objects.create(user=user, public=sealing.public_of(seed), locked=locked)
    audit.record("desk_key_set_up", target=key, by=user)
    return passphrase


def names_for(user: User) -> list[str]:
    """The keys that go with this person's roles."""
    wanted = {name for role in user.roles for name in HELD_BY.get(role, ())}
    live = SealingKey.objects.filter(retired_at=None).values_list("name", flat=True)
    return sorted(
        name for name in live if name in wanted or (UNIT in wanted and name.startswith(UNIT))
    )


def wrap(*, row: SealingKey, bundle: bytes, desk_key: DeskKey, by: User | None) -> KeyWrap:
    """Give one key to one officer; the caller has made sure whose desk key this is."""
    sealed = sealing.seal_to(bytes(desk_key.public), bundle, keyring.wrap_info(row.slot))
    wrapped, _new = KeyWrap.objects.update_or_create(
        sealing_key=row, desk_key=desk_key, defaults={"sealed": sealed, "created_by": by}
    )
    audit.record("key_wrapped", target=row, by=by, officer=desk_key.user_id)
    return wrapped
