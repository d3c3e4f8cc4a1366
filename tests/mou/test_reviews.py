"""Both sides look at the agreement: opened, answered, closed, once a year."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from mou.actions import clock, reviews
from mou.lifecycle import ReviewStatus
from mou.models import (
    Review,
)
from portal.errors import InvalidTransition, NotAllowed
from portal.models import OutboxMessage
from tests.factories import UserFactory
from tests.mou.living import (
    FIRM,
    STAFF,
    again,
    in_force,
    owner,
    person,
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


# --- Reviews ----------------------------------------------------------------------------------


def test_review_is_opened_before_it_is_due_answered_and_closed(time_machine, officer):
    time_machine.move_to("2026-10-02T09:00:00Z", tick=False)
    mou = in_force(next_review_on=date(2027, 1, 1))
    clock.lead_on()
    assert not Review.objects.exists()
    time_machine.move_to("2026-10-03T09:00:00Z", tick=False)
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


def test_clock_that_comes_by_again_asks_little(time_machine, django_assert_max_num_queries):
    time_machine.move_to("2026-06-02T09:00:00Z", tick=False)
    for _number in range(4):
        in_force(ends_on=date(2026, 6, 30), next_review_on=date(2026, 7, 1))
    clock.lead_on()
    with django_assert_max_num_queries(13):
        clock.lead_on()


def test_review_is_reminded_of_at_every_step(time_machine):
    mou = in_force(next_review_on=date(2027, 1, 1))
    for day in ("2026-10-03", "2026-11-02", "2026-12-02", "2026-12-25"):
        time_machine.move_to(f"{day}T09:00:00Z", tick=False)
        clock.lead_on()
    assert OutboxMessage.objects.filter(key__startswith=f"mou.review_due:{mou.pk}:").count() == 4
