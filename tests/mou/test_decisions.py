"""Decided on one day, in effect on another; one part left of two; as if never granted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from mou.actions import clock, decisions, trust
from mou.lifecycle import MouStatus
from mou.models import StatusEvent, TrustDecision
from portal.errors import DomainError, NotAllowed
from tests.factories import OrganisationFactory, UserFactory
from tests.mou import flows
from tests.mou.living import again, in_force
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return UserFactory(caseworker=True)


def record(verb, status, officer, *, days=0, component="S", decided=0):
    today = timezone.localdate()
    return trust.record(
        verb=verb,
        status=status,
        component=component,
        decided_on=today + timedelta(days=decided),
        effective_on=today + timedelta(days=days),
        reason="Decision 12",
        by=officer,
    )


def test_decide_a_suspension_ahead_leaves_the_agreement_until_its_day(officer, time_machine):
    mou = in_force()
    record("suspend", mou.trust_status, officer, days=5)
    assert clock.lead("apply_decision") == 0
    assert again(mou).status == MouStatus.IN_FORCE
    time_machine.move_to(timezone.now() + timedelta(days=5))
    assert clock.lead("apply_decision") == 1
    assert again(mou).status == MouStatus.SUSPENDED
    event = StatusEvent.objects.get(kind="suspended")
    assert event.effective_on - event.decided_on == timedelta(days=5)
    assert event.recorded_by == officer
    assert clock.lead("apply_decision") == 0


def test_decide_the_same_twice_is_refused(officer):
    status = flows.trust_status(OrganisationFactory())
    record("revoke", status, officer, days=5)
    with pytest.raises(DomainError, match="already"):
        record("revoke", status, officer, days=6)


def test_decide_what_no_longer_fits_on_its_day_is_left_to_an_officer(officer, time_machine):
    status = flows.trust_status(OrganisationFactory(), "S")
    record("suspend", status, officer, days=5)
    record("revoke", status, officer)
    time_machine.move_to(timezone.now() + timedelta(days=5))
    clock.offer_due()
    assert "does not fit" in TrustDecision.objects.get().obstacle
    status.refresh_from_db()
    assert status.security == "revoked"


def test_drop_decision_takes_it_back_before_its_day(officer, time_machine):
    status = flows.trust_status(OrganisationFactory())
    record("suspend", status, officer, days=5)
    decision = TrustDecision.objects.get()
    decisions.drop_decision(decision=decision, by=officer)
    time_machine.move_to(timezone.now() + timedelta(days=5))
    assert clock.lead("apply_decision") == 0
    with pytest.raises(DomainError, match="taken back"):
        decisions.drop_decision(decision=decision, by=officer)


def test_drop_decision_is_a_caseworkers(officer):
    record("suspend", flows.trust_status(OrganisationFactory()), officer, days=5)
    with pytest.raises(NotAllowed):
        decisions.drop_decision(
            decision=TrustDecision.objects.get(), by=UserFactory(supervisor=True)
        )


@pytest.mark.parametrize(("days", "decided"), [(400, 0), (0, 1)])
def test_decide_on_a_day_that_cannot_be_is_refused(officer, days, decided):
    with pytest.raises(DomainError, match="day"):
        record(
            "suspend",
            flows.trust_status(OrganisationFactory()),
            officer,
            days=days,
            decided=decided,
        )


@pytest.mark.parametrize(
    ("kept", "status"), [("S", MouStatus.IN_FORCE), ("C", MouStatus.SUSPENDED)]
)
def test_downgrade_keeps_one_part_and_the_agreement_that_rests_on_it(officer, kept, status):
    mou = in_force()
    assert mou.required_component == "S"
    record("downgrade", mou.trust_status, officer, component=kept)
    found = again(mou)
    assert found.status == status
    assert (found.trust_status.type, found.trust_status.number[5]) == (kept, kept)
    assert StatusEvent.objects.get(kind="downgraded").component == kept


def test_downgrade_of_one_part_is_refused(officer):
    with pytest.raises(DomainError, match="does not fit"):
        record("downgrade", flows.trust_status(OrganisationFactory(), "S"), officer)


def test_downgrade_to_a_number_that_exists_is_refused(officer):
    status = flows.trust_status(OrganisationFactory())
    other = flows.trust_status(OrganisationFactory(), "C")
    other.number = status.number.replace("AEOF", "AEOC")
    other.save()
    with pytest.raises(DomainError, match="already"):
        record("downgrade", status, officer, component="C")


def test_annul_counts_from_the_day_of_the_grant(officer):
    mou = in_force()
    record("annul", mou.trust_status, officer, component="F", days=-300)
    found = again(mou)
    assert found.status == MouStatus.SUSPENDED
    assert found.trust_status.simplifications == found.trust_status.security == "annulled"
    with pytest.raises(DomainError, match="does not fit"):
        record("reinstate", found.trust_status, officer)


def test_decision_that_clashes_holds_up_no_other_and_is_shown(officer, time_machine, client):
    status, other = (flows.trust_status(OrganisationFactory()) for _each in range(2))
    record("downgrade", status, officer, days=5, component="C")
    record("suspend", other, officer, days=5, component="F")
    clash = flows.trust_status(OrganisationFactory(), "C")
    clash.number = status.number.replace("AEOF", "AEOC")
    clash.save()
    time_machine.move_to(timezone.now() + timedelta(days=5))
    clock.offer_due()
    assert "already" in TrustDecision.objects.held_up().get().obstacle
    status.refresh_from_db()
    assert status.type == "F"
    page = at_the_desk(client, officer).get("/admin/mou/truststatus/?decision=held_up")
    assert status.number in page.content.decode()
    assert other.number not in page.content.decode()
    assert "Decisions that could not take effect" in client.get("/admin/").content.decode()
