"""Passes: from a firm's pages to the form, once; what the firm then sees and what not."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from portal import reference_files
from portal.models import Standing
from reporting import content, envelopes, passes
from reporting.models import Envelope, Firm, Pass
from reporting.passes import PassGone
from tests.factories import MembershipFactory, OrganisationFactory
from tests.reporting.intake import Reporter

pytestmark = pytest.mark.django_db


@pytest.fixture
def member():
    return MembershipFactory(owner=True)


def token_of(membership: Any, capacity: str) -> str:
    """What the firm's pages hand over to somebody who is signed in there."""
    site = Client()
    site.force_login(membership.user)
    page = site.post(
        "/start/report/",
        {"organisation": membership.organisation.uuid, "capacity": capacity},
    )
    assert page.status_code == 200
    return re.search(r'name="token" value="([^"]+)"', page.content.decode())[1]


def arrived(membership: Any, capacity: str = "firm") -> Reporter:
    reporter = Reporter()
    assert reporter.post("partner", token=token_of(membership, capacity)).status_code == 302
    return reporter


def filed(desk: Any) -> content.Content:
    envelope = Envelope.objects.get(kind="report")
    seeds = desk.keys_of(desk.officer).seeds
    return content.load(envelopes.opened(envelope, envelope.slots.all(), seeds))


def test_pass_is_good_for_one_use(member):
    token = token_of(member, "firm")
    assert passes.redeem(token)["capacity"] == "firm"
    with pytest.raises(PassGone):
        passes.redeem(token)


def test_pass_is_good_for_ten_minutes(member):
    token = token_of(member, "firm")
    with (
        time_machine.travel(timezone.now() + timedelta(minutes=11)),
        pytest.raises(PassGone),
    ):
        passes.redeem(token)


def test_pass_that_was_made_up_is_refused_with_a_sentence(member):
    answer = Reporter().post("partner", token="made up")
    assert answer.status_code == 410
    assert "ten minutes" in answer.content.decode()


def test_pass_shows_the_firm_to_its_token_alone_and_the_person_to_nobody(member):
    token = token_of(member, "firm")
    row = Pass.objects.get()
    assert member.organisation.legal_name.encode() not in bytes(row.box)
    assert member.user.email not in str(passes.redeem(token))


def test_token_is_in_no_address(member):
    site = Client()
    site.force_login(member.user)
    page = site.post(
        "/start/report/", {"organisation": member.organisation.uuid, "capacity": "own"}
    )
    text = page.content.decode()
    token = re.search(r'name="token" value="([^"]+)"', text)[1]
    assert text.count(token) == 1
    assert page["Cache-Control"] == "no-store"


def test_who_comes_with_a_pass_starts_and_has_begun_nothing(member):
    reporter = arrived(member)
    assert "Go on with it" not in reporter.text()
    reporter.tell()
    assert "Go on with it" in reporter.text()


def test_stranger_to_the_firm_gets_no_pass(member):
    site = Client()
    site.force_login(MembershipFactory().user)
    data = {"organisation": member.organisation.uuid, "capacity": "firm"}
    assert site.post("/start/report/", data).status_code == 404


def test_firm_is_named_in_what_is_filed_on_its_behalf(desk, member):
    reporter = arrived(member)
    assert member.organisation.legal_name in reporter.text()
    reporter.tell()
    reporter.post("about", mode="confidential")
    reporter.post("about", mode="confidential", phone="+46 1")
    reporter.send()
    told = filed(desk)["filed"]
    assert (told["channel"], told["capacity"]) == ("partner", "firm")
    assert told["organisation"]["uuid"] == str(member.organisation.uuid)
    assert Firm.objects.get().tag in passes.firm_tags(member.organisation.uuid)


@pytest.mark.parametrize("capacity", ["firm", "own"])
def test_anonymous_is_anonymous_for_a_partner_too(desk, member, capacity):
    reporter = arrived(member, capacity)
    reporter.tell()
    reporter.send()
    told = filed(desk)
    assert member.organisation.legal_name not in str(told)
    assert told["filed"]["channel"] == "public"
    assert not Firm.objects.exists()


def test_report_in_ones_own_name_is_not_among_the_firms(desk, member):
    reporter = arrived(member, "own")
    reporter.tell()
    reporter.post("about", mode="confidential", phone="+46 1")
    reporter.send()
    assert filed(desk)["filed"]["capacity"] == "own"
    assert not Firm.objects.exists()


def test_signs_for_partners_need_an_agreement_in_force(member):
    reference_files.load()
    page = arrived(member).post("signs", role="road_carrier").content.decode()
    assert 'value="CA3"' not in page
    Standing.objects.create(organisation=member.organisation, programme="mou", in_force=True)
    page = arrived(member).post("signs", role="road_carrier").content.decode()
    assert 'value="CA3"' in page


# --- The firm's own list --------------------------------------------------------------------


def reported(member: Any) -> None:
    reporter = arrived(member)
    reporter.tell()
    reporter.post("about", mode="named", name="Kim Falk", phone="+46 1")
    reporter.send()


def test_owner_sees_the_firms_reports_and_nothing_that_they_say(desk, member):
    reported(member)
    page = arrived(member, "ours").text("ours")
    assert Firm.objects.get().report.reference in page
    assert "Received" in page
    assert "Kim Falk" not in page


def test_firm_sees_no_other_firms_reports(desk, member):
    reported(member)
    other = MembershipFactory(owner=True, organisation=OrganisationFactory())
    assert "There are no reports yet" in arrived(other, "ours").text("ours")


def test_member_who_may_not_bind_the_firm_sees_no_list(member):
    plain = MembershipFactory(organisation=member.organisation)
    site = Client()
    site.force_login(plain.user)
    assert b"See the firm" not in site.get("/start/report/").content
    data = {"organisation": member.organisation.uuid, "capacity": "ours"}
    assert site.post("/start/report/", data).status_code == 404


def test_list_is_closed_to_who_has_only_a_draft(member):
    reporter = arrived(member)
    assert reporter.get("ours").status_code == 410


def test_list_is_closed_when_its_reader_says_so(member):
    reader = arrived(member, "ours")
    assert reader.post("ours").status_code == 200
    assert reader.get("ours").status_code == 410


def test_firms_tag_is_found_under_an_older_key(member, settings):
    old = passes.firm_tag(member.organisation.uuid)
    settings.FIELD_KEY = "a new key of at least thirty-two characters," + settings.FIELD_KEY
    assert passes.firm_tag(member.organisation.uuid) != old
    assert old in passes.firm_tags(member.organisation.uuid)
