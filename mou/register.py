"""What the public may know of an agreement: its parties, dates and standing now, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou.lifecycle import MouStatus, VersionStatus
from mou.models import Document, MouVersion, Step


@dataclass(frozen=True)
class Standing:
    """How an agreement stands at this moment, beside whatever a file says."""

    state: str
    colour: str
    headline: str
    meaning: str
    number: str = ""
    firm: str = ""
    administration: str = ""
    programme: str = ""
    in_force_at: datetime | None = None
    ended_at: datetime | None = None
    archived_sha256: str = ""
    renewed_at: datetime | None = None
    looked_up_sha256: str = ""
    step: str = ""
    is_final: bool = False

    @property
    def is_known(self) -> bool:
        return self.state != "unknown"


def standing_unknown(sha256: str = "") -> Standing:
    return Standing(
        "unknown",
        "grey",
        _("Unknown here"),
        _(
            "We keep no agreement with this file or code. It may have been changed, "
            "typed wrongly, or never have come from us."
        ),
        looked_up_sha256=sha256,
    )


def standing_of(version: MouVersion, *, document: Document | None = None) -> Standing:
    """The standing of the agreement that this version belongs to."""
    mou = version.mou
    archived = version.documents.filter(step=Step.ARCHIVED).first()
    state = _state(version)
    colour, headline, meaning = WORDS[state]
    if state == "unsigned" and version.amendment_id is not None:
        meaning = NEW_VERSION
    return Standing(
        state,
        colour,
        str(headline),
        str(meaning),
        number=mou.number,
        firm=version.content["business"]["legal_name"],
        administration=version.content["administration"]["name"],
        programme=version.content["programme"],
        in_force_at=mou.in_force_at,
        ended_at=mou.ended_at,
        archived_sha256=archived.sha256 if archived else "",
        renewed_at=archived.renewed_at if archived else None,
        looked_up_sha256=document.sha256 if document else "",
        step=document.get_step_display() if document else "",
        is_final=document is not None and document.step == Step.ARCHIVED,
    )


# State → its colour, in a word, and what it means to whoever holds the document.
WORDS: dict[str, tuple[str, Any, Any]] = {
    "void": (
        "red",
        gettext_lazy("Taken back"),
        gettext_lazy(
            "This text was taken back before both parties had signed it. It binds nobody."
        ),
    ),
    "superseded": (
        "grey",
        gettext_lazy("Replaced"),
        gettext_lazy("A newer version of this agreement has taken the place of this document."),
    ),
    "unsigned": (
        "yellow",
        gettext_lazy("Not signed by both parties yet"),
        gettext_lazy("The agreement is being signed. It is not in force and binds nobody yet."),
    ),
    "in_force": (
        "green",
        gettext_lazy("In force"),
        gettext_lazy("Both parties have signed the agreement, and it applies today."),
    ),
    "suspended": (
        "orange",
        gettext_lazy("Suspended"),
        gettext_lazy(
            "The signatures are as valid as ever, but the agreement does not apply at present. "
            "Do not rely on it until it is in force again."
        ),
    ),
    "ended": (
        "red",
        gettext_lazy("Ended"),
        gettext_lazy("The agreement was in force once and is not any more. Do not rely on it."),
    ),
}
NEW_VERSION = gettext_lazy(
    "This new version is being signed and binds nobody yet; the one before it stands."
)
OF_VERSIONS = {VersionStatus.VOID: "void", VersionStatus.SUPERSEDED: "superseded"}
OF_AGREEMENTS = {MouStatus.IN_FORCE: "in_force", MouStatus.SUSPENDED: "suspended"}


def _state(version: MouVersion) -> str:
    """Which of WORDS holds of this document now."""
    if found := OF_VERSIONS.get(VersionStatus(version.status)):
        return found
    if version.status != VersionStatus.SIGNED:
        return "unsigned"
    return OF_AGREEMENTS.get(MouStatus(version.mou.status), "ended")
