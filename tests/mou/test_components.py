"""The part of the certificate that an offer names: by the rule, by an officer, by the register."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone

from mou import components
from mou.actions import agreements, offers, trust
from mou.actions.components import change_component
from mou.lifecycle import OfferStatus
from mou.models import Basis, MouOffer
from portal.errors import DomainError, InvalidTransition, NotAllowed
from portal.models import AuditEvent
from tests.factories import OrganisationFactory, UserFactory
from tests.mou import flows
from tests.people import at_the_desk, with_codes

pytestmark = pytest.mark.django_db
WHY = "The yard is outside the scope of the security half."


@pytest.fixture
def officer():
    return UserFactory(caseworker=True)


def made(kind="F", email="", **states):
    """An offer as it follows on a certificate of this type."""
    firm = OrganisationFactory()
    status = flows.trust_status(firm, kind)
    for field, state in states.items():
        setattr(status, field, state)
    status.save()
    return offers.offer(
        organisation=firm,
        programme=flows.programme(),
        basis=Basis.TRUST_STATUS,
        trust_status=status,
        contact_email=email,
        contact_source="register import" if email else "",
        by=None,
    )


def rule(code):
    found = flows.programme()
    found.component_rule = code
    found.save()


def happens(verb, offer, component):
    trust.record(
        verb=verb,
        status=offer.trust_status,
        component=component,
        effective_on=timezone.localdate(),
        reason="Decision 26-7",
        by=UserFactory(caseworker=True),
    )
    offer.refresh_from_db()


@pytest.mark.parametrize(
    ("code", "kind", "named"),
    [
        ("SC", "F", "S"),
        ("SC", "C", "C"),
        ("CS", "F", "C"),
        ("CS", "S", "S"),
        ("S", "F", "S"),
        ("S", "C", ""),
        ("C", "S", ""),
        ("none", "F", ""),
    ],
)
def test_offer_names_the_part_that_the_rule_of_the_programme_says(code, kind, named):
    rule(code)
    assert made(kind).required_component == named


def test_offer_names_a_part_that_is_valid_before_one_that_is_suspended():
    assert made(security="suspended").required_component == "C"
    assert made("S", security="suspended").required_component == "S"


def test_offer_without_a_certificate_names_none():
    assert components.required(flows.programme(), None) == ""


def test_the_database_refuses_a_part_without_a_certificate():
    cast = flows.offered(trusted=False)
    with pytest.raises(IntegrityError, match="mouoffer_component"), transaction.atomic():
        MouOffer.objects.filter(pk=cast.offer.pk).update(required_component="S")


def test_accept_takes_the_part_over_that_the_offer_names(officer):
    cast = flows.offered()
    change_component(offer=cast.offer, component="C", reason=WHY, by=officer)
    assert agreements.accept(offer=cast.offer, by=cast.owner).required_component == "C"


def test_change_component_tells_the_firm_that_has_the_offer(officer):
    cast = flows.offered()
    change_component(offer=cast.offer, component="", reason=WHY, by=officer)
    flows.deliver_all()
    assert [one.to for one in mail.outbox] == [[cast.owner.email]]
    assert "requires no particular part" in mail.outbox[0].body
    recorded = AuditEvent.objects.get(event="component_changed")
    assert (recorded.reason, recorded.facts["component"]) == (WHY, "")


def test_change_component_writes_to_the_address_of_a_firm_without_accounts(officer):
    offer = made(email="first@business.example")
    flows.deliver_all()
    mail.outbox.clear()
    for part in ("C", "S"):
        change_component(offer=offer, component=part, reason=WHY, by=officer)
    flows.deliver_all()
    letters = {one.extra_headers["Message-ID"] for one in mail.outbox}
    assert (len(letters), mail.outbox[0].to) == (2, ["first@business.example"])


def test_change_component_before_the_offer_is_sent_tells_nobody(officer):
    offer = change_component(offer=made(), component="C", reason=WHY, by=officer)
    flows.deliver_all()
    assert (offer.required_component, mail.outbox) == ("C", [])


@pytest.mark.parametrize("role", ["supervisor", "countersigner", "liaison_officer"])
def test_change_component_is_a_caseworkers(role):
    with pytest.raises(NotAllowed):
        change_component(offer=made(), component="C", reason=WHY, by=UserFactory(**{role: True}))


@pytest.mark.parametrize(
    ("kind", "part", "reason", "said"),
    [
        ("C", "S", WHY, "that this certificate has"),
        ("F", "S", WHY, "already"),
        ("F", "C", "  ", "reason"),
    ],
)
def test_change_component_says_what_does_not_fit(officer, kind, part, reason, said):
    with pytest.raises(DomainError, match=said):
        change_component(offer=made(kind), component=part, reason=reason, by=officer)


def test_change_component_after_the_answer_is_refused(officer):
    cast = flows.accepted()
    with pytest.raises(InvalidTransition):
        change_component(offer=cast.offer, component="C", reason=WHY, by=officer)


def test_revoke_the_named_part_lets_the_offer_name_the_other():
    offer = made()
    happens("revoke", offer, "S")
    assert (offer.required_component, offer.status) == ("C", OfferStatus.UNSENT)
    assert AuditEvent.objects.get(event="component_changed").target_id == str(offer.pk)


@pytest.mark.parametrize(("verb", "component"), [("suspend", "S"), ("revoke", "F")])
def test_offer_goes_on_naming_a_part_that_may_come_back_or_when_none_is_left(verb, component):
    offer = made()
    happens(verb, offer, component)
    assert offer.required_component == "S"


def test_downgrade_lets_an_accepted_offer_be():
    cast = flows.accepted()
    happens("downgrade", cast.offer, "C")
    assert cast.offer.required_component == "S"


def test_offer_of_no_part_is_accepted_while_any_half_is_valid(officer):
    cast = flows.offered()
    change_component(offer=cast.offer, component="", reason=WHY, by=officer)
    happens("suspend", cast.offer, "F")
    with pytest.raises(DomainError, match="not valid now"):
        agreements.accept(offer=cast.offer, by=cast.owner)
    happens("reinstate", cast.offer, "C")
    assert agreements.accept(offer=cast.offer, by=cast.owner).required_component == ""


def test_the_part_is_read_in_the_mail_on_the_firms_page_and_at_the_desk(client, officer):
    offer = made(email="first@business.example")
    flows.deliver_all()
    said = "Security and safety (AEOS)"
    assert said in mail.outbox[0].body
    assert said in str(mail.outbox[0].alternatives[0].content)
    cast = flows.offered()
    client.force_login(with_codes(cast.owner))
    assert said in client.get(f"/mou/offers/{cast.offer.uuid}/").content.decode()
    at_the_desk(client, officer)
    assert said in client.get(f"/admin/mou/mouoffer/{offer.pk}/change/").content.decode()


def test_change_component_at_the_desk_keeps_what_was_typed(client, officer):
    at_the_desk(client, officer)
    address = f"/admin/mou/mouoffer/{made().pk}/change-component/"
    page = client.post(address, {"component": "C", "reason": ""}).content.decode()
    assert re.search('value="C"[^>]*checked', page)
    client.post(address, {"component": "C", "reason": WHY})
    assert MouOffer.objects.get().required_component == "C"
    again = client.post(address, {"component": "C", "reason": WHY}).content.decode()
    assert "already" in again
    assert WHY in again
