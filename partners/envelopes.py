"""Sealing and opening what an exchange says: to the liaison desk and recovery, signed.

Anybody can seal to the desk's public key, so nothing is read as ours that one of our own keys has
not signed: the liaison desk's, or that of the unit which handed a report over.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from partners.models import Exchange, ExchangeEnvelope, ExchangeSlot, SealedKind
from portal import pins, sealing
from portal.keyring import Unlocked
from portal.models import User
from portal.permissions import LIAISON_KEY, SIGNING_KEYS
from portal.sealing import SealBroken

RECOVERY = "recovery"
# In front of every plaintext, so that a signature over a guessed text tells nothing.
RANDOM = 16
Signer = tuple[str, bytes]


def sealed(
    exchange: Exchange,
    kind: SealedKind,
    plaintext: bytes,
    *,
    author: User,
    signer: Signer,
    version: int = 1,
) -> ExchangeEnvelope:
    """An envelope with its slots, written in the caller's transaction."""
    believed = pins.current()
    signed_by, private = signer
    envelope = ExchangeEnvelope(
        exchange=exchange, kind=kind, version=version, author_id=author.pk, signed_by=signed_by
    )
    context = envelope.context
    stamped = _stamp(envelope) + os.urandom(RANDOM) + plaintext
    made = sealing.seal(
        stamped, context, [believed.recipient(LIAISON_KEY), believed.recipient(RECOVERY)]
    )
    envelope.ciphertext = made.ciphertext
    envelope.signature = sealing.sign(private, stamped, context)
    envelope.save(force_insert=True)
    ExchangeSlot.objects.bulk_create(
        ExchangeSlot(envelope=envelope, recipient=recipient, sealed=key)
        for recipient, key in made.slots.items()
    )
    return envelope


def sealed_words(
    exchange: Exchange,
    kind: SealedKind,
    told: Mapping[str, Any],
    *,
    author: User,
    signer: Signer,
    version: int = 1,
) -> ExchangeEnvelope:
    """The same for what an officer wrote; the minute stands inside, where nobody alters it."""
    plaintext = json.dumps(
        {**told, "at": timezone.now().isoformat()}, ensure_ascii=False, separators=(",", ":")
    ).encode()
    return sealed(exchange, kind, plaintext, author=author, signer=signer, version=version)


def opened(envelope: ExchangeEnvelope, slots: Iterable[ExchangeSlot], keys: Unlocked) -> bytes:
    """The plaintext; SealBroken when no key fits or it is not signed by us for this place."""
    for slot in slots:
        if slot.envelope_id == envelope.id and (seed := keys.seeds.get(slot.recipient)):
            context = envelope.context
            key = sealing.open_slot(seed, bytes(slot.sealed), context, slot.recipient)
            stamped = sealing.decrypt(key, bytes(envelope.ciphertext), context)
            if not envelope.signed_by.startswith(SIGNING_KEYS):
                raise SealBroken("It is signed by one of our desks.")
            verifier = pins.current().of(envelope.signed_by).verifier
            sealing.verify(verifier, bytes(envelope.signature), stamped, context)
            head = _stamp(envelope)
            if stamped[: len(head)] != head:
                raise SealBroken("The author is not the one it was sealed with.")
            return stamped[len(head) + RANDOM :]
    raise SealBroken(_("None of your keys opens this."))


def words(plaintext: bytes) -> dict[str, Any]:
    """The dictionary again; SealBroken when these bytes are none."""
    try:
        told = json.loads(plaintext)
    except ValueError as error:
        raise SealBroken("These are no words of an exchange.") from error
    if not isinstance(told, dict):
        raise SealBroken("These are no words of an exchange.")
    return told


def _stamp(envelope: ExchangeEnvelope) -> bytes:
    """Author and signer as the columns tell them, so that nobody changes those either."""
    return f"{envelope.author_id}|{envelope.signed_by}|".encode()
