"""Rotation: a new version of a key follows, every slot is sealed to it, the old version ends.

1. `begin_rotation` makes the new version and wraps it for all who hold the old one.
2. The new pinned file is signed and put in place; from then on everything is sealed to the new one.
3. `move_slots` seals what lies there to the new one, in batches; it may be killed at any point.
4. `finish_rotation` ends the old version and deletes its wraps, once nothing is sealed to it.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit, keyring, pins, sealing, slots
from portal.actions.keys.ceremony import Made, new_key
from portal.actions.keys.custody import wrap
from portal.errors import DomainError
from portal.keyring import Unlocked
from portal.models import DeskKey, KeyWrap, SealingKey, User
from portal.permissions import UNIT_KEY, works_with_key
from portal.pins import Pin
from portal.sealing import SealBroken

BATCH = 200
# Row → its sealed key for the new version, as (recipient, sealed).
Seal = Callable[[Any], tuple[str, bytes]]


@dataclass
class Moved:
    """How far a move has come."""

    moved: int = 0
    broken: set[str] = field(default_factory=set)  # envelopes whose slot does not open


@transaction.atomic
def begin_rotation(*, name: str, keys: Unlocked, by: User | None) -> Made:
    """A new version of a key that the officer holds, wrapped for all who hold the active one."""
    active = pins.current().active(name)
    if active.slot not in keys.seeds:
        raise DomainError(_("You do not hold %(key)s.") % {"key": active.slot})
    if unfinished(name):
        raise DomainError(_("The last rotation of %(key)s is not finished.") % {"key": name})
    made = add_version(name, index=index_for(name, keys), by=by)
    for desk_key in holders(active, keys.seeds[active.slot]):
        wrap(row=made.row, bundle=made.bundle, desk_key=desk_key, by=by)
    return made


def add_version(name: str, *, index: bytes, by: User | None) -> Made:
    """The next version, not believed by anybody until it is pinned; call it in a transaction.

    A version that was made and never pinned keeps its number and its wraps: should its file be
    signed and put in place after all, nothing that was sealed to it is lost.
    """
    rows = SealingKey.objects.filter(name=name)
    highest = rows.aggregate(highest=Max("version"))["highest"] or 0
    pinned = [pin.version for pin in pins.current().pins if pin.name == name]
    made = new_key(name, 1 + max([highest, *pinned]))
    made.row.sealed_index = seal_index(made, index)
    made.row.save()
    audit.record("key_created", target=made.row, by=by)
    return made


def seal_index(made: Made, index: bytes) -> bytes | None:
    """The key of the blind index goes along with units, and with recovery."""
    if not index:
        return None
    return keyring.seal_index(made.seed, index, made.row.slot)


def holders(pin: Pin, seed: bytes) -> list[DeskKey]:
    """Live desk keys for which this version is wrapped, of people whose roles still need it.

    Each was recognised by its fingerprint once; that it is still that key, its voucher says.
    """
    wraps = KeyWrap.objects.filter(
        sealing_key__name=pin.name,
        sealing_key__version=pin.version,
        desk_key__revoked_at=None,
        desk_key__user__is_active=True,
    )
    found = []
    for given in wraps.select_related("desk_key__user"):
        key = given.desk_key
        if not works_with_key(key.user, pin.name):
            continue
        if not hmac.compare_digest(bytes(given.voucher), keyring.voucher(seed, pin.slot, key)):
            raise DomainError(
                _("The desk key of %(name)s is not the one that was added. End it first.")
                % {"name": key.user}
            )
        found.append(key)
    return found


def earlier(name: str) -> list[SealingKey]:
    """Versions before the active one that have not ended yet."""
    active = pins.current().active(name)
    rows = SealingKey.objects.filter(name=name, version__lt=active.version, retired_at=None)
    return list(rows.order_by("version"))


def unfinished(name: str) -> bool:
    return bool(earlier(name))


def waiting(name: str) -> bool:
    """A newer version was made, and its pinned file is not in place yet."""
    active = pins.current().active(name)
    return SealingKey.objects.filter(name=name, version__gt=active.version).exists()


def move_slots(*, name: str, seeds: Mapping[str, bytes], batch: int = BATCH) -> Iterator[Moved]:
    """Seal every slot of earlier versions to the active one; content is never touched.

    Each batch is one transaction. Run it again until it moves nothing: what was being filed while
    the new file was put in place may still have been sealed to the old version.
    """
    target = pins.current().recipient(name)

    def seal(row: Any) -> tuple[str, bytes]:
        context = row.envelope.context
        key = sealing.open_slot(seeds[row.recipient], bytes(row.sealed), context, row.recipient)
        return target.slot, sealing.seal_slot(target, key, context)

    for old in earlier(name):
        if slots.held(old.slot) and old.slot not in seeds:
            raise DomainError(_("You do not hold %(key)s.") % {"key": old.slot})
        for store in slots.stores():
            yield from _move(store, old.slot, seal, batch)


def _move(store: slots.Store, slot: str, seal: Seal, batch: int) -> Iterator[Moved]:
    done, after = Moved(), None
    while True:
        with transaction.atomic():
            rows = store.to(slot).select_for_update(of=("self",)).order_by("id")
            found = list((rows.filter(id__gt=after) if after else rows)[:batch])
            for row in found:
                try:
                    row.recipient, row.sealed = seal(row)
                except SealBroken:
                    done.broken.add(str(row.envelope_id))
                    continue
                row.save(update_fields=["recipient", "sealed"])
                done.moved += 1
        if not found:
            return
        after = found[-1].pk
        yield done


@transaction.atomic
def add_key(*, name: str, desk_keys: Iterable[DeskKey], by: User | None) -> Made:
    """A key that this release works with and this installation has not got; not pinned yet."""
    if name in pins.current().names():
        raise DomainError(_("%(key)s is pinned already: rotate it instead.") % {"key": name})
    made = add_version(name, index=b"", by=by)
    for desk_key in desk_keys:
        if works_with_key(desk_key.user, name):
            wrap(row=made.row, bundle=made.bundle, desk_key=desk_key, by=by)
    return made


@transaction.atomic
def finish_rotation(*, name: str, by: User | None, despite_broken: bool = False) -> list[str]:
    """The earlier versions end and their wraps go; returns their slots."""
    ended = []
    for row in earlier(name):
        if slots.held(row.slot) and not despite_broken:
            raise DomainError(_("Something is still sealed to %(key)s.") % {"key": row.slot})
        row.wraps.all().delete()
        row.retired_at = timezone.now()
        row.rotation_due_at = None
        row.save(update_fields=["retired_at", "rotation_due_at"])
        audit.record("key_retired", target=row, by=by)
        ended.append(row.slot)
    return ended


def index_for(name: str, keys: Unlocked) -> bytes:
    """The key of the blind index that a new version of this key takes along."""
    if not name.startswith(UNIT_KEY):
        return b""
    return keys.index or os.urandom(sealing.KEY)
