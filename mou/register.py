"""What the public may know of an agreement: its parties, dates and standing now, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

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
    state, colour, headline, meaning = _words(version)
    return Standing(
        state,
        colour,
        headline,
        meaning,
        number=mou.number,
        firm=version.content["business"]["legal_name"],
        administration=version.content["administration"]["name"],
        programme=version.content["programme"],
        in_force_at=mou.in_force_at,
        ended_at=mou.ended_at,
        archived_sha256=archived.sha256 if archived else "",
        looked_up_sha256=document.sha256 if document else "",
        step=document.get_step_display() if document else "",
        is_final=document is not None and document.step == Step.ARCHIVED,
    )


def _words(version: MouVersion) -> tuple[str, str, str, str]:
    status = version.mou.status
    if version.status == VersionStatus.VOID:
        return (
            "void",
            "red",
            _("Taken back"),
            _("This text was taken back before both parties had signed it. It binds nobody."),
        )
    if version.status == VersionStatus.SUPERSEDED:
        return (
            "superseded",
            "grey",
            _("Replaced"),
            _("A newer version of this agreement has taken the place of this document."),
        )
    if version.status != VersionStatus.SIGNED:
        return (
            "unsigned",
            "yellow",
            _("Not signed by both parties yet"),
            _("The agreement is being signed. It is not in force and binds nobody yet.")
            if version.amendment_id is None
            else _(
                "This new version is being signed and binds nobody yet. An earlier one applies."
            ),
        )
    if status == MouStatus.IN_FORCE:
        return (
            "in_force",
            "green",
            _("In force"),
            _("Both parties have signed the agreement, and it applies today."),
        )
    if status == MouStatus.SUSPENDED:
        return (
            "suspended",
            "orange",
            _("Suspended"),
            _(
                "The signatures are as valid as ever, but the agreement does not apply at present. "
                "Do not rely on it until it is in force again."
            ),
        )
    return (
        "ended",
        "red",
        _("Ended"),
        _("The agreement was in force once and is not any more. Do not rely on it."),
    )
