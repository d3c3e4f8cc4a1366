"""Feedback to member firms of an association: read by their own people and nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from mou import feedback_words
from mou.actions import alerts, covers, feedback, training
from mou.demonstration import warning
from mou.models import AlertDelivery, Attendee, Feedback, Training
from portal import reference_files
from portal.errors import DomainError, NotAllowed
from portal.models import AuditEvent
from reporting import passes
from tests.factories import MembershipFactory, UserFactory
from tests.mou import alert_flows, plan_flows, training_flows
from tests.mou.cover_flows import confirmed, member, owner
from tests.mou.flows import deliver_all
from tests.mou.living import told
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
WORDS = "It led to a control."


@pytest.fixture(autouse=True)
def lists(db):
    reference_files.load()


@pytest.fixture
def cover():
    return confirmed()


@pytest.fixture
def officer():
    return UserFactory(caseworker=True)


def answered(*covered) -> list[AlertDelivery]:
    """One alert at all of these, acknowledged by each."""
    alerts.deliver(alert=alert_flows.published())
    found = [AlertDelivery.objects.get(cover=one) for one in covered]
    return [
        alerts.acknowledge_alert(delivery=one, usefulness="new", by=owner(one.firm))
        for one in found
    ]


def came(*covered) -> list[Attendee]:
    """One session that somebody of each came to."""
    session = training_flows.offered()
    for one in covered:
        named = {"training": session, "mou": one.mou, "cover": one, "by": owner(one.organisation)}
        training.register_attendees(names=["Ada Lund"], **named)
    Training.objects.update(starts_at=timezone.now() - timedelta(days=1))
    seats = set(Attendee.objects.values_list("seat", flat=True))
    training.record_attendance(training=session, present=seats, by=UserFactory(caseworker=True))
    return [Attendee.objects.get(cover=one) for one in covered]


def read_by(user, cover) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("mou:cover", args=[cover.uuid])).content.decode()


def test_people_of_the_member_alone_read_what_is_said_to_it(cover, officer):
    other = confirmed(cover.mou, member("Other AB"))
    mine, _theirs = answered(cover, other)
    deliver_all()
    mail.outbox.clear()
    before = told(cover.mou)
    said = "The new gate helps a great deal."
    feedback.answer_alert(delivery=mine, code="CONTROL", sentence=said, by=officer)
    deliver_all()
    assert [letter.to for letter in mail.outbox] == [[owner(cover.organisation).email]]
    assert "control" not in mail.outbox[0].body
    colleague = MembershipFactory(organisation=cover.organisation, role="member").user
    for reader in (owner(cover.organisation), colleague):
        page = read_by(reader, cover)
        assert WORDS in page
        assert said in page
        assert mine.alert.title not in page.split("Feedback from customs")[1]
    assert WORDS not in read_by(owner(other.organisation), other)
    association = Client()
    association.force_login(owner(cover.mou.organisation))
    for page in ("feedback", "alerts", "training", "timeline", "members"):
        shown = association.get(reverse(f"mou:{page}", args=[cover.mou.uuid]))
        assert shown.status_code == 200
        assert WORDS not in shown.content.decode()
    assert association.get(reverse("mou:cover", args=[cover.uuid])).status_code == 404
    # Nothing of it is an event of the association's agreement.
    assert told(cover.mou) == before
    event = AuditEvent.objects.filter(event="feedback_given").get()
    assert (event.target_type, event.target_id) == ("mou.cover", str(cover.pk))


def test_members_at_one_session_are_told_each_for_itself(cover, officer):
    other = confirmed(cover.mou, member("Other AB"))
    for attendee in came(cover, other):
        feedback.value_training(attendee=attendee, code="TOOK_PART", by=officer)
        with pytest.raises(DomainError, match="already"):
            feedback.value_training(attendee=attendee, code="TOOK_PART", by=officer)
    assert {one.firm for one in Feedback.objects.all()} == {cover.organisation, other.organisation}
    words = feedback_words.words()["TOOK_PART"].firm
    assert words in read_by(owner(other.organisation), other)
    feedback.take_back(feedback=Feedback.objects.get(cover=other), by=officer)
    assert words not in read_by(owner(other.organisation), other)
    assert words in read_by(owner(cover.organisation), cover)


def test_member_that_left_is_told_nothing_more_and_keeps_what_it_was_told(cover, officer):
    [mine] = answered(cover)
    [attendee] = came(cover)
    feedback.answer_alert(delivery=mine, code="CONTROL", by=officer)
    covers.leave_cover(cover=cover, by=owner(cover.organisation))
    with pytest.raises(NotAllowed):
        feedback.value_training(attendee=attendee, code="TOOK_PART", by=officer)
    assert WORDS in read_by(owner(cover.organisation), cover)


def test_database_keeps_measures_and_repeats_from_members(cover, officer):
    [mine] = answered(cover)
    feedback.answer_alert(delivery=mine, code="CONTROL", by=officer)
    fields = {"mou": cover.mou, "cover": cover, "given_by": officer}
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.create(delivery=mine, code="CONTROL", **fields)
    measure = plan_flows.measure(cover.mou)
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.create(measure=measure, code="WORKED", **fields)


def test_desk_names_the_member_that_it_speaks_to(cover, officer):
    [mine] = answered(cover)
    desk = at_the_desk(Client(), officer)
    page = reverse("admin:mou_alertdelivery_feedback", args=[mine.pk])
    assert "Member AB" in desk.get(page).content.decode()
    desk.post(page, {"code": "CONTROL", "sentence": ""})
    assert "Member AB" in desk.get("/admin/mou/feedback/").content.decode()


def test_page_of_a_member_costs_as_much_with_much_feedback(cover, officer):
    [mine] = answered(cover)
    feedback.answer_alert(delivery=mine, code="CONTROL", by=officer)
    read_by(owner(cover.organisation), cover)
    costs = []
    for code in ("BACKGROUND", ""):
        with CaptureQueriesContext(connection) as asked:
            read_by(owner(cover.organisation), cover)
        costs.append(len(asked))
        if code:
            feedback.answer_alert(delivery=mine, code=code, by=officer)
    assert costs[0] == costs[1]


def test_reports_of_a_member_are_opened_by_its_own_people(cover):
    asked = {"organisation": cover.organisation.uuid, "capacity": passes.OURS}
    client = Client()
    client.force_login(owner(cover.organisation))
    page = client.post("/start/report/", asked)
    assert passes.redeem(page.context["token"])["in_force"]
    client.force_login(owner(cover.mou.organisation))
    assert client.post("/start/report/", asked).status_code == 404


def test_demonstration_shows_a_member_what_its_answer_was_worth(cover, officer):
    warning.warn(officer, UserFactory(supervisor=True))
    warning.warn(officer, UserFactory(supervisor=True))
    given = Feedback.objects.get()
    assert (given.firm, given.delivery.firm) == (cover.organisation, cover.organisation)
    assert {"audience", "unknown"} == set(AlertDelivery.objects.values_list("because", flat=True))
