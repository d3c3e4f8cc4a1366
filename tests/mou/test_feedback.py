"""Feedback of officers: by a code, screened, read by the firm, mailed without a word of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mou import feedback_words, figures
from mou.actions import activities, alerts, feedback, measures, training
from mou.models import Activity, Attendee, Feedback, Mou
from portal import outbox
from portal.errors import DomainError, NotAllowed
from tests.factories import UserFactory
from tests.mou import alert_flows, plan_flows, training_flows
from tests.mou.living import FIRM, STAFF, in_force, owner, person, told
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def mou():
    return in_force("Norrvik AB")


@pytest.fixture
def officer():
    return UserFactory(caseworker=True)


def acknowledged(mou: Mou):
    delivery = alert_flows.delivered(mou)
    return alerts.acknowledge_alert(delivery=delivery, usefulness="new", by=owner(mou))


def held(mou: Mou) -> Activity:
    one = plan_flows.agreed_activity(mou)
    hour = timedelta(hours=1)
    now = timezone.now()
    Activity.objects.filter(pk=one.pk).update(starts_at=now - 2 * hour, ends_at=now - hour)
    by = UserFactory(caseworker=True)
    return activities.hold_activity(activity=one, outcome="Done.", follow_up="", by=by)


def came(mou: Mou) -> Attendee:
    session = training_flows.offered()
    training.register_attendees(training=session, mou=mou, names=["Ada Lund"], by=owner(mou))
    one = Attendee.objects.get()
    by = UserFactory(caseworker=True)
    begun = timezone.now() - timedelta(days=1)
    type(session).objects.filter(pk=session.pk).update(starts_at=begun)
    training.record_attendance(training=session, present={one.seat}, by=by)
    return Attendee.objects.select_related("training", "mou").get()


GIVES = {
    "alert": (acknowledged, feedback.answer_alert, "delivery", "CONTROL"),
    "measure": (plan_flows.done, feedback.value_measure, "measure", "WORKED"),
    "activity": (held, feedback.value_activity, "activity", "EXAMPLE"),
    "training": (came, feedback.value_training, "attendee", "TOOK_PART"),
}


def give(kind: str, mou: Mou, by, code: str = "", sentence: str = "") -> Feedback:
    made, act, name, usual = GIVES[kind]
    return act(**{name: made(mou)}, code=code or usual, sentence=sentence, by=by)


@pytest.mark.parametrize("kind", GIVES)
def test_feedback_is_read_by_the_firm_on_its_pages(client, mou, officer, kind):
    given = give(kind, mou, officer, sentence="The new gate helps a great deal.")
    words = feedback_words.words()[given.code].firm
    client.force_login(person(mou, "member"))
    shown = client.get(reverse("mou:feedback", args=[mou.uuid])).content.decode()
    assert words in shown
    assert "The new gate helps a great deal." in shown
    assert told(mou)[-1] == "feedback_given"
    stranger = Client()
    stranger.force_login(person(mou, "stranger"))
    assert stranger.get(reverse("mou:feedback", args=[mou.uuid])).status_code == 404


@pytest.mark.parametrize(
    ("kind", "page"), [("measure", "plan/measures/"), ("activity", "plan/activities/")]
)
def test_feedback_stands_beside_what_it_is_on(client, mou, officer, kind, page):
    given = give(kind, mou, officer)
    client.force_login(owner(mou))
    words = feedback_words.words()[given.code].firm
    assert words in client.get(f"/mou/{mou.uuid}/{page}").content.decode()


def test_feedback_on_an_alert_stands_with_it_and_its_list_names_no_alert(client, mou, officer):
    given = give("alert", mou, officer)
    client.force_login(owner(mou))
    page = reverse("mou:alert", args=[mou.uuid, given.delivery.uuid])
    assert "It led to a control." in client.get(page).content.decode()
    shown = client.get(reverse("mou:feedback", args=[mou.uuid])).content.decode()
    assert given.delivery.alert.title not in shown


def test_letter_tells_that_there_is_some_and_nothing_of_it(mou, officer):
    member = person(mou, "member")
    give("measure", mou, officer, sentence="The new gate helps.")
    mail.outbox.clear()
    outbox.deliver_open()
    letters = [one for one in mail.outbox if one.subject.startswith("Feedback")]
    assert [one.to for one in letters] == [[owner(mou).email]]
    assert member.email not in str([one.to for one in mail.outbox])
    assert not re.search("gate|does what it should", letters[0].body)


@pytest.mark.parametrize("role", [*STAFF, *FIRM])
@pytest.mark.parametrize("kind", GIVES)
def test_feedback_is_given_by_caseworkers_and_supervisors(mou, kind, role):
    by = person(mou, role)
    if role in ("caseworker", "supervisor"):
        assert give(kind, mou, by).given_by == by
    else:
        with pytest.raises(NotAllowed):
            give(kind, mou, by)


NOT_YET = {
    "alert": alert_flows.delivered,
    "measure": plan_flows.agreed,
    "activity": plan_flows.agreed_activity,
}


@pytest.mark.parametrize("kind", NOT_YET)
def test_feedback_is_on_what_was_done_only(mou, officer, kind):
    _made, act, name, code = GIVES[kind]
    with pytest.raises(NotAllowed):
        act(**{name: NOT_YET[kind](mou)}, code=code, by=officer)


def test_feedback_ends_with_the_agreement(mou, officer):
    one = plan_flows.done(mou)
    Mou.objects.filter(pk=mou.pk).update(status="terminated", ended_at=timezone.now())
    with pytest.raises(NotAllowed):
        feedback.value_measure(measure=one, code="WORKED", by=officer)


def test_same_is_said_once_until_it_is_taken_back(mou, officer):
    one = plan_flows.done(mou)
    given = feedback.value_measure(measure=one, code="WORKED", by=officer)
    with pytest.raises(DomainError, match="already"):
        feedback.value_measure(measure=one, code="WORKED", by=officer)
    fields = {"mou": mou, "measure": one, "code": "WORKED", "given_by": officer}
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.create(**fields)
    feedback.take_back(feedback=given, by=officer)
    feedback.value_measure(measure=one, code="WORKED", by=officer)


@pytest.mark.parametrize(("kind", "code"), [("measure", "CONTROL"), ("training", "X")])
def test_code_of_another_kind_is_refused(mou, officer, kind, code):
    with pytest.raises(DomainError, match="Choose what"):
        give(kind, mou, officer, code)


@pytest.mark.parametrize("about", [{}, {"measure": True, "activity": True}])
def test_database_keeps_feedback_about_one_thing(mou, officer, about):
    made = {"measure": plan_flows.measure(mou), "activity": plan_flows.activity(mou)}
    things = {name: made[name] for name in about}
    with pytest.raises(IntegrityError), transaction.atomic():
        Feedback.objects.create(mou=mou, code="EXAMPLE", given_by=officer, **things)


def test_take_back_is_for_the_giver_and_supervisors(client, mou, officer):
    given = give("measure", mou, officer)
    for by in (UserFactory(caseworker=True), owner(mou), UserFactory(countersigner=True)):
        with pytest.raises(NotAllowed):
            feedback.take_back(feedback=given, by=by)
    desk = at_the_desk(Client(), UserFactory(supervisor=True))
    page = f"/admin/mou/feedback/{given.pk}/"
    assert "Take it back" in desk.get(f"{page}change/").content.decode()
    desk.post(f"{page}take-back/")
    with pytest.raises(NotAllowed):
        feedback.take_back(feedback=given, by=officer)
    client.force_login(owner(mou))
    for part in ("feedback", "plan/measures"):
        shown = client.get(f"/mou/{mou.uuid}/{part}/").content.decode()
        assert "does what it should" not in shown


# --- The sentence ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sentence",
    [
        "We seized it.", "The police came.", "Two suspects.", "Beslaget var stort.",
        "De verdachte is weg.", "Call +46 31 000 00 00.", "Write to a@b.example",
        "See https://x.example", "Container MSKU1234567", "File 2026-114", "plate ABC123",
        "One. Two.", "x" * 161,
    ],
)  # fmt: skip
def test_sentence_that_could_tell_of_a_case_is_refused(mou, officer, sentence):
    one = plan_flows.done(mou)
    with pytest.raises(DomainError, match=r"Leave out|sentence"):
        feedback.value_measure(measure=one, code="WORKED", sentence=sentence, by=officer)
    url = reverse("admin:mou_mou_plan_step", args=[mou.pk, "measures", one.uuid, "feedback"])
    desk = at_the_desk(Client(), officer)
    shown = desk.post(url, {"code": "WORKED", "sentence": sentence})
    assert shown.status_code == 200
    assert not Feedback.objects.exists()


@pytest.mark.parametrize(
    "sentence", ["", "The second check at gate 3 is what we hoped for!", "Grindarna är bra."]
)
def test_plain_sentence_is_kept(mou, officer, sentence):
    assert give("measure", mou, officer, sentence=sentence).sentence == sentence


def test_every_code_has_words_and_something_to_be_said_of():
    for one in feedback_words.words().values():
        assert one.desk
        assert one.firm.endswith(".")
        assert set(one.about) <= {"alert", "measure", "activity", "training"}
        assert len(one.code) <= 20


# --- The desk -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", GIVES)
def test_officer_gives_feedback_from_the_page_of_the_thing(mou, officer, kind):
    made, _act, _name, code = GIVES[kind]
    thing = made(mou)
    at = {
        "alert": f"/admin/mou/alertdelivery/{thing.pk}/",
        "training": f"/admin/mou/attendee/{thing.pk}/",
        "measure": f"/admin/mou/mou/{mou.pk}/plan/measures/{thing.uuid}/",
        "activity": f"/admin/mou/mou/{mou.pk}/plan/activities/{thing.uuid}/",
    }[kind]
    desk = at_the_desk(Client(), officer)
    page = f"/admin/mou/mou/{mou.pk}/plan/{'activities' if kind == 'activity' else 'measures'}/"
    page = f"{at}change/" if kind in ("alert", "training") else page
    assert f"{at}feedback/" in desk.get(page).content.decode()
    assert desk.get(f"{at}feedback/").status_code == 200
    assert desk.post(f"{at}feedback/", {"code": code}).status_code == 302
    assert Feedback.objects.get().about == kind


def test_figures_count_what_was_said(mou, officer):
    give("measure", mou, officer)
    taken = give("activity", mou, officer)
    feedback.take_back(feedback=taken, by=officer)
    [table] = [one for one in figures.count().tables if one.code == "feedback"]
    assert {cell.label: cell.shown for cell in table.cells if cell.shown} == {
        "The measure worked": 1
    }


def test_pages_take_a_fixed_number_of_queries(client, mou, officer, django_assert_max_num_queries):
    client.force_login(owner(mou))
    for _round in range(2):
        for _number in range(3):
            give("measure", mou, officer)
        for part in ("feedback", "plan/measures"):
            with django_assert_max_num_queries(12):
                client.get(f"/mou/{mou.uuid}/{part}/")


def test_value_a_measure_as_it_is_now_and_not_as_the_page_showed_it(mou, officer):
    shown = plan_flows.agreed(mou)
    measures.report_measure(measure=shown, proof="Since Monday.", by=plan_flows.owner(mou))
    assert feedback.value_measure(measure=shown, code="WORKED", by=officer)


def test_feedback_on_training_is_to_who_came_as_it_is_known_now(mou, officer):
    shown = came(mou)
    training.record_attendance(training=shown.training, present=set(), by=officer)
    with pytest.raises(NotAllowed):
        feedback.value_training(attendee=shown, code="TOOK_PART", by=officer)
