"""Signatures of the demonstration: as people give them, once each."""

from __future__ import annotations

from mou import consent
from mou.actions import signatures
from mou.models import MouVersion, Party
from portal.models import User


def sign(version: MouVersion, owner: User) -> None:
    """For the firm."""
    if version.signature_of(Party.BUSINESS) is None:
        said = _declaration(version, Party.BUSINESS, owner, "Managing director")
        signatures.sign(version=version, declaration=said, by=owner)


def countersign(version: MouVersion, officer: User) -> None:
    """For the administration."""
    if version.signature_of(Party.ADMINISTRATION) is None:
        said = _declaration(version, Party.ADMINISTRATION, officer, "Countersigning officer")
        signatures.countersign(version=version, declaration=said, by=officer)


def _declaration(
    version: MouVersion, party: Party, by: User, function: str
) -> signatures.Declaration:
    return signatures.Declaration(
        typed_name=by.name,
        function=function,
        consent=consent.current(),
        document_sha256=signatures.document_to_sign(version, party).sha256,
        factor="demonstration",
        factor_evidence={},
        address="127.0.0.1",
        browser="Demonstration",
    )
