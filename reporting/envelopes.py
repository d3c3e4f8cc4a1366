"""Making, signing and opening the envelopes of a report: what is sealed to whom stands here.

In front of every plaintext lies a stamp: hour and author as the columns tell them, so that nobody
changes those either, and random bytes, so that a signature over a guessed text tells nothing.
"""

from __future__ import annotations

import base64
import os
import struct
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from portal import pins, sealing
from portal.sealing import Recipient, SealBroken
from reporting.models import Envelope, Kind, Slot

RECOVERY = "recovery"
# What goes out in the unit's name: anybody can seal to the unit, so the unit's own word counts.
SIGNED = (Kind.REPLY, Kind.SANITISED, Kind.REFERRAL)
IDENTITY_PAIR = ("identity:custodian", "identity:supervisor")
# The most plaintext that one envelope of a file holds; larger files have several.
PART = 4 * 1024 * 1024
_STAMP = struct.Struct(">qq16s")


def unit_name(unit: str) -> str:
    return f"unit:{unit}"


def reporter(public: bytes) -> Recipient:
    """The reporter, by the public key that came with the report."""
    return Recipient("reporter", 1, public)


def sealed(
    report_id: UUID,
    kind: Kind,
    plaintext: bytes,
    *,
    unit: str,
    version: int = 1,
    also: Iterable[Recipient] = (),
    author_id: int | None = None,
    signer: tuple[str, bytes] | None = None,
) -> tuple[Envelope, list[Slot]]:
    """An envelope for the unit and recovery (and `also`), not saved yet.

    `signer` is the slot and private half by which it is signed: replies by the unit
    (`Unlocked.signer`), messages by the reporter.
    """
    believed = pins.current()
    envelope = Envelope(report_id=report_id, kind=kind, version=version, author_id=author_id)
    recipients = [believed.recipient(unit_name(unit)), believed.recipient(RECOVERY), *also]
    stamped = _stamp(envelope, os.urandom(16)) + plaintext
    if signer:
        envelope.signed_by, private = signer
        envelope.signature = sealing.sign(private, stamped, envelope.context)
    return _filled(envelope, sealing.seal(stamped, envelope.context, recipients))


def sealed_identity(report_id: UUID, plaintext: bytes) -> tuple[Envelope, list[Slot]]:
    """Who reported: for custodian and supervisor together, and recovery. Not saved yet."""
    believed = pins.current()
    envelope = Envelope(report_id=report_id, kind=Kind.IDENTITY)
    custodian, supervisor = (believed.recipient(name) for name in IDENTITY_PAIR)
    recovery = believed.recipient(RECOVERY)
    stamped = _stamp(envelope, os.urandom(16)) + plaintext
    pair = (custodian, supervisor)
    return _filled(envelope, sealing.seal_between(stamped, envelope.context, pair, recovery))


def _filled(envelope: Envelope, made: sealing.Sealed) -> tuple[Envelope, list[Slot]]:
    envelope.ciphertext = made.ciphertext
    slots = [
        Slot(envelope=envelope, recipient=recipient, sealed=key)
        for recipient, key in made.slots.items()
    ]
    return envelope, slots


def opened(
    envelope: Envelope,
    slots: Iterable[Slot],
    seeds: Mapping[str, bytes],
    *,
    verifier: bytes | None = None,
) -> bytes:
    """The plaintext, by whichever of these keys fits; SealBroken when none does.

    What leaves the desk has to be signed by a pinned unit. A message is checked against
    `verifier`, which came with the report (`reporter_verifier`), when that is given.
    """
    for slot in slots:
        if slot.envelope_id == envelope.id and (seed := seeds.get(slot.recipient)):
            key = sealing.open_slot(seed, bytes(slot.sealed), envelope.context, slot.recipient)
            return decrypted(envelope, key, verifier=verifier)
    raise SealBroken(_("None of your keys opens this."))


def decrypted(envelope: Envelope, key: bytes, *, verifier: bytes | None = None) -> bytes:
    """The plaintext by the envelope's own key; the stamp and the signature have to fit."""
    stamped = sealing.decrypt(key, bytes(envelope.ciphertext), envelope.context)
    stamp, plaintext = stamped[: _STAMP.size], stamped[_STAMP.size :]
    if stamp[:16] != _stamp(envelope, b"")[:16]:
        raise SealBroken("The hour or the author is not the one it was sealed with.")
    if signed_by := _verifier(envelope, verifier):
        sealing.verify(signed_by, bytes(envelope.signature or b""), stamped, envelope.context)
    return plaintext


def _verifier(envelope: Envelope, reporters: bytes | None) -> bytes | None:
    """What the signature has to be by; nothing for what is sealed only."""
    # A note is signed where the desk was unlocked; what it says of its signer has to be true.
    if envelope.kind in SIGNED or (envelope.kind == Kind.NOTE and envelope.signed_by):
        if not envelope.signed_by.startswith("unit:"):
            raise SealBroken("It is signed by a unit.")
        return pins.current().of(envelope.signed_by).verifier
    return reporters if envelope.kind == Kind.MESSAGE else None


def _stamp(envelope: Envelope, random: bytes) -> bytes:
    hour = int(envelope.created_hour.timestamp())
    # The reporter opens replies, and is never told who wrote; the audit record knows.
    author = 0 if envelope.kind == Kind.REPLY else envelope.author_id or 0
    return _STAMP.pack(hour, author, random)


def reporter_public(content: Mapping[str, Any]) -> bytes:
    """The reporter's public key as it came with the report: replies are sealed to no other."""
    return base64.urlsafe_b64decode(content["filed"]["reporter_public"])


def reporter_verifier(content: Mapping[str, Any]) -> bytes:
    """What verifies the reporter's later messages."""
    return base64.urlsafe_b64decode(content["filed"]["reporter_verifier"])


def recipient_of(content: Mapping[str, Any], public: bytes) -> Recipient:
    """The reporter as recipient of a reply; SealBroken when the database names another key."""
    if reporter_public(content) != bytes(public):
        raise SealBroken(_("The reporter's key was changed. Do not reply; tell your supervisor."))
    return reporter(bytes(public))
