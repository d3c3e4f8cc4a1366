"""All of one agreement that a page shows, read in a fixed number of queries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.utils.translation import gettext as _

from mou.course import remember
from mou.lifecycle import MouStatus, SignatureStatus, VersionStatus
from mou.models import (
    Acceptance,
    Amendment,
    Document,
    Mou,
    MouVersion,
    Party,
    Signature,
    Step,
)
from mou.models.agreements import ENDED
from mou.models.signatures import FIRM_STEPS, LIVE
from mou.seats import Table, table_of

WORKER = "worker"
# Intermediate files prove what happened, but nobody needs them beside their stamped successors.
SHOWN_STEPS = [
    Step.ARCHIVED,
    Step.ADMINISTRATION_STAMPED,
    *(stamped for _made, stamped in reversed(FIRM_STEPS)),
    Step.SEALED,
]
STATUS_COLOURS = {
    MouStatus.PREPARATION: "blue",
    MouStatus.NEGOTIATION: "purple",
    MouStatus.READY: "blue",
    MouStatus.SIGNING: "yellow",
    MouStatus.IN_FORCE: "green",
    MouStatus.SUSPENDED: "orange",
    MouStatus.WITHDRAWN: "grey",
    MouStatus.TERMINATED: "red",
    MouStatus.EXPIRED: "grey",
}


@dataclass(frozen=True)
class Stage:
    """One step on the way to an agreement in force, and whose turn it is."""

    verb: str
    text: str
    turn: str
    done: bool = False
    at: datetime | None = None
    by: str = ""


class Dossier:
    """An agreement with its current version, and what belongs to it."""

    def __init__(self, mou: Mou) -> None:
        self.mou = mou
        self.course = remember(mou)
        self.version: MouVersion | None = mou.current
        # The version that binds while another is in work.
        self.binding: MouVersion | None = None
        if self.amendment is not None:
            self.binding = mou.signed
            if self.version is not None and self.version.amendment_id != self.amendment.pk:
                self.version = None

    @property
    def amendment(self) -> Amendment | None:
        """The new version in work while the agreement is in force, if there is one."""
        return self.course if isinstance(self.course, Amendment) else None

    @property
    def colour(self) -> str:
        return STATUS_COLOURS[MouStatus(self.mou.status)]

    @cached_property
    def acceptances(self) -> dict[str, Acceptance]:
        if self.version is None:
            return {}
        return {acceptance.party: acceptance for acceptance in self.version.acceptances.all()}

    @cached_property
    def signatures(self) -> dict[tuple[str, int], Signature]:
        """The live signatures, each by its party and its place."""
        if self.version is None:
            return {}
        found = self.version.signatures.filter(status__in=LIVE)
        return {(signature.party, signature.place): signature for signature in found}

    @cached_property
    def table(self) -> Table | None:
        """Who signs for the firm and who has, while the document is being signed."""
        version = self.version
        if version is None or version.status != VersionStatus.SIGNING:
            return None
        version.mou = self.mou
        return table_of(version)

    @cached_property
    def documents(self) -> dict[str, Document]:
        if self.version is None:
            return {}
        documents = {document.step: document for document in self.version.documents.all()}
        for document in documents.values():
            document.version = self.version
        return documents

    @cached_property
    def binding_document(self) -> Document | None:
        """The archived file of the version that binds while another is in work."""
        if self.binding is None:
            return None
        return self.binding.documents.filter(step=Step.ARCHIVED).first()

    @property
    def shown_documents(self) -> list[Document]:
        """The newest first; all but it are earlier stages of the same file."""
        return [self.documents[step] for step in SHOWN_STEPS if step in self.documents]

    @property
    def report(self) -> Document | None:
        """Who signed what, when and how, as a file of its own."""
        return self.documents.get(Step.EVIDENCE)

    @property
    def ended(self) -> bool:
        return self.mou.status in ENDED

    @cached_property
    def stages(self) -> list[Stage]:
        return [
            self._opened() if self.amendment else self._accepted(),
            self._named(),
            self._drafted(),
            self._agreed(),
            self._sealed(),
            *self._signed_by_firm(),
            self._signed("countersign", Party.ADMINISTRATION, _("Sign for the administration")),
            self._archived(),
        ]

    @property
    def next(self) -> Stage | None:
        """The first step that is not done, unless the agreement has ended."""
        if self.ended:
            return None
        return next((stage for stage in self.stages if not stage.done), None)

    def _opened(self) -> Stage:
        amendment = self.amendment
        assert amendment is not None  # noqa: S101 - the caller has looked
        text = amendment.get_kind_display()
        return Stage("open", text, Party.ADMINISTRATION, done=True, at=amendment.opened_at)

    def _accepted(self) -> Stage:
        offer = self.mou.offer
        by = offer.answered_by if offer else None
        return Stage(
            "accept",
            _("Accept the offer"),
            Party.BUSINESS,
            done=True,
            at=offer.answered_at if offer else self.mou.created_at,
            by=str(by) if by else "",
        )

    def _named(self) -> Stage:
        signatory = self.mou.signatory
        return Stage(
            "name_signatory",
            _("Name the signatory"),
            Party.BUSINESS,
            done=signatory is not None,
            by=str(signatory.user) if signatory else "",
        )

    def _drafted(self) -> Stage:
        acceptance = self.acceptances.get(Party.ADMINISTRATION)
        return Stage(
            "draft",
            _("Draft the text"),
            Party.ADMINISTRATION,
            done=acceptance is not None,
            at=acceptance.accepted_at if acceptance else None,
        )

    def _agreed(self) -> Stage:
        acceptance = self.acceptances.get(Party.BUSINESS)
        return Stage(
            "agree",
            _("Read and accept the text"),
            Party.BUSINESS,
            done=acceptance is not None,
            at=acceptance.accepted_at if acceptance else None,
            by=str(acceptance.accepted_by) if acceptance else "",
        )

    def _sealed(self) -> Stage:
        sealed = self.documents.get(Step.SEALED)
        return Stage(
            "seal",
            _("Make and seal the document"),
            WORKER,
            done=sealed is not None,
            at=sealed.created_at if sealed else None,
        )

    def _signed_by_firm(self) -> list[Stage]:
        """One step a signature, where the firm needs more than one."""
        needed = self.version.signatures_needed if self.version is not None else 1
        if needed == 1:
            return [self._signed("sign", Party.BUSINESS, _("Sign for the firm"))]
        words = _("Sign for the firm, signature %(place)d of %(needed)d")
        return [
            self._signed(
                "sign", Party.BUSINESS, words % {"place": place, "needed": needed}, place=place
            )
            for place in range(1, needed + 1)
        ]

    def _signed(self, verb: str, party: Party, text: str, *, place: int = 1) -> Stage:
        signature = self.signatures.get((party, place))
        made = signature is not None and signature.status == SignatureStatus.STAMPED
        return Stage(
            verb,
            text,
            WORKER if signature and not made else party,
            done=made,
            at=signature.signed_at if signature else None,
            by=signature.signer_name if signature else "",
        )

    def _archived(self) -> Stage:
        return Stage(
            "archive",
            _("Archive the document; the new version applies")
            if self.amendment
            else _("Archive the document; the agreement comes into force"),
            WORKER,
            done=self.version is not None and self.version.status == VersionStatus.SIGNED,
            at=self.mou.in_force_at,
        )
