"""Holders of certificates, in every relation to offers, and batches of offers to them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from mou import candidates
from mou.actions import batches, offers
from mou.candidates import Chosen
from mou.models import Basis, MouOffer, OfferBatch, TrustStatus
from portal.models import Organisation, User
from tests.factories import OrganisationFactory, UserFactory
from tests.mou import flows


def holder(kind: str = "F", *, owned: bool = True, authority: str = "", **firm: Any) -> Any:
    """A firm with a certificate, and with an owner unless it has none."""
    people = {"owner": UserFactory()} if owned else {}
    made = OrganisationFactory(**people, **firm)
    status = flows.trust_status(made, kind)
    status.authority = authority
    status.save()
    return made


def holders(count: int) -> list[Organisation]:
    """Many at once; their earlier offers, taken back, say where to write to."""
    firms = Organisation.objects.bulk_create(
        Organisation(legal_name=f"Holder {n:05} AB", country="SE") for n in range(count)
    )
    flows.trust_status(OrganisationFactory())
    pattern = TrustStatus.objects.latest("pk")
    TrustStatus.objects.bulk_create(
        TrustStatus(
            scheme=pattern.scheme,
            organisation=firm,
            number=f"SEAEOF{firm.pk:09}",
            number_normalised=f"SEAEOF{firm.pk:09}",
            type="F",
            effective_from=pattern.effective_from,
            simplifications="valid",
            security="valid",
        )
        for firm in firms
    )
    pattern.delete()
    MouOffer.objects.bulk_create(
        MouOffer(
            organisation=firm,
            programme=flows.programme(),
            basis=Basis.OUTREACH,
            status="withdrawn",
            contact_email=f"firm{firm.pk}@firms.example",
            contact_verified_at=timezone.now(),
        )
        for firm in firms
    )
    return firms


def offered_before(firm: Organisation, status: str, *, days: int = 0) -> MouOffer:
    """An offer that was answered, or not, so many days ago."""
    at = timezone.now() - timedelta(days=days)
    made = MouOffer.objects.create(
        organisation=firm,
        programme=flows.programme(),
        basis=Basis.OUTREACH,
        status=status,
        contact_email="earlier@firms.example",
        contact_verified_at=at,
        sent_at=None if status == "unsent" else at,
    )
    if status == "declined":
        MouOffer.objects.filter(pk=made.pk).update(answered_at=at, answered_by=UserFactory())
    return made


def confirmed(by: User | None = None, **chosen: Any) -> OfferBatch:
    """What an officer who looked at it confirmed."""
    told = Chosen(**chosen)
    seen = candidates.preview(flows.programme(), told).seen
    by = by or UserFactory(caseworker=True)
    return batches.offer_in_bulk(programme=flows.programme(), chosen=told, seen=seen, by=by)


def worked(batch: OfferBatch) -> OfferBatch:
    batches.make_offers(batch=OfferBatch.objects.get(pk=batch.pk))
    batch.refresh_from_db()
    return batch


def automatic(firm: Organisation) -> MouOffer:
    """The offer that follows on a certificate by itself."""
    return offers.offer(
        organisation=firm,
        programme=flows.programme(),
        basis=Basis.TRUST_STATUS,
        trust_status=firm.trust_statuses.get(),
        by=None,
    )
