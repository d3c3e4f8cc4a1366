"""Posts abroad in the browser: a visitor finds the attaché, the liaison desk ends a posting."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from partners.actions import posts
from partners.models import Posting, PostType
from tests.factories import UserFactory
from tests.journeys.hands import PATIENCE, Hands
from tests.journeys.reports import signs_in
from tests.partners import enquiry_flows
from tests.partners import post_flows as flows

pytestmark = pytest.mark.django_db(transaction=True)
COVERED = ["Indonesia", "Malaysia", "Singapore", "Thailand", "Vietnam"]


@pytest.fixture
def network() -> Posting:
    by = flows.liaison()
    flows.opened(
        by,
        code="washington",
        city="Washington",
        host_country="US",
        type=PostType.STRATEGIC,
        title="Financial Counsellor",
        time_zone="America/New_York",
    )
    return flows.posted(flows.opened(by, covers=["ID", "MY", "TH", "VN"]), by)


def asks(hands: Hands, country: str) -> None:
    chosen = hands.page.get_by_label("Which country is it about?")
    chosen.select_option(label=country)
    hands.presses("Find")
    expect(hands.page.get_by_role("heading", level=2, name=country, exact=True)).to_be_visible()


def reads(hands: Hands, words: str) -> None:
    expect(hands.page.get_by_text(words).first).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize("script", [True, False])
def test_visitor_finds_singapore_for_five_countries(network, sit_down, script):
    """Acceptance 16: Singapore's post appears under five countries."""
    hands = sit_down(script=script, width=1280 if script else 320)
    hands.goes_to("/partners/posts/")
    hands.sees("Our posts abroad")
    for country in COVERED:
        asks(hands, country)
        answer = hands.page.locator("#answer")
        expect(answer.get_by_role("link", name="Singapore", exact=True)).to_be_visible()
    asks(hands, "New Zealand")
    reads(hands, "We have no attaché for this country.")


def test_visitor_walks_the_map_by_keyboard(network, sit_down):
    """Each country is a link with words, and the table below the map says the same."""
    hands = sit_down(keyboard=True)
    hands.goes_to("/partners/posts/map/")
    hands.sees("The countries that we cover")
    hands.follows("Vietnam: covered from Singapore")
    reads(hands, "This country is covered from elsewhere.")
    seen = sit_down()
    seen.goes_to("/partners/posts/map/")
    seen.sees("The countries that we cover")
    for country in COVERED:
        expect(seen.page.get_by_role("rowheader", name=country, exact=True)).to_be_visible()


def test_strategic_post_never_appears_as_an_attache(network, sit_down):
    """Acceptance 18: it stands apart, and answers for no country."""
    hands = sit_down()
    hands.goes_to("/partners/posts/")
    asks(hands, "United States of America")
    reads(hands, "We have no attaché for this country.")
    reads(hands, "It is no attaché")
    main = hands.page.get_by_role("main").inner_text()
    attaches, strategic = main.split("Strategic posts\n")
    assert "Washington" not in attaches.split("Attachés\n")[1]
    assert "Financial Counsellor" in strategic


def test_liaison_officer_ends_a_posting_and_the_post_stays(network, sit_down):
    """Acceptance 17: ending a posting hides the person and keeps the post."""
    officer, triage = UserFactory(liaison_officer=True), UserFactory(triage_officer=True)
    reader = sit_down()
    signs_in(reader, triage)
    reader.goes_to("/partners/posts/singapore/")
    reads(reader, "Alma Berg")
    desk = sit_down()
    signs_in(desk, officer)
    desk.goes_to(f"/admin/partners/posting/{network.pk}/change/")
    desk.page.get_by_role("link", name="End the posting").click()
    desk.page.get_by_label("Last day").fill(timezone.localdate().isoformat())
    desk.presses("End the posting")
    reads(desk, "The posting is over, and names nobody any more.")
    expect(desk.page.get_by_text("Alma Berg")).to_have_count(0)
    reader.goes_to("/partners/posts/singapore/")
    reader.sees(re.compile("Singapore"))
    expect(reader.page.get_by_text("Alma Berg")).to_have_count(0)
    visitor = sit_down()
    visitor.goes_to("/partners/posts/singapore/")
    visitor.sees(re.compile("Singapore"))
    reads(visitor, "singapore@customs.example")
    reads(visitor, "Nobody is posted here at the moment.")


def test_visitor_firm_and_officer_read_different_fields_of_one_post(network, sit_down):
    """Acceptance 19: the same address shows each reader what they may see."""
    told = {"services": "Seminars for exporters", "phone": "+65 0000 0000"}
    posts.edit_post(post=network.post, version=1, by=flows.liaison(), **told)
    open_to_all = ["singapore@customs.example"]
    for_firms = [*told.values()]
    for_officers = ["Alma Berg", "+65 0000 0001"]
    officer = UserFactory(liaison_officer=True)
    for person, seen in (
        (None, open_to_all),
        (enquiry_flows.partner_person(), [*open_to_all, *for_firms]),
        (officer, [*open_to_all, *for_firms, *for_officers]),
    ):
        hands = sit_down(width=1280 if person else 320)
        if person is not None:
            signs_in(hands, person)
        hands.goes_to("/partners/posts/singapore/")
        hands.sees("Singapore")
        for words in (*open_to_all, *for_firms, *for_officers):
            shown = hands.page.get_by_role("main").get_by_text(words)
            expect(shown).to_have_count(1 if words in seen else 0)
