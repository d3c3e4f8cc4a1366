"""What a firm does: said by its owner, and found by alerts for its trade."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from mou.actions import organisations, ways_in
from mou.models import AlertDelivery, Mou
from portal import reference_files
from portal.errors import DomainError, NotAllowed
from portal.models import AuditEvent
from tests.factories import MembershipFactory, UserFactory
from tests.mou import alert_flows, flows
from tests.mou.living import TOLD, in_force, owner
from tests.people import with_codes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lists():
    reference_files.load()


def as_(user) -> Client:
    client = Client()
    client.force_login(with_codes(user))
    return client


def page(mou: Mou) -> str:
    return reverse("mou:state_roles", args=[mou.organisation.uuid])


def test_state_roles_brings_what_stands_for_the_trade():
    mou = in_force()
    alert = alert_flows.published(audience=["forwarder"])
    flows.deliver_all()
    assert not AlertDelivery.objects.filter(mou=mou).exists()
    as_(owner(mou)).post(page(mou), {"roles": ["forwarder", "warehouse"]})
    flows.deliver_all()
    assert AlertDelivery.objects.filter(mou=mou, alert=alert).exists()
    mou.organisation.refresh_from_db()
    assert sorted(mou.organisation.roles) == ["forwarder", "warehouse"]
    assert AuditEvent.objects.filter(event="roles_stated").count() == 1


def test_state_roles_waits_for_an_owner_until_it_is_done():
    mou = in_force()
    client = as_(owner(mou))
    assert page(mou) in client.get("/mou/").content.decode()
    assert "Say what the firm does" in client.get("/mou/").content.decode()
    organisations.state_roles(organisation=mou.organisation, roles=["forwarder"], by=owner(mou))
    assert "Say what the firm does" not in client.get("/mou/").content.decode()


@pytest.mark.parametrize("roles", [[], ["pirate"], ["forwarder", "pirate"]])
def test_state_roles_takes_only_what_is_on_the_list(roles):
    mou = in_force()
    shown = as_(owner(mou)).post(page(mou), {"roles": roles})
    assert "There is a problem" in shown.content.decode()
    with pytest.raises(DomainError):
        organisations.state_roles(organisation=mou.organisation, roles=roles, by=owner(mou))


@pytest.mark.parametrize("role", ["signatory", "member", "stranger", "officer"])
def test_state_roles_is_the_owners(role):
    mou = in_force()
    person = UserFactory(caseworker=True) if role == "officer" else UserFactory()
    if role in ("signatory", "member"):
        MembershipFactory(organisation=mou.organisation, user=person, role=role)
    with pytest.raises(NotAllowed):
        organisations.state_roles(organisation=mou.organisation, roles=["forwarder"], by=person)
    if role != "officer":
        assert as_(person).get(page(mou)).status_code == 404


def test_accepted_interest_says_what_the_firm_does():
    asked = ways_in.express_interest(told=TOLD, language="en")
    offer = ways_in.accept_interest(
        interest=asked,
        programme=flows.programme(),
        contact_source="Called the number in the trade register",
        by=UserFactory(caseworker=True),
    )
    assert offer.organisation.roles == ["warehouse"]
