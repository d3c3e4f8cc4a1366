"""New versions of signed texts, in the demonstration: at every stage, dropped, and signed."""

from __future__ import annotations

from mou.actions import amendments, drafting
from mou.lifecycle import VersionStatus
from mou.models import Mou, MouVersion
from portal.models import User

REASON = "The yard at the north quay was added, and reports are to be quicker."
NOTE = "The survey follows once the new yard is open."
# Firms by what becomes of their new version; those of which a document is made come last.
SIGNED = ("amended", "amendment_signing")
TARGETS = ("rebased", "amending", *SIGNED)


def amend(mou: Mou, target: str, owner: User, caseworker: User) -> None:
    """Begun, read by the firm, or agreed; done before, it stays as it is."""
    if mou.amendments.exists():
        return
    _open(mou, caseworker)
    if target == "rebased":
        return
    if target == "amending":
        amendments.drop(mou=mou, reason="The yard is only rented for the summer.", by=owner)
        _open(mou, caseworker)
    content_hash = _send(mou, caseworker)
    if target in SIGNED:
        drafting.agree(mou=mou, content_hash=content_hash, by=owner)


def version_of(mou: Mou) -> MouVersion:
    """The text of the new version."""
    return mou.versions.exclude(status=VersionStatus.VOID).get(amendment__isnull=False)


def _open(mou: Mou, caseworker: User) -> None:
    amendments.open_amendment(mou=mou, kind="amendment", reason=REASON, by=caseworker)


def _send(mou: Mou, caseworker: User) -> str:
    version = mou.signed
    assert version is not None  # noqa: S101 - it is in force
    draft = drafting.draft(mou=mou, template=version.template, survey_note=NOTE, by=caseworker)
    drafting.propose(mou=mou, content_hash=draft.content_hash, by=caseworker)
    return draft.content_hash
