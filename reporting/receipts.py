"""The receipt: a code that opens a reporter's inbox, and all that is derived from it.

25 characters in five groups: 24 random ones (120 bits) and one that catches slips of the pen.
Nothing but the tag and public keys is ever stored. With 120 bits no slow derivation is needed:
guessing gains nothing, and nobody is locked out.
"""

from __future__ import annotations

import hashlib
import secrets

from portal import sealing

# Crockford's base 32: no I, L, O, U; what people write instead is understood.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MISREAD = str.maketrans("ILO", "110")
GROUPS, GROUP = 5, 5
LENGTH = GROUPS * GROUP


class NotAReceipt(ValueError):
    """What was typed cannot be a receipt: its length, a character or its check does not fit."""


def new() -> str:
    """A receipt as it is shown: five groups of five, joined by hyphens."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return grouped(body + _check(body))


def grouped(code: str) -> str:
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def plain(typed: str) -> str:
    """What somebody typed, as far as one spelling of it goes."""
    return "".join(typed.upper().split()).replace("-", "").translate(MISREAD)


def parse(typed: str) -> str:
    """The 25 characters of what somebody typed; NotAReceipt when it cannot be one."""
    code = plain(typed)
    if len(code) != LENGTH or not set(code) <= set(ALPHABET) or _check(code[:-1]) != code[-1]:
        raise NotAReceipt
    return code


def last_group(receipt: str) -> str:
    return parse(receipt)[-GROUP:]


def tag(receipt: str) -> str:
    """Under which the report is found: tells nothing of the receipt."""
    return _derive(receipt, b"tag", 32).hex()


def seed(receipt: str) -> bytes:
    """The private key that reads officers' replies, and nothing else."""
    return _derive(receipt, b"key", sealing.SEED)


def signer(receipt: str) -> bytes:
    """What signs the reporter's later messages, so that nobody writes in the reporter's name."""
    return _derive(receipt, b"signer", sealing.KEY)


def _derive(receipt: str, purpose: bytes, length: int) -> bytes:
    told = b"reporting.receipt|" + purpose + b"|" + parse(receipt).encode()
    return hashlib.shake_256(told).digest(length)


def _check(body: str) -> str:
    """The character that makes a weighted sum in the field of 32 elements vanish.

    It gives away every single wrong character and every swap of neighbours.
    """
    total = 0
    for character in body:
        total = _double(total) ^ ALPHABET.index(character)
    return ALPHABET[_double(total)]


def _double(element: int) -> int:
    """Times x, modulo x⁵ + x² + 1."""
    return (element << 1) ^ (0b100101 if element & 16 else 0)
