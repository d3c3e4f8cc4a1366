"""Two people at the same moment: one is first, the other is told, and nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from mou.actions import (
    amendments,
    applying,
    life,
    naming,
    publicity,
    reviews,
    signatures,
    standing,
    surveys,
    ways_in,
)
from mou.models import (
    Amendment,
    FlowSurvey,
    FurtherSignatory,
    HistoryEntry,
    Interest,
    Listing,
    Mou,
    MouOffer,
    Notice,
    Party,
    Review,
    Suspension,
)
from portal.errors import DomainError
from portal.models import Organisation, OutboxMessage
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.mou import flows, living, together_flows
from tests.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "The yard was left open."


def both(work: Callable[[], Any]) -> int:
    """How many of two at once got through; the other was told why not."""

    def one() -> bool:
        try:
            work()
        except DomainError:
            return False
        return True

    return sum(in_threads(2, one))


@pytest.fixture
def mou() -> Mou:
    return living.in_force()


def events(mou: Mou, event: str) -> int:
    return HistoryEntry.objects.filter(target_id=str(mou.pk), event=event).count()


def test_open_an_amendment_twice_at_once_opens_one(mou):
    by = UserFactory(caseworker=True)
    work = lambda: amendments.open_amendment(mou=mou, kind="amendment", reason=WHY, by=by)  # noqa: E731
    assert both(work) == 1
    assert Amendment.objects.count() == events(mou, "amendment_opened") == 1


def test_give_notice_from_both_sides_at_once_gives_one(mou):
    people = [living.owner(mou), UserFactory(caseworker=True)]
    assert both(lambda: life.give_notice(mou=mou, reason=WHY, by=people.pop())) == 1
    assert Notice.objects.count() == events(mou, "notice_given") == 1


def test_suspend_twice_at_once_suspends_once(mou):
    by = UserFactory(caseworker=True)
    assert both(lambda: standing.suspend_for_cause(mou=mou, reason=WHY, until=None, by=by)) == 1
    assert Suspension.objects.count() == Review.objects.count() == events(mou, "suspended") == 1


def test_approve_a_termination_while_it_is_refused_does_one(mou):
    life.propose_termination(mou=mou, reason=WHY, by=UserFactory(caseworker=True))
    by = UserFactory(supervisor=True)
    verbs = [life.approve_termination, life.refuse_termination]
    assert both(lambda: verbs.pop()(mou=mou, by=by)) == 1


def test_clock_and_clock_end_an_agreement_once(mou):
    Mou.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    in_threads(2, lambda: life.expire(mou=mou))
    assert events(mou, "expired") == 1
    assert OutboxMessage.objects.filter(key__startswith="mou.expired:").count() == 1


def test_close_a_review_twice_at_once_closes_it_once(mou):
    review = Review.objects.create(mou=mou, cause="yearly", due_on=timezone.localdate())
    by = UserFactory(caseworker=True)

    def work():
        reviews.close_review(review=review, minutes="Well.", outcome="continue", by=by)

    assert both(work) == 1
    assert events(mou, "review_closed") == 1


def test_begin_a_survey_twice_at_once_begins_one(mou):
    by = living.owner(mou)
    in_threads(2, lambda: surveys.begin_survey(mou=mou, by=by))
    assert FlowSurvey.objects.count() == events(mou, "survey_begun") == 1


def test_agree_to_be_named_twice_at_once_is_one_leave(mou):
    by = living.owner(mou)
    in_threads(2, lambda: publicity.publish(mou=mou, by=by))
    assert Listing.objects.count() == events(mou, "publicity_agreed") == 1


def test_two_signatories_at_once_sign_one_after_the_other(trust_service):
    cast = together_flows.sealed()
    first, second, _third = waiting = together_flows.people(cast.agreement)
    said = {one.pk: together_flows.declaration(cast, one) for one in waiting}
    version, pressing = cast.version, [first, second]

    def press():
        by = pressing.pop()
        signatures.sign(version=version, declaration=said[by.pk], by=by)

    assert both(press) == 1
    made = version.signatures.get()
    applying.apply_signature(signature=made)
    together_flows.sign(cast, second if made.signer == first else first)
    assert signatures.is_stamped(cast.version, Party.BUSINESS)


def test_name_one_signatory_twice_at_once_names_one():
    cast = together_flows.named(0)
    place = MembershipFactory(organisation=cast.organisation, signatory=True)

    def work():
        naming.add_signatory(mou=cast.mou, signatory=place, function="Chair", by=cast.owner)

    assert both(work) == 1
    assert FurtherSignatory.objects.count() == events(cast.agreement, "signatory_added") == 1


def test_accept_two_requests_of_one_firm_at_once_makes_one_firm_and_one_offer():
    told = living.TOLD | {"eori": "FI1234567-8"}
    both_of = [ways_in.express_interest(told=told, language="en") for _number in range(2)]
    by, programme = UserFactory(caseworker=True), flows.programme()

    def work():
        ways_in.accept_interest(
            interest=both_of.pop(), programme=programme, contact_source="Called", by=by
        )

    assert both(work) == 1
    assert Organisation.objects.count() == MouOffer.objects.count() == 1
    assert Interest.objects.filter(status="accepted").count() == 1


@pytest.mark.parametrize("known", [True, False])
def test_two_officers_invite_one_firm_at_once_and_the_second_reads_who_was_first(known):
    told = {"legal_name": "Quay AB", "country": "SE", "national_id": "5560001111", "eori": ""}
    if known:
        OrganisationFactory(**told)
    officers = [UserFactory(caseworker=True) for _number in range(2)]
    waiting, said = list(officers), []

    def work():
        by = waiting.pop()
        try:
            ways_in.reach_out(
                firm=told,
                programme=flows.programme(),
                email="office@quay.example",
                source="Called",
                reason=WHY,
                by=by,
            )
        except DomainError as error:
            said.append(str(error))
            raise

    flows.programme()
    assert both(work) == 1
    made = MouOffer.objects.get()
    assert said[0].startswith(f"{made.created_by} was first: Quay AB has an offer already")
