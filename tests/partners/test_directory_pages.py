"""The directory's pages: who sees how much at the same address."""

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners.models import GroupMembership, SecureChannel
from partners.templatetags import directory as words
from partners.visibility import Level
from portal.models import Standing
from tests.factories import MembershipFactory, ReferenceItemFactory, UserFactory
from tests.partners.factories import (
    ContactPointFactory,
    GroupFactory,
    HolderFactory,
    PartnerFactory,
    PostFactory,
)
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
LIST = "/partners/"
NINE_TO_FIVE = {str(day): [["09:00", "17:00"]] for day in range(5)}


def at(partner):
    return reverse("partners:partner", args=[partner.code])


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def firm():
    member = MembershipFactory()
    Standing.objects.create(organisation=member.organisation, programme="mou", in_force=True)
    client = Client()
    client.force_login(member.user)
    return client


@pytest.fixture
def liaison():
    client = Client()
    at_the_desk(client, UserFactory(liaison_officer=True))
    return client


# --- One entry ------------------------------------------------------------------------------


def test_read_an_entry_as_visitor_partner_and_liaison_shows_different_fields(firm, liaison):
    """Acceptance 19."""
    partner = PartnerFactory(about="Guards the border.", note="Ask for desk two.")
    ContactPointFactory(partner=partner, email="open@customs.example")
    ContactPointFactory(partner=partner, email="firms@customs.example", visibility=Level.PARTNER)
    duty = ContactPointFactory(partner=partner, visibility=Level.RESTRICTED, phone="555 0199")
    HolderFactory(contact_point=duty, name="Hinemoa Example")
    SecureChannel.objects.create(partner=partner, name="CENcomm")
    seen = {who: text(client.get(at(partner))) for who, client in
            {"visitor": Client(), "firm": firm, "liaison": liaison}.items()}  # fmt: skip
    told = {
        "Guards the border.": {"visitor", "firm", "liaison"},
        "open@customs.example": {"visitor", "firm", "liaison"},
        "firms@customs.example": {"firm", "liaison"},
        "Ask for desk two.": {"liaison"},
        "555 0199": {"liaison"},
        "Hinemoa Example": {"liaison"},
        "CENcomm": {"liaison"},
    }
    for word, readers in told.items():
        assert {who for who, page in seen.items() if word in page} == readers, word


@pytest.mark.parametrize("level", [Level.PARTNER, Level.LIAISON])
def test_read_an_entry_that_is_not_for_visitors_is_not_found(client, level):
    hidden = PartnerFactory(visibility=level)
    assert client.get(at(hidden)).status_code == 404
    assert hidden.name not in text(client.get(LIST))


def test_read_an_entry_names_parent_parts_groups_and_members_of_the_day(client):
    parent = PartnerFactory(name="Ministry")
    partner = PartnerFactory(parent=parent)
    PartnerFactory(name="Dog unit", parent=partner)
    today = timezone.localdate()
    union, club = GroupFactory(name="Union"), GroupFactory(name="Club", organisation=partner)
    old = GroupFactory(name="Old union")
    GroupMembership.objects.create(group=union, partner=partner, since=date(1995, 1, 1))
    GroupMembership.objects.create(group=old, partner=partner, until=today - timedelta(days=1))
    GroupMembership.objects.create(group=club, partner=PartnerFactory(name="Member service"))
    page = text(client.get(at(partner)))
    for told in ("Ministry", "Dog unit", "Union", "since 1 January 1995", "Member service"):
        assert told in page
    assert "Old union" not in page


def test_read_an_entry_never_names_others_that_the_reader_may_not_find(client):
    partner = PartnerFactory(parent=PartnerFactory(name="Secret roof", visibility=Level.LIAISON))
    PartnerFactory(name="Secret part", parent=partner, visibility=Level.LIAISON)
    club = GroupFactory(organisation=partner)
    hidden = PartnerFactory(name="Secret member", visibility=Level.LIAISON)
    GroupMembership.objects.create(group=club, partner=hidden)
    assert "Secret" not in text(client.get(at(partner)))


def test_read_an_entry_says_when_it_was_found_true(client):
    page = text(client.get(at(PartnerFactory(verified_on=date(2026, 5, 4)))))
    assert "Last updated" in page
    assert page.count("4 May 2026") == 2
    unconfirmed = PartnerFactory(verified_on=None, confirmed=False)
    page = text(client.get(at(unconfirmed)))
    assert "Nobody has confirmed this entry yet." in page
    assert "Last updated" in page


def test_read_a_stale_entry_warns_officers_alone(client, liaison):
    stale = PartnerFactory(review_due=timezone.localdate() - timedelta(days=1))
    assert "due to be confirmed" in text(liaison.get(at(stale)))
    assert "due to be confirmed" not in text(client.get(at(stale)))


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-11-26T08:30:00Z", "Open now"),  # Thursday 09:30 in Vienna
        ("2026-11-26T16:00:00Z", "Closed now"),  # 17:00, the hour it closes
        ("2026-11-28T10:00:00Z", "Opens Tuesday 1 December, 09:00"),
        ("2026-07-01T07:30:00Z", "Open now"),  # 09:30 in summer
        ("2026-11-30T10:00:00Z", "Holiday: Saint Andrew"),
    ],
)
def test_read_an_entry_says_whether_it_is_open_now(client, moment, told):
    ReferenceItemFactory(list="holiday", code="AT-2026-11-30", label="Saint Andrew")
    partner = PartnerFactory(time_zone="Europe/Vienna", hours=NINE_TO_FIVE, holidays="AT")
    with time_machine.travel(moment, tick=False):
        assert told in text(client.get(at(partner)))


def test_read_an_entry_shows_the_time_on_the_other_side_of_the_world(client):
    partner = PartnerFactory(time_zone="Pacific/Auckland", hours=NINE_TO_FIVE)
    with time_machine.travel("2026-11-29T18:00:00Z", tick=False):
        page = text(client.get(at(partner)))
    assert "It is 07:00 there, Monday 30 November." in page
    assert "Opens Monday 30 November, 09:00." in page


# --- The list -------------------------------------------------------------------------------


def test_list_is_filtered_by_kind_country_and_group(client):
    ours = PartnerFactory(name="Alpha", type="forum", country="AT")
    other = PartnerFactory(name="Beta", type="customs", country="FR")
    group = GroupFactory(code="EAST")
    GroupMembership.objects.create(group=group, partner=ours)
    for query in ("type=forum", "country=AT", "group=EAST"):
        page = text(client.get(f"{LIST}?{query}"))
        assert at(ours) in page
        assert at(other) not in page


def test_list_is_read_page_by_page_without_missing_one(client):
    made = {PartnerFactory(name="Same name").code for _ in range(60)}
    seen, address = [], LIST
    while address:
        context = client.get(address).context
        seen += [row["code"] for row in context["rows"]]
        address = f"{LIST}?after={context['after']}" if context["after"] else ""
    assert len(seen) == 60
    assert set(seen) == made


@pytest.mark.parametrize("query", ["type=x", "country=%00", "group=%F0", "after=%00", "after=none"])
def test_list_with_made_up_questions_answers(client, query):
    PartnerFactory()
    assert client.get(f"{LIST}?{query}").status_code == 200


def test_list_says_when_it_was_last_updated(client):
    PartnerFactory(verified_on=date(2026, 5, 4))
    assert "4 May 2026" in text(client.get(LIST))


def test_pages_are_kept_for_visitors_and_never_for_who_sees_more(settings, firm):
    settings.PUBLIC_PAGES_SECONDS = 60
    partner = PartnerFactory()
    ContactPointFactory(partner=partner, email="firms@customs.example", visibility=Level.PARTNER)
    assert "firms@" in text(firm.get(at(partner)))
    assert "firms@" not in text(Client().get(at(partner)))
    assert "firms@" in text(firm.get(at(partner)))
    assert "no-store" in firm.get(at(partner)).headers["cache-control"]
    assert "no-store" not in Client().get(at(partner)).headers.get("cache-control", "")


@pytest.mark.parametrize("owner", ["partner", "post"])
def test_card_of_a_desk_goes_with_its_owner(client, owner):
    if owner == "partner":
        ended = timezone.localdate()
        contact = ContactPointFactory(partner=PartnerFactory(ended_on=ended))
    else:
        contact = ContactPointFactory(partner=None, post=PostFactory(status="closed"))
    answer = client.get(reverse("partners:contact_card", args=[contact.uuid]))
    assert answer.status_code == 404


def test_entry_that_has_ended_is_found_by_officers_alone(client, firm, liaison):
    ended = PartnerFactory(code="OLD", ended_on=timezone.localdate())
    for reader in (client, firm):
        assert reader.get(at(ended)).status_code == 404
        assert reader.get("/partners/api/partners/OLD/").status_code == 404
    assert "Ended on" in text(liaison.get(at(ended)))


def test_parent_that_has_ended_is_named_to_officers_alone(client, liaison):
    parent = PartnerFactory(name="Former Customs House", ended_on=timezone.localdate())
    part = PartnerFactory(parent=parent)
    assert parent.name not in text(client.get(at(part)))
    assert parent.name in text(liaison.get(at(part)))


@pytest.mark.parametrize(
    ("moment", "told"),
    [("2026-11-25T22:00:00+00:00", "Open now"), ("2026-11-25T08:00:00+00:00", "Closed now")],
)
def test_read_a_desk_says_whether_it_is_open_now(client, moment, told):
    contact = ContactPointFactory(hours={str(day): [["09:00", "17:00"]] for day in range(7)})
    with time_machine.travel(moment, tick=False):
        page = text(client.get(at(contact.partner)))
    assert told in page


def test_languages_and_time_zones_are_called_by_their_names():
    assert words.language_names(["en", "zh"]) == "English, Chinese"
    assert words.zone_name("America/New_York") == "New York"


@pytest.mark.parametrize(
    "address",
    [
        "/partners/a%00b/",
        "/partners/a%00b/card.vcf",
        "/partners/api/partners/a%00b/",
        "/partners/posts/a%00b/",
        "/partners/?q=%00&group=%00&country=%00&after=%00",
        "/partners/download/partners.csv?q=%00",
        "/partners/api/posts/?q=%00&after=%00",
    ],
)
def test_addresses_that_no_database_can_be_asked_for_fail_nobody(client, address):
    assert client.get(address).status_code in (200, 400, 404)


@pytest.mark.parametrize("asked", ["country", "group", "waits", "keeper", "type__exact", "q"])
def test_filters_that_no_database_can_be_asked_for_fail_nobody(client, asked):
    GroupMembership.objects.create(partner=PartnerFactory(), group=GroupFactory())
    PostFactory()
    desk = at_the_desk(client, UserFactory(liaison_officer=True))
    for table in ("partner", "post"):
        address = reverse(f"admin:partners_{table}_changelist")
        assert desk.get(f"{address}?{asked}=%00").status_code == 302
