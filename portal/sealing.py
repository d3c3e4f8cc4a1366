"""Sealing: envelopes that their recipients alone can open, split keys, and words that are signed.

Pure functions over bytes: no database, no settings, no key is kept here. Every sealed thing begins
with a suite byte, so that another set of algorithms can follow one day.

Suite 1: ChaCha20-Poly1305 under a fresh key; that key by HPKE (RFC 9180) with the hybrid KEM
MLKEM768_X25519, HKDF-SHA256 and ChaCha20-Poly1305; Ed25519; Argon2id (RFC 9106).
"""

from __future__ import annotations

import hashlib
import os
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from uuid import UUID

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

SUITE = 1
KEY = 32
NONCE = 12
SEED = 96  # 64 for ML-KEM-768, 32 for X25519
PUBLIC = 1216  # 1184 for ML-KEM-768, 32 for X25519
BUCKET = 1024
SALT = 16
# Argon2id: passes, and the binary logarithm of KiB: 3 over 64 MiB, a tenth of a second a guess.
COST = (3, 16)
# Whoever wrote the database could ask for more, and for the whole machine.
DEAREST = (8, 18)
_HPKE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_PREFIX = bytes([SUITE])


class SealBroken(Exception):
    """What was sealed does not open: another key, another place, or an altered byte."""


@dataclass(frozen=True)
class Context:
    """Where an envelope belongs; opening it anywhere else fails."""

    subject: UUID  # the report, the exchange …
    envelope: UUID
    kind: str
    version: int = 1

    def bound(self) -> bytes:
        """Associated data: suite | subject | envelope | kind | version, each of known length."""
        kind = self.kind.encode()
        head = struct.pack(">BHI", SUITE, len(kind), self.version)
        return head + self.subject.bytes + self.envelope.bytes + kind


@dataclass(frozen=True)
class Recipient:
    """Who may open: a pinned name such as `unit:desk`, the version of its key, its public half."""

    name: str
    version: int
    public: bytes

    @property
    def slot(self) -> str:
        return f"{self.name}#{self.version}"


@dataclass(frozen=True)
class Sealed:
    """One envelope: its ciphertext, and for each recipient's slot the key sealed to it."""

    ciphertext: bytes
    slots: dict[str, bytes]


# --- Key pairs ------------------------------------------------------------------------------


def new_seed() -> bytes:
    """The private half of a new key pair, SEED bytes."""
    return os.urandom(SEED)


def public_of(seed: bytes) -> bytes:
    """The public half, PUBLIC bytes."""
    lattice, curve = _halves(seed)
    return lattice.public_key().public_bytes_raw() + curve.public_key().public_bytes_raw()


def fingerprint(public: bytes) -> str:
    """What two people compare by voice: 40 characters in groups of five."""
    digest = hashlib.sha256(b"portal.sealing fingerprint" + public).hexdigest()[:40].upper()
    return " ".join(digest[at : at + 5] for at in range(0, 40, 5))


def _halves(seed: bytes) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
    if len(seed) != SEED:
        raise SealBroken("A private key has another length.")
    return (
        MLKEM768PrivateKey.from_seed_bytes(seed[:64]),
        X25519PrivateKey.from_private_bytes(seed[64:]),
    )


# --- Slots: a secret for one recipient ------------------------------------------------------


def seal_to(public: bytes, secret: bytes, info: bytes) -> bytes:
    """A secret that the holder of the private half alone reads, in this place alone."""
    try:
        lattice = MLKEM768PublicKey.from_public_bytes(public[:1184])
        curve = X25519PublicKey.from_public_bytes(public[1184:])
        return _PREFIX + _HPKE.encrypt(secret, MLKEM768X25519PublicKey(lattice, curve), info)
    except ValueError as error:
        raise SealBroken("This is not a public key.") from error


def open_from(seed: bytes, sealed: bytes, info: bytes) -> bytes:
    """The secret again; SealBroken when the key, the place or a byte is not the one it was."""
    private = MLKEM768X25519PrivateKey(*_halves(seed))
    try:
        return _HPKE.decrypt(_after_suite(sealed), private, info)
    except (InvalidTag, ValueError) as error:
        raise SealBroken("The slot does not open.") from error


def slot_info(context: Context, slot: str) -> bytes:
    return b"slot|" + context.bound() + b"|" + slot.encode()


def open_slot(seed: bytes, sealed: bytes, context: Context, slot: str) -> bytes:
    """The key of an envelope, or the half of one."""
    return open_from(seed, sealed, slot_info(context, slot))


def seal_slot(recipient: Recipient, key: bytes, context: Context) -> bytes:
    return seal_to(recipient.public, key, slot_info(context, recipient.slot))


# --- Envelopes ------------------------------------------------------------------------------


def seal(plaintext: bytes, context: Context, recipients: Iterable[Recipient]) -> Sealed:
    """Each recipient alone can open it."""
    key = os.urandom(KEY)
    slots = {one.slot: seal_slot(one, key, context) for one in recipients}
    if not slots:
        raise SealBroken("Nobody could open this.")
    return Sealed(encrypt(key, plaintext, context), slots)


def seal_between(
    plaintext: bytes, context: Context, pair: tuple[Recipient, Recipient], recovery: Recipient
) -> Sealed:
    """Only both of the pair together can open it: each gets half of its key."""
    key = os.urandom(KEY)
    slots = {
        one.slot: seal_slot(one, half, context) for one, half in zip(pair, split(key), strict=True)
    }
    slots[recovery.slot] = seal_slot(recovery, key, context)
    return Sealed(encrypt(key, plaintext, context), slots)


def encrypt(key: bytes, plaintext: bytes, context: Context) -> bytes:
    """Padded, so that its length tells the bucket only."""
    nonce = os.urandom(NONCE)
    return _PREFIX + nonce + ChaCha20Poly1305(key).encrypt(nonce, pad(plaintext), context.bound())


def decrypt(key: bytes, ciphertext: bytes, context: Context) -> bytes:
    body = _after_suite(ciphertext)
    try:
        padded = ChaCha20Poly1305(key).decrypt(body[:NONCE], body[NONCE:], context.bound())
    except (InvalidTag, ValueError) as error:
        raise SealBroken("The envelope does not open.") from error
    return unpad(padded)


def pad(plaintext: bytes) -> bytes:
    framed = struct.pack(">I", len(plaintext)) + plaintext
    return framed + bytes(-len(framed) % BUCKET)


def unpad(padded: bytes) -> bytes:
    plaintext = padded[4 : 4 + int.from_bytes(padded[:4])]
    if pad(plaintext) != padded:
        raise SealBroken("The envelope was not padded as we do it.")
    return plaintext


def _after_suite(sealed: bytes) -> bytes:
    if sealed[:1] != _PREFIX:
        raise SealBroken("It was sealed by a suite that this release does not know.")
    return sealed[1:]


# --- Keys that several people hold ----------------------------------------------------------


def split(key: bytes) -> tuple[bytes, bytes]:
    """Two halves; either alone tells nothing."""
    first = os.urandom(len(key))
    return first, join(key, first)


def join(one: bytes, other: bytes) -> bytes:
    if len(one) != len(other):
        raise SealBroken("The two halves do not belong together.")
    return bytes(a ^ b for a, b in zip(one, other, strict=True))


def share_out(secret: bytes) -> list[dict[str, bytes]]:
    """Three shares, any two of which give the secret: one split for each pair of holders."""
    shares: list[dict[str, bytes]] = [{}, {}, {}]
    for one, other in combinations(range(3), 2):
        name = f"{one + 1}{other + 1}"
        shares[one][name], shares[other][name] = split(secret)
    return shares


def from_shares(one: Mapping[str, bytes], other: Mapping[str, bytes]) -> bytes:
    common = one.keys() & other.keys()
    if len(common) != 1:
        raise SealBroken("These are not two different shares of one secret.")
    name = common.pop()
    return join(one[name], other[name])


# --- Keys under a passphrase, and under another key -----------------------------------------


def lock_up(secret: bytes, passphrase: str, info: bytes) -> bytes:
    """The secret under a passphrase: suite | cost | salt | nonce | ciphertext.

    What a guess costs stands in front, so that it can be raised and old locks still open.
    """
    cost, salt, nonce = bytes(COST), os.urandom(SALT), os.urandom(NONCE)
    key = ChaCha20Poly1305(_stretch(passphrase, salt, cost))
    return _PREFIX + cost + salt + nonce + key.encrypt(nonce, secret, cost + info)


def unlock(locked: bytes, passphrase: str, info: bytes) -> bytes:
    body = _after_suite(locked)
    cost, salt, rest = body[:2], body[2 : 2 + SALT], body[2 + SALT :]
    try:
        key = ChaCha20Poly1305(_stretch(passphrase, salt, cost))
        return key.decrypt(rest[:NONCE], rest[NONCE:], cost + info)
    except (InvalidTag, ValueError) as error:
        raise SealBroken("The passphrase is wrong, or what it opens was altered.") from error


def _stretch(passphrase: str, salt: bytes, cost: bytes) -> bytes:
    """Argon2id with so many passes over so much memory; ValueError when that makes no sense."""
    passes, memory = cost
    if memory > DEAREST[1] or passes > DEAREST[0]:
        raise ValueError("A guess would cost more than this desk may spend.")
    derived = Argon2id(salt=salt, length=KEY, iterations=passes, lanes=4, memory_cost=1 << memory)
    return derived.derive(passphrase.encode())


def box(key: bytes, secret: bytes, info: bytes) -> bytes:
    """A short secret under a key, not padded: what a session or a draft keeps."""
    nonce = os.urandom(NONCE)
    return _PREFIX + nonce + ChaCha20Poly1305(key).encrypt(nonce, secret, info)


def unbox(key: bytes, boxed: bytes, info: bytes) -> bytes:
    body = _after_suite(boxed)
    try:
        return ChaCha20Poly1305(key).decrypt(body[:NONCE], body[NONCE:], info)
    except (InvalidTag, ValueError) as error:
        raise SealBroken("The box does not open.") from error


# --- Signed words ---------------------------------------------------------------------------


def new_signer() -> bytes:
    return os.urandom(KEY)


def verifier_of(signer: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(signer).public_key().public_bytes_raw()


def sign(signer: bytes, words: bytes, context: Context) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(signer).sign(_signed(words, context))


def verify(verifier: bytes, signature: bytes, words: bytes, context: Context) -> None:
    """SealBroken when these words were not signed for this place by the holder of the key."""
    try:
        Ed25519PublicKey.from_public_bytes(verifier).verify(signature, _signed(words, context))
    except (InvalidSignature, ValueError) as error:
        raise SealBroken("The signature is not ours.") from error


def _signed(words: bytes, context: Context) -> bytes:
    return b"signed|" + context.bound() + b"|" + words
