"""What checking a document found, and how it is said to a reader."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _


class Verdict(StrEnum):
    VALID = "valid"
    INCOMPLETE = "incomplete"
    ALTERED = "altered"
    FOREIGN = "foreign"
    UNTRUSTED = "untrusted"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"


class Problem(StrEnum):
    """Why a signature or a document fell short; NONE where nothing did."""

    NONE = ""
    BROKEN = "broken"
    CHANGED_AFTER = "changed_after"
    FOREIGN = "foreign"
    EXPIRED = "expired"
    REVOKED = "revoked"
    NOT_CONFIRMED = "not_confirmed"
    MISSING = "missing"
    NOT_ARCHIVED = "not_archived"
    NOT_CERTIFIED = "not_certified"
    NOT_PDF = "not_pdf"
    TOO_LARGE = "too_large"
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    TOO_LONG = "too_long"


@dataclass(frozen=True)
class SignatureFinding:
    """One signature: who, when, and what of it holds.

    `intact`: its bytes are as signed. `unaltered`: only what it allows came later.
    `trusted`: its certificate leads to us and was good when it signed.
    """

    field: str
    who: str
    function: str
    organisation: str
    country: str
    reason: str
    claimed_at: datetime | None
    signed_at: datetime | None
    level: str
    intact: bool
    unaltered: bool
    trusted: bool
    covers_whole_file: bool
    problem: Problem = Problem.NONE

    @property
    def is_valid(self) -> bool:
        return self.intact and self.unaltered and self.trusted

    @property
    def role(self) -> str:
        """For whom this signature speaks, in words."""
        return {
            "seal": _("Seal of the administration"),
            "business": _("Signed for the firm"),
            "administration": _("Signed for the administration"),
            "evidence": _("Seal of the administration on an evidence report"),
        }.get(self.field.partition("-")[0], _("Another signature"))

    @property
    def sentence(self) -> str:
        """What holds of this signature, for a reader."""
        name = f"{self.who}, {self.function}" if self.function else self.who
        if self.organisation and self.organisation != self.who:
            name = f"{name} ({self.organisation})"
        known = {"role": self.role, "name": name, "when": _when(self.signed_at)}
        if self.is_valid and self.signed_at is not None:
            return _("%(role)s: %(name)s, on %(when)s. The signature is valid.") % known
        if self.is_valid:
            return _("%(role)s: %(name)s. The signature is valid; its time is not proven.") % known
        return f"{self.role}: {name}. {_problem(self.problem)}"


@dataclass(frozen=True)
class Verification:
    """The verdict on one file; whether the agreement is in force now, the register says."""

    verdict: Verdict
    sha256: str
    size: int
    problem: Problem = Problem.NONE
    number: str = ""
    version: int = 0
    signatures: tuple[SignatureFinding, ...] = ()
    archived_at: datetime | None = None
    # When it got its newest archive stamp, if it got more than one.
    renewed_at: datetime | None = None

    @property
    def is_valid(self) -> bool:
        return self.verdict is Verdict.VALID

    @property
    def headline(self) -> str:
        """The verdict in one sentence."""
        return {
            Verdict.VALID: _(
                "This document is genuine and complete, and nothing in it was changed."
            ),
            Verdict.INCOMPLETE: _("This document is genuine so far, but it is not complete."),
            Verdict.ALTERED: _("Do not rely on this document: it was changed after it was signed."),
            Verdict.FOREIGN: _("This document is signed, but not by this administration."),
            Verdict.UNTRUSTED: _("Do not rely on this document: a signature is not confirmed."),
            Verdict.UNSIGNED: _("This document carries no signature."),
            Verdict.UNREADABLE: _("This file cannot be checked."),
        }[self.verdict]

    @property
    def sentences(self) -> list[str]:
        """All that was found, one sentence each, for a reader."""
        said = [_problem(self.problem)] if self.problem else []
        said += [signature.sentence for signature in self.signatures]
        if self.is_valid and self.archived_at is not None:
            said.append(_("Archived with proof of its state on %s.") % _when(self.archived_at))
        if self.is_valid and self.renewed_at is not None:
            said.append(_("The proof was last renewed on %s.") % _when(self.renewed_at))
        return said

    def as_dict(self) -> dict[str, Any]:
        """Plain values, for a process that hands the verdict on."""
        values = asdict(self)
        values["archived_at"] = _plain(self.archived_at)
        values["renewed_at"] = _plain(self.renewed_at)
        for signature in values["signatures"]:
            signature["claimed_at"] = _plain(signature["claimed_at"])
            signature["signed_at"] = _plain(signature["signed_at"])
        return values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Verification:
        findings = tuple(
            SignatureFinding(
                **one
                | {
                    "claimed_at": _moment(one["claimed_at"]),
                    "signed_at": _moment(one["signed_at"]),
                    "problem": Problem(one["problem"]),
                }
            )
            for one in values["signatures"]
        )
        return cls(
            **values
            | {
                "verdict": Verdict(values["verdict"]),
                "problem": Problem(values["problem"]),
                "archived_at": _moment(values["archived_at"]),
                "renewed_at": _moment(values["renewed_at"]),
                "signatures": findings,
            }
        )


def refusal(pdf: bytes, problem: Problem = Problem.NONE) -> Verification:
    """The verdict on a file that cannot be checked, and why."""
    return Verification(
        Verdict.UNREADABLE, hashlib.sha256(pdf).hexdigest(), len(pdf), problem=problem
    )


def _plain(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _when(moment: datetime | None) -> str:
    return date_format(localtime(moment), "j F Y, H:i") if moment else ""


def _problem(problem: Problem) -> str:
    return {
        Problem.NONE: "",
        Problem.BROKEN: _("The signature is broken: what it signed is not what is there now."),
        Problem.CHANGED_AFTER: _("The document was changed after this signature."),
        Problem.FOREIGN: _("The signature does not come from this administration."),
        Problem.EXPIRED: _("Its certificate had expired, or its time is not proven."),
        Problem.REVOKED: _("Its certificate was withdrawn."),
        Problem.NOT_CONFIRMED: _("Its certificate cannot be confirmed."),
        Problem.MISSING: _("A signature is still missing."),
        Problem.NOT_ARCHIVED: _("Both parties have signed; the archive stamp is still missing."),
        Problem.NOT_CERTIFIED: _("The seal of the administration does not protect this document."),
        Problem.NOT_PDF: _("The file is not a PDF document."),
        Problem.TOO_LARGE: _("The file is too large to be one of our documents."),
        Problem.ENCRYPTED: _("The file is protected by a password. Our documents never are."),
        Problem.DAMAGED: _("The file is damaged or is not built as a PDF document should be."),
        Problem.TOO_LONG: _("The check took too long and was stopped."),
    }[problem]
