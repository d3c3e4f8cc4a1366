"""The public pages of posts: the finder, each post, who sees what, and the map."""

from __future__ import annotations

import csv
import gzip
import re
from urllib.parse import quote

import pytest
import time_machine
from django.conf import settings as portal
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from partners import visibility, world_map
from partners.actions import postings, posts
from partners.models import PartnerType, Post, PostType, SearchPlace
from partners.visibility import Level
from portal import reference_files
from portal.models import AuditEvent, StaffRole, Standing
from tests.databases import acting_as, postgresql
from tests.factories import MembershipFactory, UserFactory
from tests.partners import post_flows as flows
from tests.partners.factories import ContactPointFactory, HolderFactory, PartnerFactory, PostFactory
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
ALL = reverse("partners:posts")
DAY = flows.today


@pytest.fixture
def singapore():
    return flows.opened(covers=["ID", "MY", "TH", "VN"], services="Help with stuck shipments")


@pytest.fixture
def washington():
    return flows.opened(
        code="washington",
        city="Washington",
        host_country="US",
        type=PostType.STRATEGIC,
        title="Financial Counsellor",
        time_zone="America/New_York",
        email="washington@customs.example",
    )


def ask(client, country):
    page = client.get(ALL, {"country": country}).content.decode()
    found = re.search(r'<section class="post-answer".*?</section>', page, re.DOTALL)
    return found.group() if found else ""


@pytest.mark.parametrize("country", ["SG", "ID", "MY", "TH", "VN"])
def test_singapore_answers_for_five_countries(client, singapore, country):
    """Acceptance 16."""
    said = ask(client, country)
    assert "singapore@customs.example" in said
    assert ("covered from elsewhere" in said) == (country != "SG")


def test_strategic_posts_never_appear_as_attaches(client, singapore, washington):
    """Acceptance 18."""
    PartnerFactory(country="US", name="A border house", type=PartnerType.BORDER)
    said = ask(client, "US")
    assert "A border house" in said
    assert "We have no attaché for this country" in said
    assert "It is no attaché" in said
    page = client.get(ALL).content.decode()
    attaches, strategic = page.split('id="strategic"')
    assert "Washington" not in attaches.split('id="attaches"')[1]
    assert "Financial Counsellor" in strategic
    assert "Singapore" not in strategic


def test_strategic_posts_answer_for_no_country_by_any_door(client, singapore, washington):
    """Whoever chooses by the countries of a file or of JSON gets attachés alone."""
    told = client.get("/partners/api/posts/").json()["posts"]
    covers = {
        one["code"]: [country["code"] for country in one["covered_countries"]] for one in told
    }
    assert covers == {"singapore": ["SG", "ID", "MY", "TH", "VN"], "washington": []}
    file = client.get("/partners/download/posts.csv").content.decode("utf-8-sig")
    rows = list(csv.DictReader(file.splitlines()))
    assert [(one["type"], one["covered_countries"]) for one in rows] == [
        ("attache", "SG|ID|MY|TH|VN"),
        ("strategic", ""),
    ]
    drawn = client.get(reverse("partners:posts_map")).context
    assert "US" not in {row["code"] for row in drawn["rows"]}
    assert client.get(reverse("partners:ask_post", args=["washington"])).status_code in (302, 404)


def test_ended_posting_names_the_person_behind_no_door(client, singapore):
    officer = flows.liaison()
    posting = flows.posted(singapore, officer)
    point = ContactPointFactory(partner=None, post=singapore)
    HolderFactory(contact_point=point, name="Alma Berg", email="alma.berg@customs.example")
    at_the_desk(client, officer)
    addresses = [
        "/partners/posts/singapore/", "/partners/posts/singapore/card.vcf",
        f"/partners/contacts/{point.uuid}/card.vcf", "/partners/api/posts/",
        "/partners/api/posts/singapore/", "/partners/download/posts.csv",
        "/partners/download/post-contacts.csv", "/partners/?q=alma",
        f"/admin/partners/post/{singapore.pk}/change/", "/admin/partners/post/timeline/",
        f"/admin/partners/posting/{posting.pk}/change/", "/admin/partners/posting/",
        f"/admin/partners/contactpoint/{point.pk}/change/",
    ]  # fmt: skip

    def naming():
        return [one for one in addresses if "Alma" in client.get(one).content.decode()]

    assert naming() == [one for one in addresses if "q=alma" not in one]
    assert "/partners/posts/singapore/" in client.get("/partners/?q=alma").content.decode()
    postings.end_posting(posting=posting, last_day=DAY(), by=officer)
    assert naming() == []
    assert "/partners/posts/singapore/" not in client.get("/partners/?q=alma").content.decode()
    kept = [list(table.objects.values()) for table in (LogEntry, AuditEvent, SearchPlace)]
    assert "alma" not in str(kept).lower()


def test_stale_post_warns_officers_alone(client, singapore):
    late = DAY(-1)
    Post.objects.update(review_due=late)
    ContactPointFactory(partner=None, post=singapore, review_due=late)
    page = reverse("partners:post", args=["singapore"])
    shown = client.get(page).content.decode()
    assert "due to be confirmed" not in shown
    assert "To be confirmed" not in shown
    at_the_desk(client, UserFactory(liaison_officer=True))
    shown = client.get(page).content.decode()
    assert "due to be confirmed" in shown
    assert re.search(r"To be confirmed\s*</strong>", shown)


@pytest.mark.parametrize(
    ("suspended", "told"), [(False, ["Open now"]), (True, [])], ids=["open", "suspended"]
)
def test_desk_of_a_post_says_whether_it_is_open_now(client, singapore, suspended, told):
    week = {str(day): [["09:00", "17:00"]] for day in range(7)}
    ContactPointFactory(partner=None, post=singapore, hours=week)
    if suspended:
        posts.suspend_post(post=singapore, by=flows.liaison())
    with time_machine.travel("2026-11-26T03:00:00Z", tick=False):  # 11:00 in Singapore
        shown = client.get(reverse("partners:post", args=["singapore"])).content.decode()
    assert re.findall("Open now|Closed now", shown) == told


def test_country_without_a_post_gets_an_honest_answer_and_whom_to_ask(client, singapore):
    PartnerFactory(country="NZ", name="New Zealand Customs Service")
    PartnerFactory(country="NZ", name="Secret desk", visibility=Level.LIAISON)
    said = ask(client, "NZ")
    assert "We have no attaché for this country" in said
    assert portal.BRAND["contact"] in said
    assert "New Zealand Customs Service" in said
    assert "Secret desk" not in said


def test_country_of_the_union_and_our_own_are_told_apart(client, singapore):
    reference_files.load()
    assert "belongs to the Union" in ask(client, "FI")
    assert "you need no attaché" in ask(client, portal.BRAND["country"])


def test_country_is_no_longer_covered_after_its_last_day(client, singapore):
    by = flows.liaison()
    posts.end_coverage(post=singapore, country="VN", until=DAY(), by=by)
    assert "singapore@customs.example" in ask(client, "VN")
    singapore.coverages.filter(country="VN").update(since=DAY(-9), until=DAY(-1))
    assert "We have no attaché" in ask(client, "VN")


def test_closed_post_is_nowhere_and_a_suspended_one_says_so(client, singapore):
    by = flows.liaison()
    posts.suspend_post(post=singapore, by=by)
    assert "does not answer at present" in ask(client, "SG")
    posts.close_post(post=singapore, by=by)
    assert "We have no attaché" in ask(client, "SG")
    assert client.get(reverse("partners:post", args=["singapore"])).status_code == 404


def test_finder_says_what_is_wrong_with_a_country(client, singapore):
    page = client.get(ALL, {"country": "Atlantis"}).content.decode()
    assert "Choose a country from the list." in page
    assert "post-answer" not in page


TYPED = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


class FinderFuzz(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(country=TYPED, more=TYPED)
    def test_finder_takes_whatever_is_typed(self, country, more):
        assert self.client.get(ALL, {"country": country, more: more}).status_code == 200

    @settings(max_examples=25, deadline=None)
    @given(code=TYPED)
    def test_post_of_any_code_is_found_or_not(self, code):
        assert self.client.get(f"{ALL}{quote(code)}/").status_code in (200, 301, 302, 404)


# --- Who sees what --------------------------------------------------------------------------


def readers():
    member = MembershipFactory()
    Standing.objects.create(organisation=member.organisation, programme="mou", in_force=True)
    return {
        Level.PUBLIC: None,
        Level.PARTNER: member.user,
        Level.LIAISON: UserFactory(triage_officer=True),
        Level.RESTRICTED: UserFactory(liaison_officer=True),
    }


def test_each_reader_sees_the_fields_of_the_table_and_no_more():
    by = flows.liaison()
    marks = {
        "mission": "MARK-mission",
        "email": "mark-mail@customs.example",
        "services": "MARK-services",
        "portfolio": "MARK-portfolio",
        "phone": "MARK-phone",
        "counterparts": "MARK-counterparts",
        "note": "MARK-note",
    }
    post = flows.opened(by, **marks)
    posting = flows.posted(post, by, name="MARK-name", email="mark-own@customs.example")
    postings.accredit(posting=posting, country="SG", by=by, asked_on=DAY(-9))
    address = reverse("partners:post", args=[post.code])
    for level, user in readers().items():
        client = Client()
        if user is not None:
            at_the_desk(client, user) if user.is_staff else client.force_login(user)
        page = "".join(
            client.get(url).content.decode()
            for url in (address, ALL, f"{ALL}?country=SG", reverse("partners:posts_map"))
        )
        for name, mark in marks.items():
            assert (mark in page) == visibility.sees("post", name, level), (level, name)
        for mark, name in (("MARK-name", "name"), ("mark-own@", "email")):
            assert (mark in page) == visibility.sees("posting", name, level), (level, name)


@pytest.mark.parametrize(("level", "offered"), [
    (Level.PUBLIC, False), (Level.PARTNER, True), (Level.LIAISON, False)
])  # fmt: skip
def test_partner_firm_is_led_to_ask_the_post(client, singapore, level, offered):
    reader = readers()[level]
    if reader is not None:
        at_the_desk(client, reader) if reader.is_staff else client.force_login(reader)
    page = client.get(reverse("partners:post", args=["singapore"])).content.decode()
    assert (reverse("partners:ask_post", args=["singapore"]) in page) == offered


def test_post_for_officers_alone_is_hidden_from_others(client):
    PostFactory(code="hidden", city="Hidden City", visibility=Level.LIAISON)
    assert client.get(reverse("partners:post", args=["hidden"])).status_code == 404
    assert "Hidden City" not in client.get(ALL).content.decode()
    at_the_desk(client, UserFactory(liaison_officer=True))
    assert "Hidden City" in client.get(ALL).content.decode()


@pytest.mark.parametrize("role", [None, StaffRole.SYSTEM_ADMINISTRATOR])
def test_pages_ask_for_no_person_below_the_level_of_officers(client, singapore, role):
    flows.posted(singapore)
    if role:
        at_the_desk(client, UserFactory(**{role: True}))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        for url in (ALL, f"{ALL}?country=SG", f"{ALL}singapore/", f"{ALL}map/"):
            assert client.get(url).status_code == 200
    assert not [q for q in asked.captured_queries if "partners_posting" in q["sql"]]


@postgresql
def test_site_role_answers_and_can_read_nobody(client, roles, singapore):
    flows.posted(singapore)
    with acting_as("site"):
        for url in (ALL, f"{ALL}?country=ID", f"{ALL}singapore/", f"{ALL}map/"):
            assert client.get(url).status_code == 200


def test_pages_ask_a_fixed_number_of_queries(client, django_assert_max_num_queries):
    by = flows.liaison()
    for number in range(12):
        flows.opened(by, code=f"post-{number}", city=f"C {number}", covers=["ID", "MY"])
    for url, most in ((ALL, 2), (f"{ALL}?country=ID", 4), (f"{ALL}post-3/", 3), (f"{ALL}map/", 2)):
        with django_assert_max_num_queries(most):
            assert client.get(url).status_code == 200


@pytest.mark.parametrize("name", ["posts", "posts_map"])
def test_pages_show_their_update_date(client, singapore, name):
    page = client.get(reverse(f"partners:{name}")).content.decode()
    assert f'datetime="{DAY().isoformat()}"' in page


def test_vacant_post_says_that_its_mailbox_is_read(client, singapore):
    page = client.get(reverse("partners:post", args=["singapore"])).content.decode()
    assert "The mailbox is read all the same." in page
    flows.posted(singapore)
    page = client.get(reverse("partners:post", args=["singapore"])).content.decode()
    assert "The mailbox is read" not in page


# --- The map --------------------------------------------------------------------------------


def test_map_links_every_covered_country_and_says_the_same_as_a_table(
    client, singapore, washington
):
    page = client.get(reverse("partners:posts_map")).content.decode()
    for name in ("Singapore", "Indonesia", "Malaysia", "Thailand", "Vietnam"):
        assert f'aria-label="{name}: covered from Singapore"' in page
        assert f">{name}</th>" in page
    assert 'aria-label="Strategic post in Washington"' in page
    assert "United States of America: covered" not in page


def test_map_is_light_and_has_no_style_of_its_own(client, singapore):
    answer = client.get(reverse("partners:posts_map"))
    assert len(gzip.compress(answer.content)) < 100_000
    drawing = re.search(r"<svg.*?</svg>", answer.content.decode(), re.DOTALL).group()
    assert "style" not in drawing
    assert "http" not in drawing.replace("http://www.w3.org/2000/svg", "")


def test_map_knows_every_country_of_the_list_by_shape_or_place():
    known = world_map.world()
    assert len(known.paths) > 160
    assert {"SG", "MT", "HK"} <= set(known.middles) - set(known.paths)


@pytest.mark.parametrize(("longitude", "latitude"), [
    (0, 0), (-180, 84), (180, 84), (180, -57), (-180, -57), (0, 90), (103.8, 1.3)
])  # fmt: skip
def test_project_stays_within_the_drawing(longitude, latitude):
    x, y = world_map.project(longitude, latitude)
    assert 0 <= x <= world_map.WIDTH
    assert -20 <= y <= world_map.world().height


def test_project_keeps_east_and_north_where_they_belong():
    singapore, london = world_map.project(103.8, 1.3), world_map.project(0, 51.5)
    assert singapore[0] > london[0]
    assert singapore[1] > london[1]
    assert london[0] == world_map.WIDTH / 2


def test_post_stands_at_its_own_place_or_in_its_host_country():
    there = PostFactory(host_country="US", latitude="38.9", longitude="-77.04")
    middle = PostFactory(host_country="US")
    east, centre = world_map.draw([there, middle], {}).dots
    assert east.x > centre.x
    assert Post.objects.count() == 2
