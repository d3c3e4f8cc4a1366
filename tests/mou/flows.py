"""Leads an agreement to a state by the real actions, the way people would."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from mou.actions import agreements, applying, drafting, sealing, signatures
from mou.consent import current
from mou.models import (
    Basis,
    Clause,
    Mou,
    MouOffer,
    MouVersion,
    Party,
    Programme,
    Signature,
    Template,
    TrustScheme,
    TrustStatus,
)
from portal import outbox, reference_files
from portal.models import Organisation, OutboxMessage, User
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.mou import survey_flows

FUNCTION = "Managing director"


@dataclass
class Cast:
    """The people and things of one agreement."""

    organisation: Organisation
    owner: User
    signatory: User
    caseworker: User
    countersigner: User
    template: Template
    offer: MouOffer
    mou: Mou | None = None

    @property
    def version(self) -> MouVersion:
        version = self.agreement.current
        assert version is not None
        return version

    @property
    def agreement(self) -> Mou:
        assert self.mou is not None
        self.mou.refresh_from_db()
        return self.mou


def programme() -> Programme:
    return Programme.objects.get_or_create(
        code="mou", defaults={"name": "Cooperation", "owner": "Customs", "purpose": "Prevention"}
    )[0]


def template(**fields: Any) -> Template:
    made, new = Template.objects.get_or_create(
        programme=programme(),
        language="en",
        version=99,
        defaults={"title": "Memorandum of Understanding", "valid_from": date(2026, 1, 1), **fields},
    )
    if new:
        for position, code in enumerate(["PURPOSE", "REPORTING", "CONFIDENTIALITY"], start=1):
            Clause.objects.create(
                template=made,
                position=position,
                code=code,
                title=code.capitalize(),
                text="{business} and {administration} agree.\n\nNotice: {notice_days} days.",
            )
    return made


def trust_status(organisation: Organisation, kind: str = "F") -> TrustStatus:
    scheme, _new = TrustScheme.objects.get_or_create(
        code="aeo",
        defaults={
            "name": "AEO",
            "legal_basis": "Reg. (EU) 952/2013",
            "valid_from": date(2016, 5, 1),
        },
    )
    return TrustStatus.objects.create(
        scheme=scheme,
        organisation=organisation,
        number=f"SEAEO{kind}{organisation.pk:08}",
        type=kind,
        effective_from=date(2026, 1, 1),
        simplifications="none" if kind == "S" else "valid",
        security="none" if kind == "C" else "valid",
    )


def offered(*, trusted: bool = True) -> Cast:
    owner = UserFactory(name="Olga Owner")
    signatory = UserFactory(name="Sigrid Signatory")
    organisation = OrganisationFactory(owner=owner)
    MembershipFactory(organisation=organisation, user=signatory, signatory=True)
    offer = MouOffer.objects.create(
        organisation=organisation,
        programme=programme(),
        basis=Basis.TRUST_STATUS if trusted else Basis.OUTREACH,
        trust_status=trust_status(organisation) if trusted else None,
        required_component="S" if trusted else "",
        status="sent",
        sent_at=timezone.now(),
        contact_email=owner.email,
        contact_verified_at=timezone.now(),
        contact_source="register import",
    )
    return Cast(
        organisation=organisation,
        owner=owner,
        signatory=signatory,
        caseworker=UserFactory(caseworker=True, name="Carl Caseworker"),
        countersigner=UserFactory(countersigner=True, name="Cora Countersigner"),
        template=template(),
        offer=offer,
    )


def accepted(*, cast: Cast | None = None, **kwargs: Any) -> Cast:
    cast = cast or offered(**kwargs)
    cast.mou = agreements.accept(offer=cast.offer, by=cast.owner)
    return cast


def named(**kwargs: Any) -> Cast:
    cast = accepted(**kwargs)
    agreements.name_signatory(
        mou=cast.agreement,
        signatory=cast.organisation.memberships.get(user=cast.signatory),
        function=FUNCTION,
        by=cast.owner,
    )
    return cast


def surveyed(**kwargs: Any) -> Cast:
    """With a survey of flows that is being answered."""
    reference_files.load()
    cast = named(**kwargs)
    survey_flows.answered(cast.agreement)
    return cast


def drafted(**kwargs: Any) -> Cast:
    cast = named(**kwargs)
    drafting.draft(
        mou=cast.agreement,
        template=cast.template,
        survey_note="The survey of flows follows at the first review.",
        by=cast.caseworker,
    )
    return cast


def proposed(**kwargs: Any) -> Cast:
    cast = drafted(**kwargs)
    drafting.propose(mou=cast.agreement, content_hash=cast.version.content_hash, by=cast.caseworker)
    return cast


def agreed(**kwargs: Any) -> Cast:
    cast = proposed(**kwargs)
    drafting.agree(mou=cast.agreement, content_hash=cast.version.content_hash, by=cast.owner)
    return cast


def joined(offer: MouOffer) -> Cast:
    """A firm that was offered an agreement in any way, with its people."""
    owner, signatory = UserFactory(name="Olga Owner"), UserFactory(name="Sigrid Signatory")
    MembershipFactory(organisation=offer.organisation, user=owner, owner=True)
    MembershipFactory(organisation=offer.organisation, user=signatory, signatory=True)
    return Cast(
        organisation=offer.organisation,
        owner=owner,
        signatory=signatory,
        caseworker=UserFactory(caseworker=True),
        countersigner=UserFactory(countersigner=True),
        template=template(),
        offer=offer,
    )


def sealed(**kwargs: Any) -> Cast:
    """The document is open for signature; needs the time-stamp service."""
    cast = agreed(**kwargs)
    sealing.seal(version=cast.version)
    return cast


def declaration(cast: Cast, party: Party, **changes: Any) -> signatures.Declaration:
    by = cast.signatory if party == Party.BUSINESS else cast.countersigner
    fields = {
        "typed_name": by.name,
        "function": FUNCTION,
        "consent": current(),
        "document_sha256": signatures.document_to_sign(cast.version, party).sha256,
        "factor": "totp",
        "factor_evidence": {},
        "address": "127.0.0.1",
        "browser": "test",
    }
    return signatures.Declaration(**(fields | changes))


def authorised(**kwargs: Any) -> tuple[Cast, Signature]:
    """The signatory has authorised; the worker has not signed yet."""
    cast = sealed(**kwargs)
    signature = signatures.sign(
        version=cast.version, declaration=declaration(cast, Party.BUSINESS), by=cast.signatory
    )
    return cast, signature


def signed(**kwargs: Any) -> Cast:
    cast, signature = authorised(**kwargs)
    applying.apply_signature(signature=signature)
    return cast


def countersigned(**kwargs: Any) -> Cast:
    cast = signed(**kwargs)
    signature = signatures.countersign(
        version=cast.version,
        declaration=declaration(cast, Party.ADMINISTRATION),
        by=cast.countersigner,
    )
    applying.apply_signature(signature=signature)
    return cast


def archived(**kwargs: Any) -> Cast:
    cast = countersigned(**kwargs)
    sealing.archive(version=cast.version)
    return cast


def deliver_all() -> None:
    """Do all promised work now, in this process, and what that work promises."""
    for _round in range(5):
        due = list(OutboxMessage.objects.filter(done_at=None).order_by("pk"))
        for message in due:
            OutboxMessage.objects.filter(pk=message.pk).update(available_at=timezone.now())
            outbox.deliver(message.pk)
        if not due:
            return
