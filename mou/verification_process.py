"""What the process apart does with a stranger's document: take the order, be confined, verify."""

from __future__ import annotations

import json
import logging
import struct
import sys

from asn1crypto import x509

from mou.checks import verify
from mou.tokens import Roots
from portal.confinement import confine


def main() -> None:
    """Take the order, give up every power, then open the file."""
    logging.disable(logging.CRITICAL)
    (length,) = struct.unpack(">I", sys.stdin.buffer.read(4))
    pinned = json.loads(sys.stdin.buffer.read(length))
    signatures, stamps = (
        tuple(x509.Certificate.load(bytes.fromhex(der)) for der in kind) for kind in pinned
    )
    pdf = sys.stdin.buffer.read()
    confine()
    found = verify(pdf, roots=Roots(signatures, stamps))
    sys.stdout.write(json.dumps(found.as_dict()))
