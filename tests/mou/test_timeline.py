"""The story of an agreement, for both sides: its phases, what is to come, and nothing forgotten."""

from __future__ import annotations

import csv
import io

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from mou.actions import alerts, covers, life, training
from mou.event_words import EVENTS
from mou.models import AlertDelivery
from mou.timeline import PHASES, Timeline
from portal import audit
from tests.factories import MembershipFactory, UserFactory
from tests.mou import alert_flows, cover_flows, flows, training_flows
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


def lived_by_members() -> tuple:
    """One member declined, one took part in everything and left; each by somebody with a name."""
    mou, people = cover_flows.association(), [UserFactory(name="Xenia Quill"), UserFactory()]
    firms = [cover_flows.member(f"Member {one.pk} AB", owned=False) for one in people]
    for firm, person in zip(firms, people, strict=True):
        MembershipFactory(organisation=firm, user=person, role="owner")
    cover = cover_flows.confirmed(mou, firms[0])
    by = people[0]
    alerts.deliver(alert=alert_flows.published())
    delivery = AlertDelivery.objects.get(cover=cover)
    alerts.acknowledge_alert(delivery=delivery, usefulness="new", by=by)
    session = training_flows.offered()
    names = ["Yvo Quill"]
    training.register_attendees(training=session, mou=mou, names=names, by=by, cover=cover)
    covers.leave_cover(cover=cover, by=by)
    declined = cover_flows.named(mou, firms[1])
    covers.decline_cover(cover=declined, by=people[1])
    flows.deliver_all()
    return mou, people


def test_association_reads_that_a_member_answered_and_never_who(client, officer):
    mou, people = lived_by_members()
    people[1].name = "Zoë Quill"
    people[1].save()
    client.force_login(cover_flows.owner(mou.organisation))
    pages = ("timeline", "timeline_csv", "agreement", "members", "alerts", "training")
    read = {name: client.get(reverse(f"mou:{name}", args=[mou.uuid])) for name in pages}
    read["home"] = client.get(reverse("mou_home"))
    for name, answer in read.items():
        assert answer.status_code == 200, name
        assert "Quill" not in answer.content.decode(), name
    story = read["timeline_csv"].content.decode("utf-8-sig")
    assert '"A member firm left","The member firm"' in story
    theirs = {one.email for one in people}
    for letter in mail.outbox:
        assert theirs.issuperset(letter.to) or "Quill" not in f"{letter.subject}{letter.body}"
    desk = at_the_desk(Client(), officer)
    shown = desk.get(reverse("admin:mou_mou_timeline", args=[mou.pk])).content.decode()
    assert "Xenia Quill" in shown
    assert "Zoë Quill" in shown


def test_person_of_both_firms_is_not_told_to_be_the_members():
    mou, firm = cover_flows.association(), cover_flows.member()
    both = cover_flows.owner(mou.organisation)
    MembershipFactory(organisation=firm, user=both, role="owner")
    cover = cover_flows.named(mou, firm)
    covers.confirm_cover(cover=cover, by=both)
    told = [(one.event, one.by) for one in Timeline(mou, both).phases[-1].entries]
    assert ("member_named", str(both)) in told
    assert ("member_confirmed", "The member firm") in told


def test_letter_that_went_out_by_itself_is_not_the_document_services(officer):
    mou = in_force()
    for event in ("offered", "sealed"):
        audit.record(event, target=mou, by=None, organisation=mou.organisation)
    told = {one.event: one.by for phase in Timeline(mou, officer).phases for one in phase.entries}
    assert told == {"offered": "The portal, by itself", "sealed": "The document service"}


def test_officer_who_left_the_desk_is_told_to_no_firm(officer):
    mou = in_force()
    audit.record("assigned", target=mou, by=officer, organisation=mou.organisation)
    officer.is_staff = False
    officer.save()
    [entry] = Timeline(mou, owner(mou)).phases[-1].entries
    assert entry.by == "The administration"
