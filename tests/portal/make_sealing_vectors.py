"""Makes sealing_vectors.json again: every secret is fixed, what has chance in it is kept as made.

Run it only for a new suite: `python -m tests.portal.make_sealing_vectors`.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from uuid import UUID

from portal import sealing
from portal.sealing import Context, Recipient

PATH = Path(__file__).with_name("sealing_vectors.json")
CONTEXT = Context(
    UUID("0123456789abcdef0123456789abcdef"), UUID("fedcba9876543210fedcba9876543210"), "note", 7
)


def fixed(purpose: str, length: int) -> bytes:
    """A secret that anybody can make: for tests alone."""
    return hashlib.shake_256(b"portal.sealing vector|" + purpose.encode()).digest(length)


def vectors() -> dict[str, object]:
    seed, key, signer = fixed("seed", 96), fixed("key", 32), fixed("signer", 32)
    public = sealing.public_of(seed)
    recipient = Recipient("unit:desk", 3, public)
    first = fixed("half", 32)
    return {
        "seed": seed.hex(),
        "public_sha256": hashlib.sha256(public).hexdigest(),
        "fingerprint": sealing.fingerprint(public),
        "bound": CONTEXT.bound().hex(),
        "slot_info": sealing.slot_info(CONTEXT, recipient.slot).hex(),
        "slot": recipient.slot,
        "sealed_slot": sealing.seal_slot(recipient, key, CONTEXT).hex(),
        "key": key.hex(),
        "plaintext": "seen at the quay",
        "ciphertext": sealing.encrypt(key, b"seen at the quay", CONTEXT).hex(),
        "half": first.hex(),
        "other_half": sealing.join(key, first).hex(),
        "passphrase": "7KQ2M9XW4T0ABCDEFGHJ",
        "locked": sealing.lock_up(seed, "7KQ2M9XW4T0ABCDEFGHJ", b"vector").hex(),
        "boxed": sealing.box(key, b"in a session", b"vector").hex(),
        "signer": signer.hex(),
        "verifier": sealing.verifier_of(signer).hex(),
        "signature": sealing.sign(signer, b"we read it", CONTEXT).hex(),
        "secret": fixed("secret", 96).hex(),
        "shares": [
            {name: part.hex() for name, part in share.items()}
            for share in sealing.share_out(fixed("secret", 96))
        ],
    }


if __name__ == "__main__":
    PATH.write_text(json.dumps(vectors(), indent=1) + "\n")
