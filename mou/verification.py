"""Verification at the edges: in this process for our own files, in one apart for strangers'."""

from __future__ import annotations

import json
import struct
import subprocess
import sys
from pathlib import Path

from mou import keys
from mou.checks import LARGEST, verify
from mou.tokens import Roots
from mou.verdict import Problem, SignatureFinding, Verdict, Verification, refusal

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
ROOT = Path(__file__).resolve().parent.parent
# Isolated (-I): neither the environment nor the working folder changes what is imported.
START = (
    "import sys; sys.path.insert(0, sys.argv[1]); from mou.verification_process import main; main()"
)
# Signals that end a process at its limits: killed, and out of processor time.
ENDED = (-9, -24)


def verify_in_subprocess(pdf: bytes, *, roots: Roots | None = None) -> Verification:
    """The verdict on a stranger's file, by a process that has no network and keeps nothing."""
    if len(pdf) > LARGEST:
        return refusal(pdf, Problem.TOO_LARGE)
    roots = roots or keys.roots()
    pinned = [[one.dump().hex() for one in kind] for kind in (roots.signatures, roots.timestamps)]
    order = json.dumps(pinned).encode()
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-B", "-c", START, str(ROOT)],
            input=struct.pack(">I", len(order)) + order + pdf,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            env={},
        )
    except subprocess.TimeoutExpired:
        return refusal(pdf, Problem.TOO_LONG)
    if done.returncode != 0:
        return refusal(pdf, Problem.TOO_LONG if done.returncode in ENDED else Problem.DAMAGED)
    return Verification.from_dict(json.loads(done.stdout))
