"""An officer's unlocked keys: opened by the desk passphrase, kept for a while, locked again.

While unlocked, the keys lie in the session under a random key that exists only in a cookie:
neither the database nor the browser alone can open anything. Office only; intake and site never
import this.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal import pins, sealing
from portal.errors import DomainError
from portal.models import DeskKey, KeyWrap, User
from portal.permissions import works_with_key
from portal.sealing import SealBroken

IDLE_SECONDS = 15 * 60
# The session is written at most this often for having been used.
SEEN_EVERY = 30
COOKIE = "__Host-desk" if settings.PRODUCTION else "desk"
_SESSION = "keyring"


class Locked(DomainError):
    """The desk is locked: the officer has to give the desk passphrase first."""


class WrongPassphrase(DomainError):
    """The passphrase opens nothing."""


class KeyRefused(DomainError):
    """What was wrapped for the officer is not the key that is pinned."""


@dataclass(frozen=True)
class Unlocked:
    """Keys that an officer may use right now, by slot; `index` is the key of the blind index."""

    user: User
    seeds: dict[str, bytes] = field(repr=False)
    signers: dict[str, bytes] = field(repr=False)
    index: bytes = field(repr=False, default=b"")
    # Of the officer's own key, worked out from its private half.
    fingerprint: str = ""

    def holds(self, name: str) -> bool:
        """Whether the active key of this name is among them."""
        return pins.current().recipient(name).slot in self.seeds

    def signer(self, name: str) -> tuple[str, bytes]:
        """The slot and private half by which what is written for this unit is signed."""
        slot = pins.current().recipient(name).slot
        if slot not in self.signers:
            raise Locked(_("You hold no key to sign for this unit."))
        return slot, self.signers[slot]


# --- From the passphrase --------------------------------------------------------------------


def locking_info(user: User) -> bytes:
    """Binds an officer's locked private key to the officer."""
    return f"portal.keyring desk key|{user.pk}".encode()


def wrap_info(slot: str) -> bytes:
    return b"wrap|" + slot.encode()


def index_info(slot: str) -> bytes:
    return b"index|" + slot.encode()


def seal_index(seed: bytes, index: bytes, slot: str) -> bytes:
    """By a secret that holders alone have: to a public key anybody could have sealed it."""
    return sealing.box(_derived(seed, b"index"), index, index_info(slot))


def open_index(seed: bytes, sealed: bytes, slot: str) -> bytes:
    try:
        return sealing.unbox(_derived(seed, b"index"), sealed, index_info(slot))
    except SealBroken as error:
        raise KeyRefused(_NOT_PINNED) from error


def voucher(seed: bytes, slot: str, desk_key: DeskKey) -> bytes:
    """A holder's word that this very key is the officer's; the database cannot give it."""
    told = f"{slot}|{desk_key.pk}|{desk_key.user_id}|".encode() + bytes(desk_key.public)
    return hmac.digest(_derived(seed, b"voucher"), told, hashlib.sha256)


def _derived(seed: bytes, purpose: bytes) -> bytes:
    return hashlib.shake_256(b"portal.keyring|" + purpose + b"|" + seed).digest(sealing.KEY)


def open_keys(user: User, passphrase: str) -> Unlocked:
    """All that this officer's passphrase opens; a tenth of a second and 64 MiB, on purpose."""
    desk_key = DeskKey.objects.filter(user=user, revoked_at=None).first()
    if desk_key is None:
        raise Locked(_("You have no desk key yet. Set one up first."))
    own = open_desk_key(desk_key, passphrase)
    seeds: dict[str, bytes] = {}
    signers: dict[str, bytes] = {}
    indexes: dict[str, bytes] = {}
    for wrap in wraps_of(user):
        row = wrap.sealing_key
        seeds[row.slot], signer = open_wrap(own, bytes(wrap.sealed), row.slot)
        if signer:
            signers[row.slot] = signer
        if row.sealed_index:
            indexes[row.name] = open_index(seeds[row.slot], bytes(row.sealed_index), row.slot)
    # One index for the whole portal: it is sealed again to each unit and each version.
    index = next(iter(indexes.values()), b"")
    return Unlocked(user, seeds, signers, index, sealing.fingerprint(sealing.public_of(own)))


def open_desk_key(desk_key: DeskKey, passphrase: str) -> bytes:
    """The private half of an officer's own key; WrongPassphrase when it does not open.

    KeyRefused when the public half that lies beside it is another's: others would seal to that.
    """
    info = locking_info(desk_key.user)
    try:
        seed = sealing.unlock(bytes(desk_key.locked), tidy(passphrase), info)
    except SealBroken as error:
        raise WrongPassphrase(_("This is not your desk passphrase.")) from error
    if sealing.public_of(seed) != bytes(desk_key.public):
        raise KeyRefused(_("Your desk key was exchanged. Tell your supervisor at once."))
    return seed


def wraps_of(user: User) -> list[KeyWrap]:
    """What the officer holds at this moment: of keys that are pinned and go with the roles.

    A new version counts from the moment it is pinned, a key that was taken back no longer.
    """
    held = KeyWrap.objects.filter(desk_key__user=user, desk_key__revoked_at=None)
    pinned = pins.current().slots()
    return [
        wrap
        for wrap in held.select_related("sealing_key").order_by("pk")
        if wrap.sealing_key.slot in pinned and works_with_key(user, wrap.sealing_key.name)
    ]


def open_wrap(own: bytes, sealed: bytes, slot: str) -> tuple[bytes, bytes]:
    """Seed and signer of a sealing key; KeyRefused unless they belong to the key that is pinned."""
    bundle = _refusing(own, sealed, wrap_info(slot))
    seed, signer = bundle[: sealing.SEED], bundle[sealing.SEED :]
    pin = pins.current().of(slot)
    verifier = sealing.verifier_of(signer) if len(signer) == sealing.KEY else b""
    if (sealing.public_of(seed), verifier) != (pin.public, pin.verifier):
        raise KeyRefused(_NOT_PINNED)
    return seed, signer


_NOT_PINNED = gettext_lazy(
    "A key that was given to you is not the one that is pinned. Tell your supervisor at once."
)


def _refusing(seed: bytes, sealed: bytes, info: bytes) -> bytes:
    try:
        return sealing.open_from(seed, sealed, info)
    except SealBroken as error:
        raise KeyRefused(_NOT_PINNED) from error


def tidy(passphrase: str) -> str:
    """As it was given out, whatever case and spaces it is typed with."""
    return "".join(passphrase.upper().replace("-", "").split())


# --- In the session -------------------------------------------------------------------------


def unlock(request: HttpRequest, response: HttpResponse, passphrase: str) -> Unlocked:
    """Open the officer's keys and keep them for this session; sets the cookie on the response."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 - the desk admits nobody else
    keys = open_keys(user, passphrase)
    key = os.urandom(sealing.KEY)
    boxed = sealing.box(key, _pack(keys), _session_info(user))
    request.session[_SESSION] = {"box": _text(boxed), "seen": time.time()}
    response.set_cookie(
        COOKIE,
        _text(key),
        secure=settings.PRODUCTION,
        httponly=True,
        samesite="Strict",
        path="/",
    )
    return keys


def lock(request: HttpRequest, response: HttpResponse) -> None:
    """Forget the keys, here and in the browser."""
    request.session.pop(_SESSION, None)
    response.delete_cookie(COOKIE, path="/", samesite="Strict")


def current(request: HttpRequest) -> Unlocked:
    """The officer's unlocked keys; Locked when there are none, or nobody used them for long."""
    kept = request.session.get(_SESSION)
    user = request.user
    if not kept or not isinstance(user, User):
        raise Locked(_("The desk is locked. Give your desk passphrase to go on."))
    now = time.time()
    if not 0 <= now - kept["seen"] < IDLE_SECONDS:
        request.session.pop(_SESSION, None)
        raise Locked(_("The desk was locked because nobody used it for a while."))
    try:
        key, box = _bytes(request.COOKIES.get(COOKIE, "")), _bytes(kept["box"])
        keys = _unpack(user, sealing.unbox(key, box, _session_info(user)))
    except (SealBroken, ValueError) as error:
        raise Locked(_("The desk is locked. Give your desk passphrase to go on.")) from error
    if set(keys.seeds) != {wrap.sealing_key.slot for wrap in wraps_of(user)}:
        request.session.pop(_SESSION, None)
        raise Locked(_("Your keys have changed. Give your desk passphrase to go on."))
    if now - kept["seen"] > SEEN_EVERY:
        request.session[_SESSION] = {**kept, "seen": now}
    return keys


def seconds_unlocked(request: HttpRequest) -> int:
    """Until the desk locks itself if nobody uses it; 0 while it is locked. Opens nothing."""
    kept = request.session.get(_SESSION)
    if not kept or COOKIE not in request.COOKIES:
        return 0
    left = int(kept["seen"] + IDLE_SECONDS - time.time())
    return left if 0 < left <= IDLE_SECONDS else 0


def unlocked_until(request: HttpRequest) -> datetime | None:
    """The same as the time on the clock; None while it is locked."""
    left = seconds_unlocked(request)
    return timezone.now() + timedelta(seconds=left) if left else None


def is_unlocked(request: HttpRequest) -> bool:
    try:
        current(request)
    except Locked:
        return False
    return True


def _session_info(user: User) -> bytes:
    return f"portal.keyring session|{user.pk}".encode()


def _pack(keys: Unlocked) -> bytes:
    return json.dumps(
        {
            "seeds": {slot: _text(seed) for slot, seed in keys.seeds.items()},
            "signers": {slot: _text(signer) for slot, signer in keys.signers.items()},
            "index": _text(keys.index),
            "fingerprint": keys.fingerprint,
        }
    ).encode()


def _unpack(user: User, packed: bytes) -> Unlocked:
    told = json.loads(packed)
    return Unlocked(
        user,
        {slot: _bytes(seed) for slot, seed in told["seeds"].items()},
        {slot: _bytes(signer) for slot, signer in told["signers"].items()},
        _bytes(told["index"]),
        told.get("fingerprint", ""),
    )


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode())
