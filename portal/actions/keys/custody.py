"""Custody: an officer's own desk key, and which sealing keys are wrapped for it."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit, keyring, pins, sealing
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.keyring import Unlocked
from portal.models import DeskKey, KeyWrap, SealingKey, User
from portal.permissions import (
    can_add_officer,
    can_end_desk_key,
    can_set_up_desk_key,
    works_with_key,
)

# Crockford's base 32, like receipts: nothing in it is misread.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
GROUP = 5


def new_passphrase() -> str:
    """A desk passphrase: 20 characters, 100 bits, in groups of five."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(4 * GROUP))
    return "-".join(body[at : at + GROUP] for at in range(0, len(body), GROUP))


@transaction.atomic
def set_up_desk_key(*, user: User, confirmed: bool = False) -> str:
    """A key pair for an officer; returns the passphrase, which is shown once and kept nowhere.

    Until the officer has typed its end back the key is a draft, and a new one takes its place.
    """
    if not can_set_up_desk_key(user):
        raise NotAllowed(_("Your roles work with no sealed reports."))
    old = DeskKey.objects.select_for_update().filter(user=user, revoked_at=None).first()
    if old is not None and old.confirmed_at is not None:
        raise DomainError(_("You have a desk key. Ask a supervisor to end it if you lost it."))
    now = timezone.now()
    if old is not None:
        old.revoked_at = now
        old.save(update_fields=["revoked_at"])
    seed, passphrase = sealing.new_seed(), new_passphrase()
    locked = sealing.lock_up(seed, keyring.tidy(passphrase), keyring.locking_info(user))
    key = DeskKey.objects.create(
        user=user,
        public=sealing.public_of(seed),
        locked=locked,
        confirmed_at=now if confirmed else None,
    )
    audit.record("desk_key_set_up", target=key, by=user)
    return passphrase


@transaction.atomic
def confirm_desk_key(*, user: User, passphrase: str) -> DeskKey:
    """The officer has kept the passphrase: it opens the key."""
    key = DeskKey.objects.select_for_update().filter(user=user, revoked_at=None).first()
    if key is None:
        raise DomainError(_("You have no desk key yet. Set one up first."))
    if key.confirmed_at is not None:
        # Here nobody counts tries: a key in use is opened at the unlock page alone.
        raise AlreadyDone(_("Your desk key was confirmed before."))
    keyring.open_desk_key(key, passphrase)
    key.confirmed_at = timezone.now()
    key.save(update_fields=["confirmed_at"])
    audit.record("desk_key_confirmed", target=key, by=user)
    return key


def names_for(user: User) -> list[str]:
    """The keys that go with this person's roles."""
    live = SealingKey.objects.filter(retired_at=None).values_list("name", flat=True)
    return sorted({name for name in live if works_with_key(user, name)})


def wrap(*, row: SealingKey, bundle: bytes, desk_key: DeskKey, by: User | None) -> KeyWrap:
    """Give one key to one officer; the caller has made sure whose desk key this is."""
    sealed = sealing.seal_to(bytes(desk_key.public), bundle, keyring.wrap_info(row.slot))
    voucher = keyring.voucher(bundle[: sealing.SEED], row.slot, desk_key)
    wrapped, _new = KeyWrap.objects.update_or_create(
        sealing_key=row,
        desk_key=desk_key,
        defaults={"sealed": sealed, "voucher": voucher, "created_by": by},
    )
    audit.record("key_wrapped", target=row, by=by, officer=desk_key.user_id)
    return wrapped


def add_officer(*, officer: User, typed: str, keys: Unlocked, by: User) -> list[KeyWrap]:
    """Give an officer the keys that go with the roles and that `by` holds.

    `typed` is the fingerprint that the officer read out: the database's word is not enough.
    """
    if not can_add_officer(by, officer) or keys.user.pk != by.pk:
        raise NotAllowed(_("You cannot add this officer."))
    desk_key = DeskKey.objects.filter(user=officer, revoked_at=None).first()
    if desk_key is None or desk_key.confirmed_at is None:
        raise DomainError(_("%(name)s has not set up a desk key yet.") % {"name": officer})
    recognise(desk_key, typed, by=by)
    return give(desk_key, keys, by)


def recognise(desk_key: DeskKey, typed: str, *, by: User | None) -> None:
    """What the officer read out is the fingerprint of the key that we have."""
    if _plain(typed) != _plain(sealing.fingerprint(bytes(desk_key.public))):
        audit.record("desk_key_not_recognised", target=desk_key, by=by)
        raise DomainError(
            _("This is not the fingerprint of the key we have. Ask again, then tell a supervisor.")
        )


@transaction.atomic
def give(desk_key: DeskKey, keys: Unlocked, by: User) -> list[KeyWrap]:
    """Whatever both work with, older versions as well while a rotation is under way."""
    rows = [
        row
        for row in SealingKey.objects.select_for_update().filter(retired_at=None)
        if row.slot in keys.seeds and works_with_key(desk_key.user, row.name)
    ]
    if not rows:
        raise DomainError(_("You hold no key that goes with this officer’s roles."))
    return [
        wrap(
            row=row,
            bundle=keys.seeds[row.slot] + keys.signers.get(row.slot, b""),
            desk_key=desk_key,
            by=by,
        )
        for row in rows
    ]


@transaction.atomic
def end_desk_key(*, officer: User, by: User, lost: bool) -> list[SealingKey]:
    """The passphrase is lost, or the officer leaves: the key opens nothing from now on.

    Whoever leaves may have kept what the key opened, so those keys have to be rotated.
    """
    if not can_end_desk_key(by, officer):
        raise NotAllowed(_("You cannot end this desk key."))
    key = DeskKey.objects.select_for_update().filter(user=officer, revoked_at=None).first()
    if key is None:
        raise DomainError(_("%(name)s has no desk key.") % {"name": officer})
    rows = list(
        SealingKey.objects.select_for_update(of=("self",)).filter(
            wraps__desk_key=key, retired_at=None
        )
    )
    for row in rows:
        if not others_hold(row, key):
            raise DomainError(
                _(
                    "Nobody else holds %(key)s. Add another officer first; if that is no longer "
                    "possible, two custodians recover it (manage.py keys recover)."
                )
                % {"key": row}
            )
    return revoke(key, rows, by=by, lost=lost)


def revoke(
    key: DeskKey, rows: list[SealingKey], *, by: User | None, lost: bool
) -> list[SealingKey]:
    """End a desk key and delete what was wrapped for it; call it in a transaction."""
    now = timezone.now()
    key.wraps.all().delete()
    key.revoked_at = now
    key.save(update_fields=["revoked_at"])
    if not lost:
        SealingKey.objects.filter(pk__in=[row.pk for row in rows]).update(rotation_due_at=now)
    audit.record("desk_key_ended", target=key, by=by, officer=key.user_id, lost=lost)
    return rows


def others_hold(row: SealingKey, key: DeskKey) -> bool:
    """Whether somebody else who works here, with a role for it, can open this key."""
    held = DeskKey.objects.filter(
        wraps__sealing_key=row, revoked_at=None, confirmed_at__isnull=False, user__is_active=True
    )
    others = held.exclude(pk=key.pk).select_related("user")
    return any(works_with_key(other.user, row.name) for other in others)


def missing_for(user: User, held: set[str]) -> list[str]:
    """Active keys that go with the person's roles and are not among those held."""
    believed = pins.current()
    active = [believed.active(name) for name in believed.names()]
    return [pin.slot for pin in active if works_with_key(user, pin.name) and pin.slot not in held]


def _plain(text: str) -> str:
    return "".join(character for character in text.upper() if character.isalnum())
