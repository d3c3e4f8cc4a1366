"""The public register and the badge: by leave only, and “in force” only while it is."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from mou.actions import organisations, publicity, standing, trust
from mou.lifecycle import MouStatus
from mou.models import HistoryEntry, Listing, Mou
from mou.models.agreements import ENDED
from mou.models.publicity import folded
from mou.views.publicity import PAGE
from portal.errors import DomainError, NotAllowed
from tests.factories import MembershipFactory, UserFactory
from tests.mou import flows
from tests.mou.living import in_force, owner

pytestmark = pytest.mark.django_db
REGISTER = "/register/"


def named(name: str = "") -> Listing:
    mou = in_force(name)
    return publicity.publish(mou=mou, by=owner(mou))


def page_of(listing: Listing):
    return Client().get(reverse("badge", args=[listing.token]))


def image_of(listing: Listing, **query: str) -> str:
    return Client().get(reverse("badge_image", args=[listing.token]), query).content.decode()


# --- Leave ----------------------------------------------------------------------------------


def test_publish_names_the_firm_with_its_public_fields_and_no_more():
    listing = named("Åkeri Göta AB")
    shown = Client().get(REGISTER).content.decode()
    assert "Åkeri Göta AB" in shown
    assert listing.mou.number not in shown
    assert owner(listing.mou).name not in shown
    assert listing.mou.organisation.national_id not in shown


def test_register_names_nobody_without_leave():
    mou = in_force("Silent AB")
    assert "Silent AB" not in Client().get(REGISTER).content.decode()
    listing = publicity.publish(mou=mou, by=owner(mou))
    publicity.unpublish(mou=mou, by=owner(mou))
    assert "Silent AB" not in Client().get(REGISTER).content.decode()
    assert "In force" not in page_of(listing).content.decode()


def test_publish_again_keeps_the_address_of_the_badge():
    listing = named()
    publicity.unpublish(mou=listing.mou, by=owner(listing.mou))
    again = publicity.publish(mou=listing.mou, by=owner(listing.mou))
    assert again.token == listing.token
    told = HistoryEntry.objects.order_by("id").values_list("event", flat=True)
    assert list(told) == ["publicity_agreed", "publicity_withdrawn", "publicity_agreed"]


def test_publish_twice_is_one_leave():
    listing = named()
    publicity.publish(mou=listing.mou, by=owner(listing.mou))
    assert HistoryEntry.objects.filter(event="publicity_agreed").count() == 1


@pytest.mark.parametrize("role", ["signatory", "member"])
def test_publish_is_the_owners(role):
    mou = in_force()
    other = MembershipFactory(organisation=mou.organisation, role=role).user
    with pytest.raises(NotAllowed):
        publicity.publish(mou=mou, by=other)
    publicity.publish(mou=mou, by=owner(mou))
    with pytest.raises(NotAllowed):
        publicity.unpublish(mou=mou, by=other)


@pytest.mark.parametrize("role", ["caseworker", "supervisor", "system_administrator"])
def test_publish_is_nobodys_at_the_desk(role):
    mou = in_force()
    with pytest.raises(NotAllowed):
        publicity.publish(mou=mou, by=UserFactory(**{role: True}))


@pytest.mark.parametrize("status", [s for s in MouStatus if s != MouStatus.IN_FORCE])
def test_publish_needs_an_agreement_in_force(status):
    mou = in_force()
    fields = {"status": status}
    if status in ENDED:
        fields["ended_at"] = timezone.now()
    Mou.objects.filter(pk=mou.pk).update(**fields)
    with pytest.raises(NotAllowed):
        publicity.publish(mou=mou, by=owner(mou))


def test_unpublish_what_was_never_given_says_so():
    mou = in_force()
    with pytest.raises(DomainError, match="not named"):
        publicity.unpublish(mou=mou, by=owner(mou))


# --- The badge: acceptance test 5 -----------------------------------------------------------


def test_badge_says_in_force_only_while_it_is(trust_service):
    cast = flows.archived()
    listing = publicity.publish(mou=cast.agreement, by=cast.owner)
    status = cast.offer.trust_status
    assert "In force" in page_of(listing).content.decode()
    assert "Agreement in force" in image_of(listing)

    when = {"component": "S", "effective_on": timezone.localdate(), "reason": "Dec. 7"}
    trust.suspend_trust(status=status, by=cast.caseworker, **when)
    suspended = page_of(listing).content.decode()
    assert cast.organisation.legal_name not in suspended
    assert "Not in force" in suspended
    assert "Not in force" in image_of(listing)
    assert cast.organisation.legal_name not in Client().get(REGISTER).content.decode()

    trust.reinstate_trust(status=status, by=cast.caseworker, **when)
    assert "Not in force" in image_of(listing)
    standing.reinstate(mou=cast.agreement, by=cast.caseworker, reason="Looked at")
    assert "Agreement in force" in image_of(listing)


@pytest.mark.parametrize("status", [s for s in MouStatus if s != MouStatus.IN_FORCE])
def test_badge_of_any_other_status_is_not_in_force(status):
    listing = named("Norrvik AB")
    fields = {"status": status}
    if status in ENDED:
        fields["ended_at"] = timezone.now()
    Mou.objects.filter(pk=listing.mou_id).update(**fields)
    assert "Norrvik AB" not in page_of(listing).content.decode()
    assert "Not in force" in image_of(listing)


def test_badge_is_kept_by_nobody():
    listing = named()
    for name in ("badge", "badge_image"):
        answer = Client().get(reverse(name, args=[listing.token]))
        assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "in force"), ("sv", "gäller"), ("nl", "van kracht"), ("xx", "in force"), ("<", "in")],
)
def test_badge_speaks_the_language_that_is_asked_for(language, said):
    drawn = image_of(named(), lang=language)
    assert said in drawn
    assert "style=" not in drawn


def test_badge_that_nobody_has_is_not_found():
    for name in ("badge", "badge_image"):
        answer = Client().get(reverse(name, args=["made-up"]))
        assert answer.status_code == 404
        assert "Not in force" in answer.content.decode()


# --- Searching, page by page ----------------------------------------------------------------


@pytest.mark.parametrize("typed", ["goteborg", "GÖTEBORG", "  hamn ", "g\u006f\u0308teborg"])
def test_search_tolerates_accents_and_capitals(typed):
    named("Göteborgs Hamn AB")
    named("Norrvik AB")
    shown = Client().get(REGISTER, {"q": typed}).content.decode()
    assert "Göteborgs Hamn AB" in shown
    assert "Norrvik AB" not in shown


def test_search_that_finds_nobody_says_what_that_means():
    assert "says nothing about a firm" in Client().get(REGISTER, {"q": "x"}).content.decode()


def test_register_goes_on_from_its_last_row_in_a_fixed_number_of_queries(
    django_assert_num_queries,
):
    for number in range(PAGE + 2):
        named(f"Firm {number:02}")
    with django_assert_num_queries(1):
        first = Client().get(REGISTER).context
    assert [row.mou.organisation.legal_name for row in first["rows"]][:2] == ["Firm 00", "Firm 01"]
    with django_assert_num_queries(2):
        second = Client().get(REGISTER, {"after": first["after"]}).context
    assert [row.mou.organisation.legal_name for row in second["rows"]] == ["Firm 25", "Firm 26"]


def test_register_as_a_file_holds_the_same():
    named("=Norrvik AB")
    in_force("Silent AB")
    answer = Client().get("/register/download/")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    heading, row = csv.reader(io.StringIO(text))
    assert heading == ["Firm", "Country", "Programme", "In force since", "Covered through"]
    assert row[0] == "'=Norrvik AB"


def test_search_finds_a_firm_by_the_name_it_was_given_since():
    listing = named("Old Name AB")
    batch = UserFactory(caseworker=True)
    organisations.rename(organisation=listing.mou.organisation, legal_name="New Name AB", by=batch)
    assert "New Name AB" in Client().get(REGISTER, {"q": "new name"}).content.decode()


@pytest.mark.parametrize("field", ["q", "after"])
def test_register_takes_a_nul_for_nothing(field):
    assert Client().get(REGISTER, {field: "a\x00b"}).status_code == 200


class AnythingTyped(TestCase):
    @given(st.text(max_size=120), st.text(max_size=40))
    def test_search_answers_whatever_is_typed(self, typed, after):
        assert self.client.get(REGISTER, {"q": typed, "after": after}).status_code == 200


@given(st.text())
def test_folding_tells_no_capitals_apart(text):
    assert folded(text.upper()) == folded(text.upper().lower())


# --- The firm's page ------------------------------------------------------------------------


def test_firm_agrees_and_takes_it_back_on_its_page(client):
    mou = in_force("Norrvik AB")
    client.force_login(owner(mou))
    page = reverse("mou:listing", args=[mou.uuid])
    assert "I agree" in client.get(page).content.decode()
    shown = client.post(reverse("mou:publish", args=[mou.uuid]), follow=True).content.decode()
    assert "Named in the register" in shown
    assert f"/register/{mou.listings.get().token}/badge.svg" in shown
    shown = client.post(reverse("mou:unpublish", args=[mou.uuid]), follow=True).content.decode()
    assert "took its leave back" in shown


def test_page_of_a_member_has_no_buttons(client):
    listing = named()
    mou = listing.mou
    client.force_login(MembershipFactory(organisation=mou.organisation, role="member").user)
    shown = client.get(reverse("mou:listing", args=[mou.uuid])).content.decode()
    assert '<form method="post" action="/mou/' not in shown


def test_page_of_another_firm_is_not_found(client):
    listing = named()
    client.force_login(owner(in_force()))
    for name in ("listing", "publish", "unpublish"):
        url = reverse(f"mou:{name}", args=[listing.mou.uuid])
        assert client.post(url).status_code == 404
