"""What is wrong with a signature or its certificate, in our own words."""

from __future__ import annotations

from typing import Any

from pyhanko.sign.ades.report import AdESIndeterminate as Trouble
from pyhanko.sign.validation.status import SignatureStatus

from mou.verdict import Problem, SignatureFinding

EXPIRED = {
    Trouble.EXPIRED,
    Trouble.NOT_YET_VALID,
    Trouble.OUT_OF_BOUNDS_NO_POE,
    Trouble.OUT_OF_BOUNDS_NOT_REVOKED,
    Trouble.REVOCATION_OUT_OF_BOUNDS_NO_POE,
}


def problem_of(finding: SignatureFinding, status: SignatureStatus) -> Problem:
    """What is wrong with a signature, the worst first."""
    if not finding.intact:
        return Problem.BROKEN
    if not finding.unaltered:
        return Problem.CHANGED_AFTER
    return Problem.NONE if finding.trusted else trouble(status)


def trouble(status: SignatureStatus) -> Problem:
    """Why a certificate is not trusted."""
    if status.revoked:
        return Problem.REVOKED
    if status.trust_problem_indic is Trouble.NO_CERTIFICATE_CHAIN_FOUND:
        return Problem.FOREIGN
    return Problem.EXPIRED if status.trust_problem_indic in EXPIRED else Problem.NOT_CONFIRMED


def text(value: Any) -> str:
    """A name in a certificate: one text, even where the certificate gives several."""
    return " ".join(value) if isinstance(value, list) else str(value or "")
