"""The pinned file itself: which keys it names, how it is signed and read; no database."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings
from django.utils.translation import gettext as _

from portal.errors import DomainError
from portal.sealing import PUBLIC, Recipient

_SIGNED = b"portal.pins|"


class PinsRefused(DomainError):
    """The pinned file is missing, ended, older than one seen before, or not signed by us."""


@dataclass(frozen=True)
class Pin:
    """One believed key. `active` keys are sealed to; others are kept to verify what they signed."""

    name: str
    version: int
    public: bytes
    verifier: bytes
    active: bool

    @property
    def recipient(self) -> Recipient:
        return Recipient(self.name, self.version, self.public)

    @property
    def slot(self) -> str:
        return self.recipient.slot


@dataclass(frozen=True)
class Pins:
    serial: int
    expires: date
    pins: tuple[Pin, ...]

    def recipient(self, name: str) -> Recipient:
        """The key to seal to for this name; PinsRefused when none is pinned."""
        for pin in self.pins:
            if pin.name == name and pin.active:
                return pin.recipient
        raise PinsRefused(_("No key is pinned for %(name)s.") % {"name": name})

    def active(self, name: str) -> Pin:
        return self.of(self.recipient(name).slot)

    def names(self) -> list[str]:
        return sorted({pin.name for pin in self.pins if pin.active})

    def slots(self) -> set[str]:
        return {pin.slot for pin in self.pins}

    def of(self, slot: str) -> Pin:
        """Whatever key goes by this slot, active or not; PinsRefused when none was ever pinned."""
        for pin in self.pins:
            if pin.slot == slot:
                return pin
        raise PinsRefused(_("The key %(name)s is not pinned.") % {"name": slot})


def read(data: bytes, root: bytes) -> Pins:
    """The signed file's content; PinsRefused unless the offline key signed it."""
    try:
        outer = json.loads(data)
        payload = base64.b64decode(outer["pins"], validate=True)
        signature = base64.b64decode(outer["signature"], validate=True)
        Ed25519PublicKey.from_public_bytes(root).verify(signature, _SIGNED + payload)
        return _pins(payload)
    except (InvalidSignature, ValueError, KeyError, TypeError) as error:
        raise PinsRefused(
            _("The pinned keys are not signed by the key that signs them.")
        ) from error


def write(pins: Iterable[Pin], *, serial: int, expires: date, signer: bytes) -> bytes:
    """The signed file; made where the offline key is."""
    return sign(request(pins, serial=serial, expires=expires), signer)


def request(pins: Iterable[Pin], *, serial: int, expires: date) -> bytes:
    """What is to be signed: taken to the offline key, looked at there, and signed."""
    told = {
        "serial": serial,
        "expires": expires.isoformat(),
        "keys": [
            {
                "name": pin.name,
                "version": pin.version,
                "public": base64.b64encode(pin.public).decode(),
                "verifier": base64.b64encode(pin.verifier).decode(),
                "active": pin.active,
            }
            for pin in pins
        ],
    }
    return json.dumps(told).encode()


def requested(payload: bytes) -> Pins:
    """What a request asks to be believed; PinsRefused when it is none."""
    try:
        return _pins(payload)
    except (ValueError, KeyError, TypeError) as error:
        raise PinsRefused(_("This is no request for pinned keys.")) from error


def sign(payload: bytes, signer: bytes) -> bytes:
    """The file of a request, by the offline key."""
    signature = Ed25519PrivateKey.from_private_bytes(signer).sign(_SIGNED + payload)
    outer = {
        "pins": base64.b64encode(payload).decode(),
        "signature": base64.b64encode(signature).decode(),
    }
    return json.dumps(outer, indent=1).encode() + b"\n"


def succession(believed: Pins, made: Iterable[Pin] = (), *, expires: date | None = None) -> bytes:
    """The request that follows: new keys become active, those they follow are kept to verify.

    It starts from the file that is believed, never from the database.
    """
    new = list(made)
    followed = {pin.name for pin in new}
    kept = [replace(pin, active=pin.active and pin.name not in followed) for pin in believed.pins]
    return request([*kept, *new], serial=believed.serial + 1, expires=expires or believed.expires)


def root() -> bytes:
    """The public half of the offline key, from PINS_ROOT (64 hexadecimal digits) or its file."""
    text = settings.PINS_ROOT
    if not text and not settings.PRODUCTION:
        path = Path(settings.VAR) / "keys" / "pins_root"
        text = path.read_text().strip() if path.is_file() else ""
    try:
        found = bytes.fromhex(text)
    except ValueError:
        found = b""
    if len(found) != 32:
        raise PinsRefused(_("PINS_ROOT does not name the key that signs the pinned keys."))
    return found


def _pins(payload: bytes) -> Pins:
    inner = json.loads(payload)
    pins = tuple(_pin(one) for one in inner["keys"])
    active = [pin.name for pin in pins if pin.active]
    if len({pin.slot for pin in pins}) < len(pins) or len(set(active)) < len(active):
        raise ValueError("a key stands there twice")
    return Pins(int(inner["serial"]), date.fromisoformat(inner["expires"]), pins)


def _pin(one: dict[str, Any]) -> Pin:
    pin = Pin(
        name=str(one["name"]),
        version=int(one["version"]),
        public=base64.b64decode(one["public"], validate=True),
        verifier=base64.b64decode(one["verifier"], validate=True),
        active=one["active"] is True,
    )
    if len(pin.public) != PUBLIC or len(pin.verifier) not in (0, 32):
        raise ValueError("a key has another length")
    return pin
