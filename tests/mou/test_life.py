"""An agreement in force: who may do what to it, at its pages and at the desk."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mou.actions import life, standing
from mou.lifecycle import MouStatus
from mou.models import (
    Basis,
    Mou,
    Notice,
    Review,
)
from mou.models.agreements import ENDED
from portal.errors import InvalidTransition, NotAllowed
from tests.factories import MembershipFactory, UserFactory
from tests.mou.living import (
    FIRM,
    STAFF,
    WHY,
    again,
    in_force,
    owner,
    person,
    suspend,
)
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
VERBS = ("suspend_for_cause", "give_notice", "propose_termination")
FIELDS = ("reason", "until", "basis", "trust_status")


@pytest.fixture
def officer():
    return UserFactory(caseworker=True)


@pytest.fixture
def supervisor():
    return UserFactory(supervisor=True)


# --- Every status, every verb, every role -----------------------------------------------------

MAY = {
    "suspend_for_cause": {"caseworker"},
    "rebase": {"caseworker"},
    "give_notice": {"caseworker", "owner"},
    "take_notice_back": {"owner"},
    "propose_termination": {"caseworker"},
    "approve_termination": {"supervisor"},
    "refuse_termination": {"supervisor"},
}
NEEDS = {
    "take_notice_back": lambda mou: Notice.objects.create(
        mou=mou, party="business", reason=WHY, given_by=owner(mou), last_day=date(2030, 1, 1)
    ),
    "approve_termination": lambda mou: Notice.objects.create(
        mou=mou, party="administration", reason=WHY, given_by=UserFactory(caseworker=True)
    ),
}
NEEDS["refuse_termination"] = NEEDS["approve_termination"]
DOES = {
    "suspend_for_cause": lambda mou, by: standing.suspend_for_cause(
        mou=mou, reason=WHY, until=None, by=by
    ),
    "rebase": lambda mou, by: standing.rebase(mou=mou, basis=Basis.INTEREST, reason=WHY, by=by),
    "give_notice": lambda mou, by: life.give_notice(mou=mou, reason=WHY, by=by),
    "take_notice_back": lambda mou, by: life.take_notice_back(mou=mou, by=by),
    "propose_termination": lambda mou, by: life.propose_termination(mou=mou, reason=WHY, by=by),
    "approve_termination": lambda mou, by: life.approve_termination(mou=mou, by=by),
    "refuse_termination": lambda mou, by: life.refuse_termination(mou=mou, by=by),
}
ALIVE = {MouStatus.IN_FORCE, MouStatus.SUSPENDED}


@pytest.mark.parametrize("role", [*STAFF, *FIRM])
@pytest.mark.parametrize("verb", MAY)
def test_verb_is_for_some_roles_only(verb, role):
    mou = in_force()
    NEEDS.get(verb, lambda mou: None)(mou)
    if role in MAY[verb]:
        DOES[verb](mou, person(mou, role))
        return
    with pytest.raises(NotAllowed):
        DOES[verb](mou, person(mou, role))
    assert again(mou).status == MouStatus.IN_FORCE


@pytest.mark.parametrize("status", MouStatus.values)
@pytest.mark.parametrize("verb", MAY)
def test_verb_is_for_some_statuses_only(verb, status):
    mou = in_force()
    NEEDS.get(verb, lambda mou: None)(mou)
    ended = {"ended_at": timezone.now()} if status in ENDED else {}
    Mou.objects.filter(pk=mou.pk).update(status=status, **ended)
    by = person(mou, next(iter(MAY[verb])))
    if status in ALIVE:
        DOES[verb](mou, by)
        return
    with pytest.raises(InvalidTransition):
        DOES[verb](mou, by)
    assert again(mou).status == status


# --- Pages ------------------------------------------------------------------------------------


def test_firm_gives_notice_and_takes_it_back_on_its_pages(client):
    mou = in_force()
    client.force_login(owner(mou))
    page = reverse("mou:give_notice", args=[mou.uuid])
    assert "Give notice of the agreement" in client.get(page).content.decode()
    empty = client.post(page, {"reason": " "}).content.decode()
    assert "Error" in empty
    shown = client.post(page, {"reason": WHY}, follow=True).content.decode()
    assert "The last day of the agreement is" in shown
    assert WHY in shown
    back = reverse("mou:take_notice_back", args=[mou.uuid])
    assert "goes on" in client.post(back, follow=True).content.decode()


def test_firm_answers_a_review_that_waits_on_its_front_page(client):
    mou = in_force()
    review = Review.objects.create(mou=mou, cause="yearly", due_on=date(2027, 1, 1))
    client.force_login(owner(mou))
    page = reverse("mou:answer_review", args=[mou.uuid, review.uuid])
    assert page in client.get("/mou/").content.decode()
    shown = client.post(page, {"answer": "Two drills."}, follow=True).content.decode()
    assert "Two drills." in shown
    assert page not in client.get("/mou/").content.decode()


@pytest.mark.parametrize("verb", VERBS)
def test_officer_uses_a_verb_with_its_reason(client, officer, verb):
    mou = in_force()
    desk = at_the_desk(client, officer)
    page = reverse(f"admin:mou_mou_{verb}", args=[mou.pk])
    assert page in desk.get(reverse("admin:mou_mou_change", args=[mou.pk])).content.decode()
    assert "errorlist" in desk.post(page, {"reason": ""}).content.decode()
    shown = desk.post(page, {"reason": WHY}, follow=True).content.decode()
    assert WHY in shown


def test_officer_closes_a_review_and_rebases(client, officer):
    mou = in_force()
    suspend(mou, officer)
    review = Review.objects.get()
    desk = at_the_desk(client, officer)
    desk.post(reverse("admin:mou_mou_rebase", args=[mou.pk]), {"basis": "interest", "reason": WHY})
    assert again(mou).basis == Basis.INTEREST
    page = reverse("admin:mou_mou_close_review", args=[mou.pk, review.pk])
    desk.post(page, {"minutes": "Rests on interest now.", "outcome": "continue"})
    shown = desk.get(reverse("admin:mou_mou_change", args=[mou.pk])).content.decode()
    assert "Rests on interest now." in shown


def test_supervisor_decides_on_the_page(client, officer, supervisor):
    mou = in_force()
    life.propose_termination(mou=mou, reason=WHY, by=officer)
    desk = at_the_desk(client, supervisor)
    assert "decide" in desk.get("/admin/").content.decode()
    assert WHY in desk.get(reverse("admin:mou_mou_change", args=[mou.pk])).content.decode()
    desk.post(reverse("admin:mou_mou_approve_termination", args=[mou.pk]))
    assert again(mou).status == MouStatus.TERMINATED


@pytest.mark.parametrize("code", ["review", "ending", "notice", "terminate"])
def test_queue_holds_what_waits(client, officer, supervisor, code):
    mou = in_force(ends_on=timezone.localdate() + timedelta(days=80))
    Review.objects.create(mou=mou, cause="yearly", due_on=timezone.localdate())
    life.give_notice(mou=mou, reason=WHY, by=officer)
    life.propose_termination(mou=mou, reason=WHY, by=officer)
    other = in_force()
    reader = supervisor if code == "terminate" else officer
    desk = at_the_desk(client, reader)
    page = desk.get(reverse("admin:mou_mou_changelist"), {"waits": code}).content.decode()
    assert mou.number in page
    assert other.number not in page


def test_pages_of_another_firm_are_not_found(client):
    mou = in_force()
    review = Review.objects.create(mou=mou, cause="yearly", due_on=date(2027, 1, 1))
    client.force_login(MembershipFactory(role="owner").user)
    for name in ("timeline", "timeline_csv", "reviews", "give_notice", "take_notice_back"):
        assert client.post(reverse(f"mou:{name}", args=[mou.uuid])).status_code == 404
    page = reverse("mou:answer_review", args=[mou.uuid, review.uuid])
    assert client.post(page, {"answer": "x"}).status_code == 404


def test_review_of_another_agreement_is_not_found(client):
    mou, other = in_force(), in_force()
    review = Review.objects.create(mou=other, cause="yearly", due_on=date(2027, 1, 1))
    client.force_login(owner(mou))
    page = reverse("mou:answer_review", args=[mou.uuid, review.uuid])
    assert client.post(page, {"answer": "x"}).status_code == 404


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(
    data=st.dictionaries(st.sampled_from(["reason", "until", "basis", "trust_status"]), st.text())
)
@pytest.mark.parametrize(
    "verb", ["suspend_for_cause", "give_notice", "rebase", "propose_termination"]
)
def test_anything_typed_at_the_desk_is_answered(client, officer, verb, data):
    mou = in_force()
    desk = at_the_desk(client, officer)
    answer = desk.post(reverse(f"admin:mou_mou_{verb}", args=[mou.pk]), data)
    assert answer.status_code in (200, 302)
