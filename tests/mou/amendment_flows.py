"""Leads a new version of a signed text to a state by the real actions."""

from __future__ import annotations

from typing import Any

from mou.actions import amendments, applying, drafting, sealing, signatures
from mou.models import AmendmentKind, Party
from tests.mou import flows
from tests.mou.flows import Cast

WHY = "Both sides want the reporting clause clearer."


def opened(kind: str = AmendmentKind.AMENDMENT, **kwargs: Any) -> Cast:
    """In force, with a new version begun; needs the time-stamp service."""
    cast = flows.archived(**kwargs)
    amendments.open_amendment(mou=cast.agreement, kind=kind, reason=WHY, by=cast.caseworker)
    return cast


def agree(cast: Cast) -> None:
    """Drafted, sent and accepted."""
    drafting.draft(
        mou=cast.agreement, template=cast.template, survey_note="As before.", by=cast.caseworker
    )
    content_hash = cast.version.content_hash
    drafting.propose(mou=cast.agreement, content_hash=content_hash, by=cast.caseworker)
    drafting.agree(mou=cast.agreement, content_hash=content_hash, by=cast.owner)


def sign(cast: Cast) -> None:
    sealing.seal(version=cast.version)
    said = flows.declaration(cast, Party.BUSINESS)
    signature = signatures.sign(version=cast.version, declaration=said, by=cast.signatory)
    applying.apply_signature(signature=signature)


def countersign(cast: Cast) -> None:
    said = flows.declaration(cast, Party.ADMINISTRATION)
    made = signatures.countersign(version=cast.version, declaration=said, by=cast.countersigner)
    applying.apply_signature(signature=made)


def complete(cast: Cast) -> None:
    """From its opening to the archive."""
    agree(cast)
    sign(cast)
    countersign(cast)
    sealing.archive(version=cast.version)
