"""Searching the directory: accents and slips aside, and never by what the reader may not see."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from partners import search, spelling
from partners.actions.contacts import add_contact, end_contact, name_holder
from partners.actions.partners import add_partner, change_partner
from partners.models import Partner, SearchKey, SearchPlace
from partners.visibility import Level
from tests.factories import UserFactory
from tests.partners.factories import (
    ContactPointFactory,
    HolderFactory,
    PartnerFactory,
    PostFactory,
    PostingFactory,
)
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db


def kept(**fields):
    partner = PartnerFactory(**fields)
    search.keep(partners=[partner.pk])
    return partner


def found(typed, level=Level.PUBLIC):
    return {one.code for one in search.matching(Partner.objects.all(), typed, level)}


@pytest.mark.parametrize(
    "typed",
    [
        "Tollstyrelsen", "toldstyrelsen", "TOLDSTYRELSEN", "toldst", "toldstryelsen",
        "Københavns toldsted", "kobenhavns", "København toldstyrelsen", "Dennmark",
    ],
)  # fmt: skip
def test_find_in_spite_of_accents_slips_and_words_half_typed(typed):
    kept(code="dk", country="DK", local_name="Toldstyrelsen", about="Københavns toldsted")
    kept(code="se", country="SE", local_name="Tullverket", about="Göteborgs tullkontor")
    assert found(typed) == {"dk"}


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("Ελλάδα τελωνείων", {"cy"}),
        ("τελωνειων", {"cy"}),
        ("агенция", {"bg"}),
        ("海关", {"cn"}),
        ("Lodz", {"pl"}),
    ],
)
def test_find_in_every_script(typed, codes):
    kept(code="cy", local_name="Τμήμα Τελωνείων", about="Ελλάδα")
    kept(code="bg", local_name="Агенция „Митници“")
    kept(code="cn", local_name="海关总署")
    kept(code="pl", area="Łódź")
    assert found(typed) == codes


def test_find_wants_every_word():
    kept(code="a", about="drugs in parcels")
    kept(code="b", about="drugs in lorries")
    assert found("drugs parcels") == {"a"}
    assert found("drugs") == {"a", "b"}
    assert found("drugs weapons") == set()
    assert found("...") == set()
    assert found(" ") == {"a", "b"}


def test_find_all_that_begin_alike_however_many():
    made = [PartnerFactory(about=f"parcel{n:03}x") for n in range(60)]
    search.keep(partners=[one.pk for one in made])
    assert found("parcel") == {one.code for one in made}


def test_find_numbers_only_as_they_are():
    kept(code="a", abbreviation="CN23")
    assert found("cn23") == {"a"}
    assert found("cn22") == set()


def test_find_by_what_only_some_may_see_finds_for_them_alone():
    partner = PartnerFactory(code="a", note="Tuesdays")
    point = ContactPointFactory(partner=partner, name="Backoffice", visibility=Level.PARTNER)
    HolderFactory(contact_point=point, name="Aroha Hidden")
    search.keep(partners=[partner.pk])
    levels = {word: [level.name for level in Level if found(word, level)] for word in
              ("Tuesdays", "Backofice", "Aroha", "aroh", "Hiden")}  # fmt: skip
    officers = ["LIAISON", "RESTRICTED"]
    assert levels == {
        "Tuesdays": officers,
        "Backofice": ["PARTNER", *officers],
        "Aroha": officers,
        "aroh": officers,
        "Hiden": officers,
    }


def test_find_by_the_words_of_an_entry_that_is_hidden_itself():
    kept(code="a", name="Harbour watch", visibility=Level.LIAISON)
    assert found("harbour") == set()
    assert found("harbour", Level.LIAISON) == {"a"}


def test_find_by_the_name_of_a_parent_finds_the_parent_alone():
    """Its parts would tell of it to whoever may not know that it is there."""
    hidden = kept(code="hidden", name="Harbour watch", visibility=Level.RESTRICTED)
    kept(code="part", name="Northern office", parent=hidden)
    assert found("harbour") == found("hidden") == set()
    assert found("harbour", Level.RESTRICTED) == {"hidden"}


def test_near_words_are_those_that_the_reader_finds():
    """A word of somebody still to come, or of a post, does not stand before those it is near to."""
    kept(code="a", about="Tollstyrelsen")
    post = PostFactory(portfolio="toldstyrelsen")
    search.keep(posts=[post.pk])
    later = timezone.localdate() + timedelta(days=9)
    holder = HolderFactory(name="Tolstyrelsen", since=later, contact_point__partner__code="b")
    search.keep(partners=[holder.contact_point.partner_id])
    for level in Level:
        assert found("toldstyrelsen", level) == found("tolstyrelsen", level) == {"a"}


@pytest.mark.parametrize(
    ("days", "is_found"), [((0, None), True), ((-9, 0), True), ((-9, -1), False), ((1, 9), False)]
)
def test_find_a_holder_while_the_duty_is_held(days, is_found):
    since, until = (
        None if day is None else timezone.localdate() + timedelta(days=day) for day in days
    )
    holder = HolderFactory(name="Aroha", since=since, until=until, contact_point__partner__code="a")
    search.keep(partners=[holder.contact_point.partner_id])
    assert bool(found("Aroha", Level.LIAISON)) == is_found


def test_keep_after_a_change_forgets_the_words_that_left():
    partner = kept(code="a", about="Aroha")
    kept(code="b", about="common", note="Rangi")
    Partner.objects.filter(code="a").update(about="common")
    search.keep(partners=[partner.pk])
    assert found("Aroha", Level.RESTRICTED) == set()
    assert found("common") == {"a", "b"}
    assert not SearchKey.objects.filter(text="aroha").exists()
    assert SearchKey.objects.filter(text="rangi").exists()


def test_keep_the_words_of_a_post_and_of_who_is_posted():
    post = PostFactory(city="Brasília", services="Fruit")
    PostingFactory(post=post, name="Iracema")
    search.keep(posts=[post.pk])
    levels = dict(SearchPlace.objects.values_list("text", "level"))
    told = {word: levels[word] for word in ("brasilia", "fruit", "iracema")}
    assert told == {"brasilia": Level.PUBLIC, "fruit": Level.PARTNER, "iracema": Level.LIAISON}


def test_keep_follows_the_verbs_of_the_desk():
    officer = UserFactory(liaison_officer=True)
    partner = add_partner(code="a", by=officer, values={"name": "Alpha", "type": "customs"})
    assert found("alpha") == {"a"}
    values = {"duty": "aeo", "name": "Parcel room"}
    point = add_contact(owner=partner, by=officer, values=values)
    assert found("parcel") == {"a"}
    holder = name_holder(
        contact=point, name="Aroha", title="", email="", direct_line="",
        since=timezone.localdate(), by=officer,
    )  # fmt: skip
    assert found("aroha", Level.LIAISON) == {"a"}
    partner = Partner.objects.get()
    change_partner(partner=partner, values={"name": "Beta"}, version=partner.version, by=officer)
    assert (found("alpha"), found("beta")) == (set(), {"a"})
    end_contact(contact=holder.contact_point, by=officer)
    assert found("aroha", Level.RESTRICTED) == set()


def test_search_in_the_list(client):
    kept(code="dk", name="Danish Customs Agency")
    kept(code="se", name="Swedish Customs")
    page = client.get("/partners/?q=danihs").content.decode()
    assert "Danish Customs Agency" in page
    assert "Swedish Customs" not in page
    assert "Nothing in the directory fits" in client.get("/partners/?q=xyz").content.decode()


def test_search_for_a_hidden_name_finds_nothing_for_who_may_not_see_it(client):
    holder = HolderFactory(name="Aroha Hidden", contact_point__partner__name="Alpha")
    search.keep(partners=[holder.contact_point.partner_id])
    seat = Client()
    at_the_desk(seat, UserFactory(liaison_officer=True))
    assert "Alpha" not in client.get("/partners/?q=aroha").content.decode()
    assert "Alpha" in seat.get("/partners/?q=aroha").content.decode()


@given(st.text(max_size=120))
def test_search_for_anything_answers(typed):
    assert found(typed) <= {"none"}


@given(st.text(alphabet="abcdé", min_size=8, max_size=20), st.integers(0, 7), st.booleans())
def test_one_slip_shares_a_key_and_is_near(word, at, swap):
    (word,) = spelling.words(word)
    typed = word[:at] + word[at + 1 :] if not swap else word[:at] + "x" + word[at:]
    assert spelling.shortened(word) & spelling.shortened(typed)
    assert spelling.is_near(typed, word)


def test_a_word_longer_than_a_column_is_kept_as_far_as_it_goes():
    partner = PartnerFactory(note="n" * 200)
    search.keep_entry(partner)
    assert list(search.matching(Partner.objects.all(), "n" * 90, Level.RESTRICTED)) == [partner]
