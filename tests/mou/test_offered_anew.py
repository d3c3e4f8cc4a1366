"""A firm whose agreement has ended is offered another one, by every way to an offer, and once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from mou import programme
from mou.actions import agreements, comparing, imports, life, ways_in
from mou.coverage import coverage
from mou.lifecycle import MouStatus, OfferStatus
from mou.models import Basis, Mou, MouOffer, Notice, Outcome, Party
from portal import outbox, reference_files
from portal.errors import DomainError
from portal.models import Organisation
from tests.factories import UserFactory
from tests.mou import flows
from tests.mou.batch_flows import confirmed, worked
from tests.mou.living import TOLD
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
EORI = "SE5560000001"
HEADING = "holder,country,EORI,certificate number,type,effective date,contact e-mail"


def ended(how: str = "expired") -> flows.Cast:
    """An agreement that came of an offer and has ended in this way."""
    cast = flows.accepted()
    Organisation.objects.filter(pk=cast.organisation.pk).update(eori=EORI, national_id="")
    cast.organisation.refresh_from_db()
    if how == "withdrawn":
        agreements.withdraw(mou=cast.agreement, by=cast.owner, reason="We moved abroad.")
        return cast
    yesterday = timezone.localdate() - timedelta(days=1)
    Mou.objects.update(status=MouStatus.IN_FORCE, in_force_at=timezone.now() - timedelta(days=900))
    if how == "expired":
        Mou.objects.update(ends_on=yesterday)
        life.expire(mou=cast.agreement)
    else:
        Notice.objects.create(
            mou=cast.agreement,
            party=Party.BUSINESS,
            reason="We moved abroad.",
            given_by=cast.owner,
            last_day=yesterday,
        )
        life.terminate(mou=cast.agreement)
    return cast


def declined(days: int) -> flows.Cast:
    cast = flows.offered()
    agreements.decline(offer=cast.offer, by=cast.owner, reason="No time")
    at = timezone.now() - timedelta(days=days)
    MouOffer.objects.filter(pk=cast.offer.pk).update(answered_at=at)
    return cast


def outreach(cast: flows.Cast, by) -> MouOffer:
    firm = cast.organisation
    return ways_in.reach_out(
        firm={
            "legal_name": firm.legal_name,
            "country": str(firm.country),
            "national_id": firm.national_id,
            "eori": firm.eori,
        },
        programme=cast.offer.programme,
        email="new@firm.example",
        source="Called the switchboard",
        reason="It asked at a fair.",
        by=by,
    )


def interest(cast: flows.Cast, by) -> MouOffer:
    told = {**TOLD, "country": str(cast.organisation.country), "eori": cast.organisation.eori}
    asked = ways_in.express_interest(told=told, language="en")
    return ways_in.accept_interest(
        interest=asked, programme=cast.offer.programme, contact_source="Called it", by=by
    )


def batch(cast: flows.Cast, by) -> MouOffer:
    made = worked(confirmed(by, again=True))
    assert made.counted(Outcome.OFFERED) == 1
    return made.offers.get()


def listed(cast: flows.Cast, by) -> MouOffer | None:
    """A list names the firm with a certificate that it has been granted anew."""
    return from_list(cast, by, "SEAEOF0002")


def from_list(cast: flows.Cast, by, number: str) -> MouOffer | None:
    reference_files.load()
    programme.load()
    firm = cast.organisation
    row = f"{firm.legal_name},SE,{EORI},{number},F,2026-01-15,"
    data = f"{HEADING}\r\n{row}".encode()
    found = imports.import_list(file_name="certificates.csv", data=data, by=by)
    comparing.compare_rows(batch=found)
    found.refresh_from_db()
    if found.differences.exists():
        imports.import_rows(batch=imports.confirm_import(batch=found, by=by))
    return MouOffer.objects.exclude(pk=cast.offer.pk).first()


WAYS = {"outreach": outreach, "interest": interest, "batch": batch, "list": listed}


@pytest.mark.parametrize("how", ["withdrawn", "terminated", "expired"])
def test_end_of_an_agreement_ends_its_offer(how):
    cast = ended(how)
    assert cast.agreement.status == how
    assert MouOffer.objects.get().status == OfferStatus.ENDED


@pytest.mark.parametrize("way", WAYS)
def test_firm_whose_agreement_ended_is_offered_and_accepts_another(way):
    cast = ended()
    made = WAYS[way](cast, UserFactory(caseworker=True))
    assert made is not None
    assert made.organisation == cast.organisation
    MouOffer.objects.filter(pk=made.pk).update(
        status="sent", sent_at=timezone.now(), contact_verified_at=timezone.now()
    )
    mou = agreements.accept(offer=made, by=cast.owner)
    assert list(mou.earlier) == [cast.agreement]
    again = Mou(
        number="twice", organisation=mou.organisation, programme=mou.programme, basis=mou.basis
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()


def test_list_that_says_nothing_new_offers_nothing_after_the_end():
    cast = ended()
    number = cast.offer.trust_status.number
    assert from_list(cast, UserFactory(caseworker=True), number) is None


def test_desk_offers_anew_on_the_certificate_after_the_end(client):
    programme.load()
    cast = ended()
    at_the_desk(client, cast.caseworker)
    page = f"/admin/mou/truststatus/{cast.offer.trust_status_id}/change/"
    assert "Offer an agreement" in client.get(page).content.decode()
    client.post(f"/admin/mou/truststatus/{cast.offer.trust_status_id}/offer/")
    assert list(MouOffer.objects.order_by("pk").values_list("status", flat=True)) == [
        OfferStatus.ENDED,
        OfferStatus.UNSENT,
    ]


@pytest.mark.parametrize("way", ["outreach", "desk", "list"])
def test_firm_that_declined_is_left_alone_for_a_year(client, way):
    programme.load()
    cast = declined(days=300)
    Organisation.objects.filter(pk=cast.organisation.pk).update(eori=EORI, national_id="")
    cast.organisation.refresh_from_db()
    if way == "outreach":
        with pytest.raises(DomainError, match="less than a year"):
            outreach(cast, cast.caseworker)
    elif way == "list":
        assert listed(cast, cast.caseworker) is None
    else:
        at_the_desk(client, cast.caseworker)
        client.post(f"/admin/mou/truststatus/{cast.offer.trust_status_id}/offer/")
    assert MouOffer.objects.count() == 1


def test_firm_that_declined_may_ask_within_the_year_and_be_invited_after_it():
    cast = declined(days=300)
    Organisation.objects.filter(pk=cast.organisation.pk).update(eori=EORI)
    cast.organisation.refresh_from_db()
    assert interest(cast, cast.caseworker).basis == Basis.INTEREST
    other = declined(days=400)
    assert outreach(other, other.caseworker).basis == Basis.OUTREACH


def test_coverage_counts_the_end_and_then_the_new_offer():
    cast = ended()
    state = {code: number for code, number in coverage().counts if number}
    assert list(state) == ["Was offered one that was taken back or has ended"]
    outreach(cast, cast.caseworker)
    state = {code: number for code, number in coverage().counts if number}
    assert list(state) == ["An offer is on its way"]


def test_earlier_agreement_is_found_from_the_new_one_on_both_sides(client):
    cast = ended("terminated")
    old = cast.agreement
    made = outreach(cast, cast.caseworker)
    outbox.deliver_open()
    made.refresh_from_db()
    new = agreements.accept(offer=made, by=cast.owner)
    client.force_login(cast.owner)
    shown = client.get(f"/mou/{new.uuid}/").content.decode()
    assert "We moved abroad." in shown
    assert shown.index(f"/mou/{old.uuid}/") < shown.index("What has happened")
    at_the_desk(client, cast.caseworker)
    shown = client.get(f"/admin/mou/mou/{new.pk}/change/").content.decode()
    link = shown.index(f"/admin/mou/mou/{old.pk}/change/")
    assert link < shown.index("What has happened")
