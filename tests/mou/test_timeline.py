"""The story of an agreement, for both sides: its phases, what is to come, and nothing forgotten."""

from __future__ import annotations

import csv
import io

import pytest
from django.urls import reverse

from mou.actions import life
from mou.dossier import EVENTS
from mou.timeline import PHASES, Timeline
from portal import audit
from tests.factories import UserFactory
from tests.mou import flows
from tests.mou.living import (
    WHY,
    in_force,
    owner,
    suspend,
)
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return UserFactory(caseworker=True)


@pytest.fixture
def supervisor():
    return UserFactory(supervisor=True)


def test_timeline_reads_every_event_that_begins_a_phase():
    assert set(PHASES) <= set(EVENTS)


def test_timeline_tells_the_story_to_both_sides(client, officer, trust_service):
    cast = flows.archived()
    mou = cast.agreement
    suspend(mou, officer)
    life.give_notice(mou=mou, reason="We move abroad.", by=cast.owner)
    client.force_login(cast.owner)
    page = client.get(reverse("mou:timeline", args=[mou.uuid])).content.decode()
    for phase in ("Preparing the text", "Signing", "In force", "Suspended"):
        assert f">{phase}</h2>" in page
    assert "The notice runs out" in page
    assert "We move abroad." in page
    assert officer.name not in page
    client.logout()
    desk = at_the_desk(client, officer)
    shown = desk.get(reverse("admin:mou_mou_timeline", args=[mou.pk])).content.decode()
    assert officer.name in shown
    told = desk.get(reverse("admin:mou_mou_timeline_csv", args=[mou.pk])).content.decode(
        "utf-8-sig"
    )
    rows = list(csv.reader(io.StringIO(told)))
    assert rows[0] == ["Phase", "When", "What", "Who", "Reason"]
    assert rows[-1][0] == "To come"


def test_timeline_takes_a_fixed_number_of_queries(client, officer, django_assert_max_num_queries):
    mou = in_force()
    for _number in range(4):
        life.give_notice(mou=mou, reason=WHY, by=owner(mou))
        life.take_notice_back(mou=mou, by=owner(mou))
    client.force_login(owner(mou))
    with django_assert_max_num_queries(13):
        client.get(reverse("mou:timeline", args=[mou.uuid]))


def test_timeline_files_an_amendment_under_itself_and_goes_on_in_force(client, officer):
    mou = in_force()
    told = ["archived", "amendment_opened", "agreed", "suspended", "reinstated", "agreed"]
    for event in (*told, "amended", "notice_given"):
        audit.record(event, target=mou, by=officer, organisation=mou.organisation)
    phases = [phase.title for phase in Timeline(mou, owner(mou)).phases]
    version = "A new version of the text"
    assert phases == ["In force", version, "Suspended", version, "In force"]


def test_timeline_forgets_nothing_of_a_long_life(officer):
    mou = in_force()
    for _number in range(230):
        audit.record("notice_given", target=mou, by=officer, organisation=mou.organisation)
    phases = Timeline(mou, owner(mou)).phases
    assert sum(len(phase.entries) for phase in phases) == 230
