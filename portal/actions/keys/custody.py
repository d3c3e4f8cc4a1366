"""Custody: an officer's own desk key, and which sealing keys are wrapped for it."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit, keyring, sealing
from portal.errors import DomainError, NotAllowed
from portal.models import DeskKey, KeyWrap, SealingKey, User
from portal.permissions import can_set_up_desk_key, works_with_key

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
    keyring.open_desk_key(key, passphrase)
    if key.confirmed_at is None:
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
    wrapped, _new = KeyWrap.objects.update_or_create(
        sealing_key=row, desk_key=desk_key, defaults={"sealed": sealed, "created_by": by}
    )
    audit.record("key_wrapped", target=row, by=by, officer=desk_key.user_id)
    return wrapped
