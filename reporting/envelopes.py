"""Making and opening the envelopes of a report; what is sealed to whom stands in one table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext as _

from portal import pins, sealing
from portal.sealing import Recipient, SealBroken
from reporting.models import Envelope, Kind, Slot

RECOVERY = "recovery"
IDENTITY_PAIR = ("identity:custodian", "identity:supervisor")
# The most plaintext that one envelope of a file holds; larger files have several.
PART = 4 * 1024 * 1024


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
) -> tuple[Envelope, list[Slot]]:
    """An envelope for the unit and recovery (and `also`), not saved yet."""
    believed = pins.current()
    envelope = Envelope(report_id=report_id, kind=kind, version=version, author_id=author_id)
    recipients = [believed.recipient(unit_name(unit)), believed.recipient(RECOVERY), *also]
    return _filled(envelope, sealing.seal(plaintext, envelope.context, recipients))


def sealed_identity(report_id: UUID, plaintext: bytes) -> tuple[Envelope, list[Slot]]:
    """Who reported: for custodian and supervisor together, and recovery. Not saved yet."""
    believed = pins.current()
    envelope = Envelope(report_id=report_id, kind=Kind.IDENTITY)
    custodian, supervisor = (believed.recipient(name) for name in IDENTITY_PAIR)
    recovery = believed.recipient(RECOVERY)
    pair = (custodian, supervisor)
    return _filled(envelope, sealing.seal_between(plaintext, envelope.context, pair, recovery))


def _filled(envelope: Envelope, made: sealing.Sealed) -> tuple[Envelope, list[Slot]]:
    envelope.ciphertext = made.ciphertext
    slots = [
        Slot(envelope=envelope, recipient=recipient, sealed=key)
        for recipient, key in made.slots.items()
    ]
    return envelope, slots


def opened(envelope: Envelope, slots: Iterable[Slot], seeds: Mapping[str, bytes]) -> bytes:
    """The plaintext, by whichever of these keys fits; SealBroken when none does."""
    for slot in slots:
        if seed := seeds.get(slot.recipient):
            key = sealing.open_slot(seed, bytes(slot.sealed), envelope.context, slot.recipient)
            return sealing.decrypt(key, bytes(envelope.ciphertext), envelope.context)
    raise SealBroken(_("None of your keys opens this."))
