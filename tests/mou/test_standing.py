"""Whether an agreement applies: suspended, put in force again, resting on something else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from mou.actions import standing, trust
from mou.lifecycle import MouStatus, ReviewStatus
from mou.models import (
    Basis,
    Review,
    ReviewCause,
    Suspension,
    SuspensionCause,
)
from portal.errors import DomainError
from tests.factories import OrganisationFactory, UserFactory
from tests.mou import flows
from tests.mou.living import (
    WHY,
    again,
    in_force,
    reinstate_trust,
    stands,
    suspend,
    told,
)

pytestmark = pytest.mark.django_db
VERBS = ("suspend_for_cause", "give_notice", "propose_termination")
FIELDS = ("reason", "until", "basis", "trust_status")


@pytest.fixture
def officer():
    return UserFactory(caseworker=True)


@pytest.fixture
def supervisor():
    return UserFactory(supervisor=True)


# --- Suspension: acceptance test 25 -----------------------------------------------------------


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


# --- What it rests on -------------------------------------------------------------------------


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
