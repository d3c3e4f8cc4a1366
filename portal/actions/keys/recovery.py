"""Recovery: any two of three custodians open what every holder lost, for new versions of the keys.

The same four steps as a rotation; what a slot of the lost key held is taken from the slot of
recovery, and the halves of an identity's key are drawn anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from portal import audit, keyring, pins, sealing, slots
from portal.actions.keys.ceremony import RECOVERY, Made
from portal.actions.keys.custody import wrap
from portal.actions.keys.rotation import BATCH, Moved, add_version, earlier, unfinished
from portal.errors import DomainError
from portal.models import DeskKey, SealingKey, User
from portal.permissions import CUSTODIAN_KEY, SUPERVISOR_KEY, UNIT_KEY, works_with_key
from portal.pins import Pins
from portal.sealing import SealBroken

PAIR = (CUSTODIAN_KEY, SUPERVISOR_KEY)
Shares = tuple[Mapping[str, bytes], Mapping[str, bytes]]


def recovered(shares: Shares) -> tuple[str, bytes]:
    """Slot and private half of recovery, from two shares; refused unless the key is pinned."""
    try:
        seed = sealing.from_shares(*shares)
        public = sealing.public_of(seed)
    except SealBroken as error:
        raise DomainError(_("Give two different shares of the recovery key.")) from error
    for pin in pins.current().pins:
        if pin.name == RECOVERY and pin.public == public:
            return pin.slot, seed
    raise DomainError(_("These shares do not make the recovery key that is pinned."))


def drill(*, shares: Shares, by: User | None, most: int = 20) -> int:
    """Prove that two shares open what is sealed; changes nothing. How many slots were tried."""
    slot, seed = recovered(shares)
    tried = 0
    for store in slots.stores():
        for row in store.to(slot).order_by("-id")[:most]:
            sealing.open_slot(seed, bytes(row.sealed), row.envelope.context, slot)
            tried += 1
    pin = pins.current().of(slot)
    row = SealingKey.objects.get(name=pin.name, version=pin.version)
    audit.record("recovery_drilled", target=row, by=by, tried=tried)
    return tried


def recovery_index(slot: str, seed: bytes) -> bytes:
    """The key of the blind index, which recovery keeps as well."""
    pin = pins.current().of(slot)
    row = SealingKey.objects.get(name=pin.name, version=pin.version)
    sealed = bytes(row.sealed_index or b"")
    return keyring.open_index(seed, sealed, slot) if sealed else b""


@transaction.atomic
def renew_recovery(*, shares: Shares, by: User | None) -> Made:
    """A new version of the recovery key itself.

    Its shares go to the custodians before it is pinned; then `move_slots` seals to it.
    """
    slot, seed = recovered(shares)
    if unfinished(RECOVERY):
        raise DomainError(_("The last rotation of %(key)s is not finished.") % {"key": RECOVERY})
    return add_version(RECOVERY, index=recovery_index(slot, seed), by=by)


@transaction.atomic
def begin_recovery(
    *, names: Iterable[str], shares: Shares, officers: Iterable[User], by: User | None
) -> list[Made]:
    """New versions of lost keys, for these officers by their roles."""
    slot, seed = recovered(shares)
    index = recovery_index(slot, seed)
    people = list(officers)
    keys = {
        key.user_id: key
        for key in DeskKey.objects.filter(user__in=people, revoked_at=None).select_related("user")
    }
    made = []
    for name in names:
        if unfinished(name):
            raise DomainError(_("The last rotation of %(key)s is not finished.") % {"key": name})
        receivers = [keys[one.pk] for one in people if works_with_key(one, name) and one.pk in keys]
        if not receivers:
            raise DomainError(_("Name an officer who is to hold %(key)s.") % {"key": name})
        one = add_version(name, index=index if name.startswith(UNIT_KEY) else b"", by=by)
        for desk_key in receivers:
            wrap(row=one.row, bundle=one.bundle, desk_key=desk_key, by=by)
        audit.record("key_recovered", target=one.row, by=by)
        made.append(one)
    return made


def move_recovered(*, name: str, shares: Shares, batch: int = BATCH) -> Iterator[Moved]:
    """Seal to the active version what was sealed to lost ones, by the slots of recovery."""
    slot, seed = recovered(shares)
    believed = pins.current()
    for old in earlier(name):
        for store in slots.stores():
            yield from _move(store, old.slot, (slot, seed), believed, batch)


def _move(
    store: slots.Store, lost: str, recovery: tuple[str, bytes], believed: Pins, batch: int
) -> Iterator[Moved]:
    done, after = Moved(), None
    while True:
        with transaction.atomic():
            rows = store.to(lost).order_by("id")
            found = list((rows.filter(id__gt=after) if after else rows)[:batch])
            envelopes = {row.envelope_id for row in found}
            of_these = store.rows().filter(envelope_id__in=envelopes)
            together: dict[Any, dict[str, Any]] = {}
            for row in of_these.select_for_update(of=("self",)).order_by("id"):
                together.setdefault(row.envelope_id, {})[row.recipient] = row
            for row in found:
                if _seal_anew(together[row.envelope_id], lost, recovery, believed):
                    done.moved += 1
                else:
                    done.broken.add(str(row.envelope_id))
        if not found:
            return
        after = found[-1].pk
        yield done


def _seal_anew(
    rows: dict[str, Any], lost: str, recovery: tuple[str, bytes], believed: Pins
) -> bool:
    """One envelope's slots for the holders, whose key recovery gives; False if it does not."""
    slot, seed = recovery
    name = lost.rpartition("#")[0]
    if slot not in rows or lost not in rows:
        return False
    context = rows[slot].envelope.context
    try:
        key = sealing.open_slot(seed, bytes(rows[slot].sealed), context, slot)
    except SealBroken:
        return False
    names = PAIR if name in PAIR else (name,)
    parts = sealing.split(key) if name in PAIR else (key,)
    for one, part in zip(names, parts, strict=True):
        target = believed.recipient(one)
        for row in [row for held, row in rows.items() if held.rpartition("#")[0] == one]:
            row.recipient, row.sealed = target.slot, sealing.seal_slot(target, part, context)
            row.save(update_fields=["recipient", "sealed"])
    return True
