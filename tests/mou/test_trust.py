"""What happens to a certificate, and what follows for agreements."""

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from mou.actions import standing, trust, trust_events
from mou.lifecycle import MouStatus
from mou.models import ComponentState, StatusEvent, TrustStatus
from portal.errors import DomainError, NotAllowed
from portal.models import OutboxMessage, Standing
from tests.factories import OrganisationFactory, UserFactory
from tests.mou import flows

pytestmark = pytest.mark.django_db
VALID, SUSPENDED, REVOKED, NONE = (
    ComponentState.VALID,
    ComponentState.SUSPENDED,
    ComponentState.REVOKED,
    ComponentState.NONE,
)


def change(verb, status, component="S", by=None):
    return verb(
        status=status,
        component=component,
        effective_on=timezone.localdate(),
        reason="Checked",
        by=by or UserFactory(caseworker=True),
    )


@pytest.mark.parametrize(
    ("component", "simplifications", "security"),
    [("C", SUSPENDED, VALID), ("S", VALID, SUSPENDED), ("F", SUSPENDED, SUSPENDED)],
)
def test_suspend_trust_takes_the_half_it_names(component, simplifications, security):
    status = change(trust.suspend_trust, flows.trust_status(OrganisationFactory()), component)
    assert (status.simplifications, status.security) == (simplifications, security)
    assert StatusEvent.objects.get(status=status).component == component


def test_suspend_trust_of_a_half_not_held_is_refused():
    status = flows.trust_status(OrganisationFactory(), "C")
    with pytest.raises(DomainError, match="does not fit"):
        change(trust.suspend_trust, status, "S")


def test_suspend_trust_is_a_caseworkers():
    status = flows.trust_status(OrganisationFactory())
    with pytest.raises(NotAllowed):
        change(trust.suspend_trust, status, by=UserFactory(system_administrator=True))


def test_revoke_trust_ends_what_was_suspended():
    status = change(trust.suspend_trust, flows.trust_status(OrganisationFactory()))
    status = change(trust.revoke_trust, status)
    assert status.security == REVOKED


def test_amend_from_both_to_one_drops_the_other_half():
    status = flows.trust_status(OrganisationFactory())
    status = trust.amend(status=status, type="C", effective_from=status.effective_from, by=None)
    assert (status.simplifications, status.security) == (VALID, NONE)


def test_amend_keeps_a_suspension():
    status = change(trust.suspend_trust, flows.trust_status(OrganisationFactory(), "S"))
    status = trust.amend(status=status, type="F", effective_from=status.effective_from, by=None)
    assert (status.simplifications, status.security) == (VALID, SUSPENDED)


def test_suspend_trust_suspends_the_agreement_that_rests_on_it(trust_service):
    cast = flows.archived()
    change(trust.suspend_trust, cast.offer.trust_status)
    assert cast.agreement.status == MouStatus.SUSPENDED
    assert not Standing.objects.get(organisation=cast.organisation).in_force
    assert OutboxMessage.objects.filter(task="mou.tell", payload__event="suspended").count() == 1


def test_suspend_trust_of_the_other_half_leaves_the_agreement(trust_service):
    cast = flows.archived()
    change(trust.suspend_trust, cast.offer.trust_status, "C")
    assert cast.agreement.status == MouStatus.IN_FORCE


def test_reinstate_waits_for_the_certificate_and_for_an_officer(trust_service):
    cast = flows.archived()
    status = change(trust.suspend_trust, cast.offer.trust_status)
    with pytest.raises(DomainError, match="still not valid"):
        standing.reinstate(mou=cast.agreement, by=cast.caseworker, reason="-")
    change(trust.reinstate_trust, status)
    assert cast.agreement.status == MouStatus.SUSPENDED
    standing.reinstate(mou=cast.agreement, by=cast.caseworker, reason="Certificate valid again")
    assert cast.agreement.status == MouStatus.IN_FORCE
    assert Standing.objects.get(organisation=cast.organisation).in_force


@pytest.mark.parametrize("change_it", ["update", "delete"])
def test_what_happened_is_only_ever_added_to(change_it):
    change(trust.suspend_trust, flows.trust_status(OrganisationFactory()))
    events = StatusEvent.objects.all()
    with pytest.raises(DatabaseError, match="only ever added to"), transaction.atomic():
        events.delete() if change_it == "delete" else events.update(reason="Another")
    assert StatusEvent.objects.get().reason == "Checked"


@pytest.mark.parametrize(
    ("worth", "verb", "components"),
    [
        (("valid", "valid"), "suspend", ["C", "S", "F"]),
        (("valid", "suspended"), "suspend", ["C"]),
        (("none", "suspended"), "reinstate", ["S"]),
        (("valid", "revoked"), "reinstate", []),
        (("suspended", "valid"), "revoke", ["C", "S", "F"]),
    ],
)
def test_components_are_those_that_the_verb_fits(worth, verb, components):
    status = TrustStatus(simplifications=worth[0], security=worth[1])
    assert trust_events.components_for(verb, status) == components


def test_suspend_trust_needs_a_reason():
    status = flows.trust_status(OrganisationFactory())
    with pytest.raises(DomainError, match="reason"):
        trust.suspend_trust(
            status=status,
            component="S",
            effective_on=timezone.localdate(),
            reason=" ",
            by=UserFactory(caseworker=True),
        )
