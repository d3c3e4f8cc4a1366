"""Ways in: a firm asks, is refused and asks again, is invited; every holder is offered one."""

from __future__ import annotations

import csv
import html
import io
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mou import coverage
from mou.actions import agreements, clock, offers, ways_in
from mou.lifecycle import InterestStatus, OfferStatus
from mou.models import Basis, Interest, Mou, MouOffer, TrustStatus
from mou.timeline import Timeline
from portal import outbox, reference_files
from portal.errors import DomainError, InvalidTransition, NotAllowed
from portal.models import AuditEvent, Invitation, Organisation
from tests.challenges import answers
from tests.factories import OrganisationFactory, UserFactory
from tests.mou import flows
from tests.mou.living import TOLD
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
PAGE = "/cooperation/interest/"
SOURCE = "Called the number in the trade register"


@pytest.fixture(autouse=True)
def lists():
    reference_files.load()


@pytest.fixture
def officer():
    return UserFactory(caseworker=True)


def asked(**changes) -> Interest:
    return ways_in.express_interest(told=TOLD | changes, language="en")


def accept(interest: Interest, by, source: str = SOURCE) -> MouOffer:
    return ways_in.accept_interest(
        interest=interest, programme=flows.programme(), contact_source=source, by=by
    )


def refused(by, **changes) -> Interest:
    return ways_in.refuse_interest(interest=asked(**changes), reason="No risk we share.", by=by)


def send(client: Client, told=None, **more):
    page = client.get(PAGE).content.decode()
    return client.post(
        PAGE, {**(TOLD if told is None else told), **answers(page, "interest"), **more}
    )


# --- The form -------------------------------------------------------------------------------


def test_ask_without_eori_or_certificate(client, officer):
    answer = send(client)
    assert answer.url == f"{PAGE}sent/"
    interest = Interest.objects.get()
    assert (interest.firm_name, interest.status) == ("Harbour Storage Oy", "received")
    outbox.deliver_open()
    assert [message.to for message in mail.outbox] == [[officer.email]]
    assert "aino" not in mail.outbox[0].body


def test_wrong_captcha_is_refused_and_keeps_everything_typed(client):
    page = send(client, challenge_answer="wrong").content.decode()
    assert not Interest.objects.exists()
    for typed in ("Harbour Storage Oy", "Strangers ask for our keys.", "aino@harbour.example"):
        assert typed in page
    assert "Those were not the characters" in page


@pytest.mark.parametrize(
    ("field", "typed"),
    [("firm_name", ""), ("country", "XX"), ("email", "aino"), ("role", "pirate"), ("eori", "12")],
)
def test_wrong_field_is_named_and_spends_no_challenge(client, field, typed):
    page = client.get(PAGE).content.decode()
    given = answers(page, "interest")
    shown = client.post(PAGE, {**TOLD, field: typed, **given}).content.decode()
    assert "There is a problem" in shown
    assert client.post(PAGE, {**TOLD, **given}).status_code == 302


def test_form_shows_when_it_was_updated_and_is_linked(client):
    assert "Last updated" in client.get(PAGE).content.decode()
    assert PAGE in client.get("/cooperation/").content.decode()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(st.dictionaries(st.sampled_from([*TOLD, "challenge_stamp", "new_challenge"]), st.text()))
def test_anything_typed_is_answered(client, told):
    assert client.post(PAGE, told).status_code == 200


# --- Screening ------------------------------------------------------------------------------


def test_accept_makes_the_firm_and_its_offer(officer):
    made = accept(asked(eori="FI1234567-8"), officer)
    assert (made.basis, made.organisation.legal_name) == (Basis.INTEREST, "Harbour Storage Oy")
    assert made.contact_verified_at
    outbox.deliver_open()
    made.refresh_from_db()
    assert made.status == OfferStatus.SENT
    assert Invitation.objects.get().email == "aino@harbour.example"


def test_accept_finds_the_firm_by_its_number(officer):
    known = OrganisationFactory(eori="FI1234567-8")
    assert accept(asked(eori="FI1234567-8"), officer).organisation == known
    assert Organisation.objects.count() == 1


@pytest.mark.parametrize("way", ["offer", "agreement"])
def test_accept_where_there_is_something_already_says_so(officer, way):
    cast = flows.offered() if way == "offer" else flows.accepted()
    Organisation.objects.filter(pk=cast.organisation.pk).update(eori="FI1234567-8")
    with pytest.raises(DomainError, match="already"):
        accept(asked(eori="FI1234567-8"), officer)
    assert Interest.objects.get().status == InterestStatus.RECEIVED


def test_firm_without_eori_or_certificate_completes_the_whole_path(officer, trust_service):
    """Acceptance test 2."""
    made = accept(asked(), officer)
    outbox.deliver_open()
    made.refresh_from_db()
    cast = flows.archived(cast=flows.joined(made))
    mou = cast.agreement
    assert (mou.status, mou.trust_status, mou.required_component) == ("in_force", None, "")
    assert "expression of interest" in cast.version.content["basis"]
    phases = Timeline(mou, cast.owner).phases
    assert [one.title for one in phases][:2] == ["The offer", "Preparing the text"]
    assert [one.text for one in phases[0].entries] == ["Offer made", "Offer sent"]


def test_refusal_names_its_reason_and_the_way_to_a_review(officer, client):
    interest = refused(officer)
    outbox.deliver_open()
    letter = mail.outbox[-1]
    assert letter.to == ["aino@harbour.example"]
    page = reverse("interest_review", args=[interest.token])
    assert page in letter.body
    assert "No risk we share." not in letter.body
    assert "No risk we share." in client.get(page).content.decode()
    shown = client.post(page, {"reason": "We had three break-ins."}, follow=True).content.decode()
    assert "Another officer than before decides" in shown
    assert Interest.objects.get().status == InterestStatus.UNDER_REVIEW
    assert client.post(page, {"reason": "Again"}).status_code == 200
    assert Interest.objects.get().objection == "We had three break-ins."


def test_review_is_decided_by_another_officer(officer):
    interest = ways_in.seek_review(interest=refused(officer), objection="Three break-ins.")
    for act in (
        lambda: accept(interest, officer),
        lambda: ways_in.uphold_refusal(interest=interest, reason="No", by=officer),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(IntegrityError), transaction.atomic():
        Interest.objects.update(reviewed_by=officer)
    accept(interest, UserFactory(supervisor=True, caseworker=True))
    assert Interest.objects.get().status == InterestStatus.ACCEPTED


def test_refusal_that_is_upheld_is_final(officer):
    interest = ways_in.seek_review(interest=refused(officer), objection="Three break-ins.")
    ways_in.uphold_refusal(interest=interest, reason="Still no.", by=UserFactory(supervisor=True))
    with pytest.raises(InvalidTransition):
        ways_in.seek_review(interest=interest, objection="But")


def test_review_is_sought_in_time(officer, client, time_machine):
    time_machine.move_to("2026-11-26T09:00:00Z", tick=False)
    interest = refused(officer)
    time_machine.move_to("2027-02-01T09:00:00Z", tick=False)
    with pytest.raises(DomainError, match="over"):
        ways_in.seek_review(interest=interest, objection="Late")
    page = reverse("interest_review", args=[interest.token])
    assert "is over" in client.post(page, {"reason": "Late"}).content.decode()


@pytest.mark.parametrize("status", InterestStatus.values)
def test_review_page_is_only_for_a_refusal(client, status):
    interest = asked()
    changes = {"refusal": "No"} if status != "accepted" else {"offer": flows.offered().offer}
    Interest.objects.filter(pk=interest.pk).update(status=status, **changes)
    found = client.get(reverse("interest_review", args=[interest.token])).status_code
    assert found == (200 if status == "refused" else 404)


MAY = {"accept": {"caseworker"}, "refuse": {"caseworker"}, "uphold": {"caseworker", "supervisor"}}
DOES = {
    "accept": accept,
    "refuse": lambda one, by: ways_in.refuse_interest(interest=one, reason="No", by=by),
    "uphold": lambda one, by: ways_in.uphold_refusal(interest=one, reason="No", by=by),
}
BEFORE = {
    "accept": {"received", "under_review"},
    "refuse": {"received"},
    "uphold": {"under_review"},
}


@pytest.mark.parametrize(
    "role", ["caseworker", "countersigner", "supervisor", "liaison_officer", "system_administrator"]
)
@pytest.mark.parametrize("status", InterestStatus.values)
@pytest.mark.parametrize("verb", MAY)
def test_verb_for_every_status_and_role(verb, status, role):
    interest, by = asked(), UserFactory(**{role: True})
    changes = {"refusal": "No", "decided_by": UserFactory(caseworker=True)}
    if status == "accepted":
        changes["offer"] = flows.offered().offer
    Interest.objects.filter(pk=interest.pk).update(status=status, **changes)
    may = MAY[verb] | ({"supervisor"} if status == "under_review" else set())
    if status not in BEFORE[verb]:
        with pytest.raises(InvalidTransition):
            DOES[verb](interest, by)
    elif role not in may:
        with pytest.raises(NotAllowed):
            DOES[verb](interest, by)
    else:
        DOES[verb](interest, by)


def test_applicant_stands_in_the_record_as_nobody(officer):
    interest = refused(officer)
    ways_in.seek_review(interest=interest, objection="Three break-ins.")
    said = AuditEvent.objects.filter(event__in=["interest_expressed", "interest_review_sought"])
    assert set(said.values_list("actor", flat=True)) == {"anonymous"}


@pytest.mark.parametrize(("number", "words"), [("", "will be added"), ("FI1234567-8", "Quay Ltd")])
def test_officer_reads_which_firm_gets_the_offer(client, officer, number, words):
    OrganisationFactory(eori="FI1234567-8", legal_name="Quay Ltd")
    interest = asked(eori=number)
    desk = at_the_desk(client, officer)
    page = desk.get(reverse("admin:mou_interest_accept", args=[interest.pk])).content.decode()
    assert words in page


def test_page_of_a_review_shows_when_it_was_updated(client, officer):
    page = client.get(reverse("interest_review", args=[refused(officer).token])).content.decode()
    assert "Last updated" in page


def test_supervisor_finds_the_refusals_to_look_at_again(client, officer):
    ways_in.seek_review(interest=refused(officer), objection="Three break-ins.")
    desk = at_the_desk(client, UserFactory(supervisor=True))
    page = desk.get("/admin/").content.decode()
    assert "Refusals to look at again" in page
    assert "Offers without an address" not in page


# --- The desk -------------------------------------------------------------------------------


def test_officer_screens_at_the_desk(client, officer):
    interest, other = asked(), asked(firm_name="Refused Oy", email="b@harbour.example")
    desk = at_the_desk(client, officer)
    assert "Firms that ask for an agreement" in desk.get("/admin/").content.decode()
    page = desk.get(reverse("admin:mou_interest_change", args=[interest.pk])).content.decode()
    assert "Strangers ask for our keys." in page
    told = {"programme": flows.programme().pk, "contact_source": SOURCE}
    desk.post(reverse("admin:mou_interest_accept", args=[interest.pk]), told)
    desk.post(reverse("admin:mou_interest_refuse", args=[other.pk]), {"reason": "Not now."})
    assert set(Interest.objects.values_list("status", flat=True)) == {"accepted", "refused"}


def test_officer_who_is_second_reads_who_was_first_and_keeps_what_was_typed(client, officer):
    first = UserFactory(caseworker=True, name="Ada Holm")
    interest, other = [asked(eori="FI12345678") for _number in range(2)]
    ways_in.accept_interest(
        interest=other, programme=flows.programme(), contact_source="Called", by=first
    )
    told = {"programme": flows.programme().pk, "contact_source": SOURCE}
    page = reverse("admin:mou_interest_accept", args=[interest.pk])
    shown = at_the_desk(client, officer).post(page, told).content.decode()
    assert "Ada Holm was first: " in shown
    assert SOURCE in html.unescape(shown)


def test_officer_invites_a_firm_and_says_why(client, officer):
    desk = at_the_desk(client, officer)
    told = {
        "programme": flows.programme().pk,
        "firm_name": "Marina Väst",
        "country": "SE",
        "email": "chef@marina.example",
        "source": SOURCE,
        "reason": "Fast boats at night.",
    }
    page = reverse("admin:mou_mouoffer_invite")
    desk.post(page, told)
    made = MouOffer.objects.get()
    assert (made.basis, made.reason) == (Basis.OUTREACH, "Fast boats at night.")
    again = desk.post(page, told | {"eori": "", "national_id": ""}).status_code
    assert again in (200, 302)
    assert "required" in desk.post(page, told | {"reason": ""}).content.decode()


# --- Every holder is offered one ------------------------------------------------------------


def holder(**fields) -> TrustStatus:
    return flows.trust_status(OrganisationFactory(), **fields)


def offer_to(status: TrustStatus, **fields) -> MouOffer:
    return offers.offer(
        organisation=status.organisation,
        programme=flows.programme(),
        basis=Basis.TRUST_STATUS,
        trust_status=status,
        by=None,
        **fields,
    )


def test_offer_is_made_once_however_often_it_is_granted():
    """Acceptance test 1."""
    status = holder()
    first, second = offer_to(status), offer_to(status)
    assert first == second
    assert MouOffer.objects.count() == 1


@pytest.mark.parametrize(
    ("declined", "before", "again"),
    [("2026-11-26", "2027-11-25", "2027-11-26"), ("2028-02-29", "2029-02-28", "2029-03-01")],
)
def test_offer_again_a_year_after_it_was_declined(time_machine, declined, before, again):
    time_machine.move_to(f"{declined}T12:00:00Z", tick=False)
    cast = flows.offered()
    agreements.decline(offer=cast.offer, by=cast.owner, reason="No time")
    for day, number in ((before, 0), (again, 1), (again, 0)):
        time_machine.move_to(f"{day}T12:00:00Z", tick=False)
        assert clock.lead("offer_again") == number
    newest = MouOffer.objects.order_by("pk").last()
    assert (newest.status, newest.contact_email) == (OfferStatus.UNSENT, cast.offer.contact_email)


def test_offer_again_not_to_who_lost_the_certificate(time_machine):
    time_machine.move_to("2026-11-26T12:00:00Z", tick=False)
    cast = flows.offered()
    agreements.decline(offer=cast.offer, by=cast.owner, reason="No time")
    TrustStatus.objects.update(simplifications="revoked", security="revoked")
    time_machine.move_to("2028-11-26T12:00:00Z", tick=False)
    assert clock.lead("offer_again") == 0


def test_coverage_tells_every_holder_once():
    holder()
    offer_to(holder())
    offer_to(holder(), contact_email="a@firm.example", contact_source="register")
    flows.offered()
    flows.accepted()
    cast = flows.offered()
    agreements.decline(offer=cast.offer, by=cast.owner, reason="No time")
    fallen = holder()
    TrustStatus.objects.filter(pk=fallen.pk).update(simplifications="revoked", security="revoked")
    later = holder()
    TrustStatus.objects.filter(pk=later.pk).update(
        effective_from=timezone.localdate() + timedelta(days=3)
    )
    found = coverage.coverage()
    counts = dict(zip(coverage.STATES, (number for _text, number in found.counts), strict=True))
    assert counts == {
        "agreement": 1,
        "covered": 0,
        "sent": 1,
        "declined": 1,
        "withdrawn": 0,
        "sending": 1,
        "address": 1,
        "none": 1,
    }
    assert (found.covered, found.holders, found.share) == (3, 6, "50 %")
    assert len(found.uncovered) == 3


def test_coverage_takes_as_many_queries_for_many(django_assert_num_queries):
    holder()
    with django_assert_num_queries(2):
        coverage.coverage()
    for _number in range(5):
        holder()
    with django_assert_num_queries(2):
        coverage.coverage()


def test_coverage_is_on_one_page_and_in_a_file(client, officer):
    status = holder()
    desk = at_the_desk(client, officer)
    page = desk.get(reverse("admin:mou_mouoffer_coverage")).content.decode()
    assert status.organisation.legal_name in page
    assert "No offer was made" in page
    file = desk.get(reverse("admin:mou_mouoffer_coverage_csv")).content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(file)))[1][-1] == "No offer was made"


@pytest.mark.parametrize("role", ["liaison_officer", "system_administrator"])
def test_coverage_is_the_agreement_desks(client, role):
    desk = at_the_desk(client, UserFactory(**{role: True}))
    for name in ("mou_mouoffer_coverage", "mou_mouoffer_coverage_csv"):
        assert desk.get(reverse(f"admin:{name}")).status_code == 404
    assert not Mou.objects.exists()
