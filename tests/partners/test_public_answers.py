"""What a visitor or a firm is told on the public pages of partners, and where that leads."""

import pytest
from django.urls import reverse

from partners.models import PartnerType
from partners.templatetags import directory as words
from tests.factories import MembershipFactory
from tests.partners.enquiry_flows import partner_person
from tests.partners.factories import PartnerFactory
from tests.partners.post_flows import opened

pytestmark = pytest.mark.django_db
POSTS = reverse("partners:posts")


def page(client, address, **asked):
    answer = client.get(address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_finder_leads_down_to_its_answer(client):
    opened(covers=["ID"])
    said = page(client, POSTS, country="ID")
    assert f'action="{POSTS}#answer"' in said
    assert 'id="answer" aria-labelledby="answer-title" tabindex="-1"' in said
    assert "Answers for Singapore, Indonesia" in said
    PartnerFactory(type=PartnerType.CUSTOMS, country="ID", name="Customs of the islands")
    assert "Customs of the islands" in page(client, POSTS, country="ID")


def test_firm_asks_the_post_right_from_the_answer(client):
    opened()
    asks = reverse("partners:ask_post", args=["singapore"])
    assert asks not in page(client, POSTS, country="SG")
    client.force_login(partner_person())
    said = page(client, POSTS, country="SG")
    assert asks in said
    assert reverse("partners:enquiries") in said


def test_visitor_is_told_how_firms_ask(client):
    opened()
    login = reverse("account_login")
    assert f"{login}?next={reverse('partners:enquiries')}" in page(client, POSTS)
    assert "Sign in to subscribe" in page(client, reverse("partners:notices"))
    at = reverse("partners:post", args=["singapore"])
    assert f"{login}?next={at}" in page(client, at)
    client.force_login(MembershipFactory().user)
    said = page(client, at)
    assert "Firms with an agreement in force see here" in said
    assert login not in said


@pytest.mark.parametrize(("kind", "country", "led"), [
    (PartnerType.CUSTOMS, "CN", True),
    (PartnerType.BORDER, "AU", True),
    (PartnerType.CUSTOMS, "SE", False),
    (PartnerType.INTERNATIONAL, "BE", False),
])  # fmt: skip
def test_service_abroad_leads_to_who_of_us_answers_for_its_country(client, kind, country, led):
    partner = PartnerFactory(type=kind, country=country)
    said = page(client, reverse("partners:partner", args=[partner.code]))
    assert (f"{POSTS}?country={country}#answer" in said) == led


def test_hours_of_days_that_are_alike_stand_in_one_line():
    day, short = [["08:30", "16:30"]], [["13:00", "15:00"], ["08:30", "12:00"]]
    hours = {"0": day, "1": day, "2": day, "3": [], "4": short, "6": short}
    assert words.hours_lines(hours) == [
        "Monday to Wednesday: 08:30–16:30",
        "Friday: 08:30–12:00, 13:00–15:00",
        "Sunday: 08:30–12:00, 13:00–15:00",
    ]


def test_address_breaks_where_its_parts_meet():
    assert words.breakable("a.b@c.example") == "a<wbr>.b<wbr>@c<wbr>.example<wbr>"
    assert words.breakable('"<b>"@c') == "&quot;&lt;b&gt;&quot;<wbr>@c<wbr>"


@pytest.mark.parametrize(("name", "said"), [
    ("partners", "Nothing in the directory fits."),
    ("partners:posts", "There is no post of an attaché at present."),
    ("partners:posts_map", "No country is covered at present."),
    ("partners:notices", "There is no notice at present"),
])  # fmt: skip
def test_page_that_holds_nothing_says_so(client, name, said):
    assert said in page(client, reverse(name))


def test_finder_of_an_empty_network_still_says_whom_to_ask(client, settings):
    said = page(client, POSTS, country="NZ")
    assert "We have no attaché for this country." in said
    assert "Whom to ask instead" in said
    assert f"mailto:{settings.BRAND['contact']}" in said
