"""Verification at the edges: in this process for our own files, in one apart for strangers'."""

from __future__ import annotations

import json
import struct

from mou import keys
from mou.checks import LARGEST, verify
from mou.tokens import Roots
from mou.verdict import Problem, SignatureFinding, Verdict, Verification, refusal
from portal.confinement import Overran, Unanswered, answer_apart, running

__all__ = [
    "LARGEST",
    "Problem",
    "SignatureFinding",
    "Verdict",
    "Verification",
    "verify",
    "verify_in_subprocess",
]

SECONDS = 20
START = running("mou.verification_process")


def verify_in_subprocess(pdf: bytes, *, roots: Roots | None = None) -> Verification:
    """The verdict on a stranger's file, by a process that has no network and keeps nothing."""
    if len(pdf) > LARGEST:
        return refusal(pdf, Problem.TOO_LARGE)
    roots = roots or keys.roots()
    pinned = [[one.dump().hex() for one in kind] for kind in (roots.signatures, roots.timestamps)]
    order = json.dumps(pinned).encode()
    try:
        said = answer_apart(START, [struct.pack(">I", len(order)), order, pdf], seconds=SECONDS)
    except Overran:
        return refusal(pdf, Problem.TOO_LONG)
    except Unanswered:
        return refusal(pdf, Problem.DAMAGED)
    return Verification.from_dict(json.loads(said))
