"""What several people of one or two firms do one after the other, in the browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from mou.actions import batches, training
from mou.models import Attendee, Cover, Mou, MouOffer, OfferBatch
from portal.models import User
from tests.factories import UserFactory
from tests.journeys.hands import PATIENCE, Hands
from tests.journeys.test_agreement import (  # noqa: F401 - one is a fixture
    countersign,
    declare,
    letter_to,
    sign_in,
    sit_down,
    work,
)
from tests.mou import batch_flows, cover_flows, flows, together_flows, training_flows
from tests.people import code_of, with_codes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

SCRIPT = {"script": True, "keyboard": False}
NO_SCRIPT = {"script": False, "keyboard": False}


# --- Two signatories of one firm --------------------------------------------------------------


@pytest.mark.usefixtures("trust_service")
def test_two_signatories_sign_one_after_the_other_and_the_countersigner_after_them(sit_down):  # noqa: F811
    cast = together_flows.sealed(others=1)
    first, second = (with_codes(one) for one in together_flows.people(cast.agreement))
    officer = with_codes(UserFactory(countersigner=True, name="Cora Countersigner"))
    desk, table = sit_down(**NO_SCRIPT), f"/mou/{cast.agreement.uuid}/signatories/"
    sign_in(desk, officer)

    one = sit_down(**SCRIPT)
    sign_as(one, first)
    one.goes_to(table)
    one.sees("Who signs for the firm")
    expect(one.page.get_by_text("1 signature is missing.")).to_be_visible()
    desk.goes_to("/admin/")
    expect(desk.page.get_by_role("link", name="0 Agreements to countersign")).to_be_visible()

    other = sit_down(**NO_SCRIPT)
    sign_as(other, second, beside=first)
    other.goes_to(table)
    expect(other.page.get_by_text("All signatures of the firm are given.")).to_be_visible()
    countersign(desk, officer)
    work()
    assert cast.agreement.status == "in_force"
    assert cast.version.signatures.count() == 3


def sign_as(hands: Hands, person: User, beside: User | None = None) -> None:
    """Reads what lies on the table, beside whose signature it already carries, and signs."""
    sign_in(hands, person)
    hands.goes_to("/mou/")
    hands.follows("Sign the agreement")
    hands.sees("Read and sign")
    if beside is not None:
        expect(hands.page.get_by_text(f"the signature of {beside.name}")).to_be_visible()
    declare(hands, person.name)
    hands.sees("Check and sign")
    hands.fills("One-time code", code_of(person, ahead=1))
    hands.presses("Sign")
    hands.sees("Your signature is being made")
    work()
    expect(hands.page.get_by_text("You have signed")).to_be_visible(timeout=PATIENCE)


# --- An association and its member ------------------------------------------------------------


def test_member_that_its_association_names_agrees_and_gets_a_certificate(sit_down):  # noqa: F811
    session = training_flows.offered()
    mou, firm = cover_flows.association(), cover_flows.member()
    chief, owner = (with_codes(cover_flows.owner(one)) for one in (mou.organisation, firm))
    association, member = sit_down(**SCRIPT), sit_down(**SCRIPT)

    sign_in(association, chief)
    name_member(association, mou, firm.eori)
    assert letter_to(owner.email, "a member of its association")
    sign_in(member, owner)
    member.goes_to("/mou/")
    member.follows("Say whether your association")
    member.sees(re.compile("Covered through your association"))
    member.presses("Be covered")
    member.presses("Be covered by the agreement of your association")
    expect(member.page.get_by_text("Your firm is covered as long as")).to_be_visible()

    member.follows(session.title)
    member.fills("Who comes?", "Ada Berg")
    member.presses("Register")
    attend(session)
    member.goes_to(f"/mou/covers/{Cover.objects.get().uuid}/")
    member.follows("Certificate")
    member.sees("Certificate of attendance")
    expect(member.page.get_by_text("Ada Berg").first).to_be_visible()


def name_member(hands: Hands, mou: Mou, eori: str) -> None:
    """Once without a number by which the firm could be found: nothing typed is lost."""
    hands.goes_to(f"/mou/{mou.uuid}/members/")
    hands.sees("Member firms")
    hands.presses("Name a member firm")
    hands.fills("Name of the firm", "Member AB")
    hands.page.select_option("[name=country]", "SE")
    hands.page.fill("[name=email]", "office@member.example")
    hands.presses("Name the firm")
    expect(hands.page.get_by_role("link", name="registration number or its EORI")).to_be_visible()
    hands.page.fill("[name=eori]", eori)
    hands.presses("Name the firm")
    expect(hands.page.get_by_text("The firm is named.")).to_be_visible()


def attend(session) -> None:
    """The day comes, and so does everybody."""
    past = timezone.now() - timedelta(hours=4)
    type(session).objects.update(starts_at=past, ends_at=past + timedelta(hours=3))
    seats = set(Attendee.objects.values_list("seat", flat=True))
    training.record_attendance(training=session, present=seats, by=session.planned_by)


# --- A caseworker and many firms --------------------------------------------------------------


def test_caseworker_pauses_a_batch_of_offers_and_lets_it_go_on(sit_down, monkeypatch):  # noqa: F811
    monkeypatch.setattr(batches, "SLICE", 2)
    monkeypatch.setattr(batches, "TURN", 0.0)
    flows.programme()
    for _number in range(3):
        batch_flows.holder()
    desk = sit_down(**SCRIPT)
    sign_in(desk, with_codes(UserFactory(caseworker=True)))
    desk.goes_to("/admin/mou/offerbatch/")
    desk.follows("Offer in bulk")
    desk.sees("Offer agreements in bulk")
    desk.presses("Show who would be offered one")
    desk.presses("Offer 3 firms an agreement")
    batch = OfferBatch.objects.get()
    desk.sees(str(batch))

    batches.make_offers(batch=batch)
    progress(desk, "2 of 3 firms have had their turn.")
    desk.presses("Pause")
    progress(desk, "2 of 3 firms have had their turn. Paused.")
    work()
    assert MouOffer.objects.count() == 2
    desk.presses("Go on")
    work()
    expect(desk.page.get_by_text("Finished", exact=True).first).to_be_visible(timeout=PATIENCE)
    assert MouOffer.objects.count() == 3


def progress(hands: Hands, text: str) -> None:
    """The page says it by itself."""
    expect(hands.page.get_by_text(text, exact=True)).to_be_visible(timeout=PATIENCE)
