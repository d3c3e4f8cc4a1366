"""An agreement in force: suspended, reviewed, rebased, given notice of, ended."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mou import terms
from mou.actions import clock, life, reviews, standing, trust
from mou.lifecycle import MouStatus, ReviewStatus
from mou.models import (
    Basis,
    HistoryEntry,
    Mou,
    Notice,
    Review,
    ReviewCause,
    Suspension,
    SuspensionCause,
)
from mou.models.agreements import ENDED
from portal import outbox
from portal.errors import DomainError, InvalidTransition, NotAllowed
from portal.models import OutboxMessage, Standing
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.mou import flows
from tests.mou.living import in_force, owner
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
VERBS = ("suspend_for_cause", "give_notice", "propose_termination")
FIELDS = ("reason", "until", "basis", "trust_status")
WHY = "The yard was left open for a week."


def again(mou: Mou) -> Mou:
    return Mou.objects.get(pk=mou.pk)


def stands(mou: Mou) -> bool:
    return Standing.objects.get(organisation=mou.organisation).in_force


def told(mou: Mou) -> list[str]:
    found = HistoryEntry.objects.filter(target_type="mou.mou", target_id=str(mou.pk))
    return list(found.order_by("id").values_list("event", flat=True))


@pytest.fixture
def officer():
    return UserFactory(caseworker=True)


@pytest.fixture
def supervisor():
    return UserFactory(supervisor=True)


def suspend(mou: Mou, officer, component: str = "S"):
    day = timezone.localdate()
    return trust.suspend_trust(
        status=mou.trust_status, component=component, effective_on=day, reason=WHY, by=officer
    )


def reinstate_trust(mou: Mou, officer):
    mou.trust_status.refresh_from_db()
    day = timezone.localdate()
    return trust.reinstate_trust(
        status=mou.trust_status, component="S", effective_on=day, reason=WHY, by=officer
    )


# --- Every status, every verb, every role ---------------------------------------------------

STAFF = ("caseworker", "countersigner", "supervisor", "liaison_officer", "system_administrator")
FIRM = ("owner", "signatory", "member", "stranger")
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


def person(mou: Mou, role: str):
    if role in STAFF:
        return UserFactory(**{role: True})
    if role == "owner":
        return owner(mou)
    if role == "stranger":
        return MembershipFactory(role="owner").user
    return MembershipFactory(organisation=mou.organisation, role=role).user


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


# --- Suspension: acceptance test 25 ---------------------------------------------------------


def test_suspend_the_certificate_opens_a_review_and_does_not_end_the_agreement(officer):
    mou = in_force()
    suspend(mou, officer)
    assert again(mou).status == MouStatus.SUSPENDED
    assert not stands(mou)
    review = Review.objects.get(mou=mou)
    assert (review.cause, review.status) == (ReviewCause.SUSPENSION, ReviewStatus.OPEN)
    assert review.due_on == timezone.localdate() + timedelta(days=30)
    assert told(mou) == ["suspended", "review_opened"]


def test_suspend_the_other_half_leaves_the_agreement_alone(officer):
    mou = in_force()
    suspend(mou, officer, "C")
    assert again(mou).status == MouStatus.IN_FORCE
    assert stands(mou)


def test_reinstate_needs_every_cause_to_be_gone(officer):
    mou = in_force()
    standing.suspend_for_cause(mou=mou, reason=WHY, until=None, by=officer)
    suspend(mou, officer)
    causes = set(Suspension.objects.filter(mou=mou, lifted_at=None).values_list("cause", flat=True))
    assert causes == {SuspensionCause.TRUST, SuspensionCause.OFFICER}
    with pytest.raises(DomainError, match="still not valid"):
        standing.reinstate(mou=mou, reason="Seen to", by=officer)
    reinstate_trust(mou, officer)
    assert again(mou).status == MouStatus.SUSPENDED
    standing.reinstate(mou=mou, reason="Seen to", by=officer)
    assert again(mou).status == MouStatus.IN_FORCE
    assert stands(mou)
    assert not Suspension.objects.filter(mou=mou, lifted_at=None).exists()


def test_suspend_for_cause_twice_says_so(officer):
    mou = in_force()
    standing.suspend_for_cause(mou=mou, reason=WHY, until=None, by=officer)
    with pytest.raises(DomainError, match="already"):
        standing.suspend_for_cause(mou=mou, reason=WHY, until=None, by=officer)
    assert Review.objects.filter(mou=mou).count() == 1


@pytest.mark.parametrize("ahead", [0, -1])
def test_suspend_until_a_day_that_has_come_is_refused(officer, ahead):
    mou = in_force()
    until = timezone.localdate() + timedelta(days=ahead)
    with pytest.raises(DomainError, match="future"):
        standing.suspend_for_cause(mou=mou, reason=WHY, until=until, by=officer)


# --- What it rests on -----------------------------------------------------------------------


def test_rebase_lets_a_revoked_certificate_go(officer):
    mou = in_force()
    trust.revoke_trust(
        status=mou.trust_status,
        component="F",
        effective_on=timezone.localdate(),
        reason=WHY,
        by=officer,
    )
    standing.rebase(mou=mou, basis=Basis.OUTREACH, reason="A port of interest", by=officer)
    found = again(mou)
    assert (found.basis, found.trust_status, found.required_component) == ("outreach", None, "")
    assert found.status == MouStatus.SUSPENDED
    standing.reinstate(mou=found, reason="Goes on without", by=officer)
    assert stands(mou)


def test_rebase_onto_another_certificate_takes_the_half_that_holds(officer):
    mou = in_force()
    other = flows.trust_status(OrganisationFactory(), "C")
    other.organisation = mou.organisation
    other.save()
    standing.rebase(
        mou=mou, basis=Basis.TRUST_STATUS, trust_status=other, reason="New one", by=officer
    )
    assert again(mou).required_component == "C"
    suspend(mou, officer)
    assert again(mou).status == MouStatus.IN_FORCE


@pytest.mark.parametrize(("basis", "whose"), [("trust_status", "none"), ("interest", "own")])
def test_rebase_names_a_certificate_only_where_it_rests_on_one(officer, basis, whose):
    mou = in_force()
    status = mou.trust_status if whose == "own" else None
    with pytest.raises(DomainError):
        standing.rebase(mou=mou, basis=basis, trust_status=status, reason=WHY, by=officer)


def test_rebase_onto_the_certificate_of_another_firm_is_refused(officer):
    mou = in_force()
    other = flows.trust_status(OrganisationFactory())
    with pytest.raises(DomainError, match="of this firm"):
        standing.rebase(
            mou=mou, basis=Basis.TRUST_STATUS, trust_status=other, reason=WHY, by=officer
        )


# --- Notice ---------------------------------------------------------------------------------


def test_notice_runs_and_then_ends_the_agreement(time_machine):
    time_machine.move_to("2026-03-02T10:00:00Z", tick=False)
    mou = in_force()
    notice = life.give_notice(mou=mou, reason=WHY, by=owner(mou))
    assert notice.last_day == date(2026, 5, 31)
    for day, status in [
        ("2026-05-31T21:00:00Z", "in_force"),
        ("2026-06-01T06:00:00Z", "terminated"),
    ]:
        time_machine.move_to(day, tick=False)
        clock.lead_on()
        clock.lead_on()
        assert again(mou).status == status
        assert stands(mou) == (status == "in_force")
    assert again(mou).end_reason == WHY
    assert told(mou) == ["notice_given", "terminated"]


def test_notice_taken_back_lets_the_agreement_go_on(time_machine):
    time_machine.move_to("2026-03-02T10:00:00Z", tick=False)
    mou = in_force()
    life.give_notice(mou=mou, reason=WHY, by=owner(mou))
    life.take_notice_back(mou=mou, by=owner(mou))
    time_machine.move_to("2027-01-01T10:00:00Z", tick=False)
    clock.lead_on()
    assert again(mou).status == MouStatus.IN_FORCE


def test_notice_is_taken_back_by_the_side_that_gave_it(officer):
    mou = in_force()
    life.give_notice(mou=mou, reason=WHY, by=officer)
    with pytest.raises(NotAllowed):
        life.take_notice_back(mou=mou, by=owner(mou))
    life.take_notice_back(mou=mou, by=officer)


def test_notice_is_given_once(officer):
    mou = in_force()
    life.give_notice(mou=mou, reason=WHY, by=owner(mou))
    with pytest.raises(DomainError, match="already"):
        life.give_notice(mou=mou, reason=WHY, by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.create(
            mou=mou, party="business", reason=WHY, given_by=officer, last_day=date(2030, 1, 1)
        )


def test_terminate_at_once_needs_a_second_person(officer, supervisor):
    mou = in_force()
    both = UserFactory(caseworker=True, supervisor=True)
    life.propose_termination(mou=mou, reason=WHY, by=both)
    with pytest.raises(NotAllowed):
        life.approve_termination(mou=mou, by=both)
    life.approve_termination(mou=mou, by=supervisor)
    assert again(mou).status == MouStatus.TERMINATED
    assert not stands(mou)


def test_firm_is_not_told_of_a_termination_that_was_only_considered(officer, supervisor, client):
    mou = in_force()
    life.propose_termination(mou=mou, reason="A secret suspicion", by=officer)
    life.refuse_termination(mou=mou, by=supervisor)
    life.propose_termination(mou=mou, reason="A secret suspicion", by=officer)
    assert told(mou) == []
    client.force_login(owner(mou))
    for name in ("agreement", "timeline", "reviews", "timeline_csv"):
        page = client.get(reverse(f"mou:{name}", args=[mou.uuid])).content.decode()
        assert "secret" not in page
    outbox.deliver_open()
    to_firm = OutboxMessage.objects.filter(task="mou.send_mail", payload__user_id=owner(mou).pk)
    assert not to_firm.exists()


def test_end_closes_what_is_open(officer, supervisor):
    mou = in_force()
    suspend(mou, officer)
    life.propose_termination(mou=mou, reason=WHY, by=officer)
    life.approve_termination(mou=mou, by=supervisor)
    assert Review.objects.get(mou=mou).status == ReviewStatus.CLOSED
    assert not Suspension.objects.filter(mou=mou, lifted_at=None).exists()


# --- The last day ---------------------------------------------------------------------------


@pytest.mark.parametrize("status", sorted(ALIVE))
def test_expire_after_the_last_day(time_machine, status):
    time_machine.move_to("2026-06-30T20:00:00Z", tick=False)
    mou = in_force(ends_on=date(2026, 6, 30))
    Mou.objects.filter(pk=mou.pk).update(status=status)
    clock.lead_on()
    assert again(mou).status == status
    time_machine.move_to("2026-07-01T06:00:00Z", tick=False)
    clock.lead_on()
    clock.lead_on()
    assert again(mou).status == MouStatus.EXPIRED
    assert not stands(mou)
    assert told(mou) == ["expired"]


@pytest.mark.parametrize(
    ("left", "step"),
    [
        *((120, None), (91, None), (90, 90), (61, 90), (60, 60), (31, 60)),
        *((30, 30), (8, 30), (7, 7), (1, 7), (0, 7), (-1, None)),
    ],
)
def test_reminder_is_the_latest_that_has_come(left, step):
    today = date(2027, 11, 30)
    assert terms.reminder(today, today + timedelta(days=left)) == step


def test_remind_before_the_end_once_for_each_step(time_machine):
    mou = in_force(ends_on=date(2028, 3, 31))  # over a leap day and the change of the clocks
    steps = {90: "2028-01-01", 60: "2028-01-31", 30: "2028-03-01", 7: "2028-03-24"}
    for day in ("2027-12-31", *steps.values()):
        time_machine.move_to(f"{day}T09:00:00Z", tick=False)
        clock.lead_on()
        clock.lead_on()
    keys = OutboxMessage.objects.filter(key__startswith=f"mou.ending:{mou.pk}:")
    assert {key.rpartition("-")[2] for key in keys.values_list("key", flat=True)} == {
        str(step) for step in steps
    }
    assert keys.count() == len(steps)


def test_remind_after_an_outage_sends_one_and_not_all(time_machine):
    mou = in_force(ends_on=date(2026, 6, 30))
    time_machine.move_to("2026-06-25T09:00:00Z", tick=False)
    clock.lead_on()
    assert OutboxMessage.objects.filter(key__startswith=f"mou.ending:{mou.pk}:").count() == 1


@pytest.mark.parametrize(
    ("months", "day", "last"),
    [
        (12, date(2026, 3, 1), date(2027, 2, 28)),
        (24, date(2026, 11, 26), date(2028, 11, 25)),
        (12, date(2028, 2, 29), date(2029, 2, 27)),
        (None, date(2026, 3, 1), None),
    ],
)
def test_terms_count_from_the_day_it_is_in_force(months, day, last):
    cast = flows.drafted()
    cast.version.template.months = months
    version = cast.version
    version.template.months = months
    assert terms.of(version, day)[0] == last


def test_archive_sets_the_days(trust_service):
    cast = flows.archived()
    mou = cast.agreement
    assert mou.ends_on is None
    assert mou.next_review_on == terms.of(cast.version, timezone.localdate())[1]


# --- Reviews --------------------------------------------------------------------------------


def test_review_is_opened_before_it_is_due_answered_and_closed(time_machine, officer):
    time_machine.move_to("2026-11-01T09:00:00Z", tick=False)
    mou = in_force(next_review_on=date(2027, 1, 1))
    clock.lead_on()
    assert not Review.objects.exists()
    time_machine.move_to("2026-11-02T09:00:00Z", tick=False)
    clock.lead_on()
    clock.lead_on()
    review = Review.objects.get()
    reviews.answer_review(review=review, answer="Two drills were held.", by=owner(mou))
    reviews.answer_review(review=review, answer="Three drills were held.", by=owner(mou))
    reviews.close_review(review=review, minutes="Goes well.", outcome="continue", by=officer)
    review.refresh_from_db()
    assert (review.answer, review.status) == ("Three drills were held.", ReviewStatus.CLOSED)
    assert again(mou).next_review_on == date(2028, 1, 1)
    clock.lead_on()
    assert Review.objects.count() == 1


def test_review_closed_long_after_it_was_due_counts_from_today(officer, time_machine):
    time_machine.move_to("2028-06-01T09:00:00Z", tick=False)
    mou = in_force(next_review_on=date(2027, 1, 1))
    clock.lead_on()
    review = Review.objects.get()
    reviews.close_review(review=review, minutes="Late.", outcome="continue", by=officer)
    assert again(mou).next_review_on == date(2029, 6, 1)


@pytest.mark.parametrize("role", [*STAFF, *FIRM])
@pytest.mark.parametrize("verb", ["answer", "close"])
def test_review_is_for_some_roles_only(verb, role):
    mou = in_force()
    review = Review.objects.create(mou=mou, cause="yearly", due_on=date(2027, 1, 1))
    by = person(mou, role)

    def does():
        if verb == "answer":
            return reviews.answer_review(review=review, answer="Well.", by=by)
        return reviews.close_review(review=review, minutes="Well.", outcome="continue", by=by)

    if role in {"answer": {"owner", "signatory"}, "close": {"caseworker"}}[verb]:
        does()
        return
    with pytest.raises(NotAllowed):
        does()


def test_review_that_is_closed_stays_as_it_is(officer):
    mou = in_force()
    review = Review.objects.create(mou=mou, cause="yearly", due_on=date(2027, 1, 1))
    reviews.close_review(review=review, minutes="Well.", outcome="continue", by=officer)
    with pytest.raises(InvalidTransition):
        reviews.answer_review(review=review, answer="But", by=owner(mou))
    with pytest.raises(InvalidTransition):
        reviews.close_review(review=review, minutes="x", outcome="end", by=officer)


def test_review_that_was_closed_meanwhile_is_told_on_both_sides(client, officer):
    mou = in_force()
    review = Review.objects.create(mou=mou, cause="yearly", due_on=date(2027, 1, 1))
    reviews.close_review(review=review, minutes="Well.", outcome="continue", by=officer)
    client.force_login(owner(mou))
    page = reverse("mou:answer_review", args=[mou.uuid, review.uuid])
    assert "cannot be done now" in client.post(page, {"answer": "x"}, follow=True).content.decode()
    client.logout()
    desk = at_the_desk(client, officer)
    page = reverse("admin:mou_mou_close_review", args=[mou.pk, review.pk])
    told = desk.post(page, {"minutes": "x", "outcome": "end"}, follow=True).content.decode()
    assert "cannot be done now" in told


# --- Pages ----------------------------------------------------------------------------------


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
