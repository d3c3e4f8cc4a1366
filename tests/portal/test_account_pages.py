"""The pages of accounts that need a record behind them: axe, content policy, narrow screens."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from portal import actions, invitations
from tests.factories import (
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.people import at_the_desk, type_password, with_codes
from tests.portal.test_accessibility import all_faults, officer, open_page

__all__ = ["open_page"]

pytestmark = pytest.mark.django_db(transaction=True)


def _pages(*addresses: str):
    return [lambda address=address: address for address in addresses]


def test_invitation_pages_have_no_fault(open_page):
    invitation = InvitationFactory()
    page = open_page()
    link = reverse("invitation", args=[invitations.token(invitation)])
    assert all_faults(page, _pages(link, reverse("account_signup"))) == []
    client = Client()
    client.force_login(UserFactory())
    assert all_faults(open_page(client), _pages(link)) == []


def test_pages_of_an_owner_have_no_fault(open_page):
    owner = MembershipFactory(owner=True)
    member = MembershipFactory(organisation=owner.organisation, signatory=True)
    actions.invite(
        organisation=owner.organisation, email="x@business.example", role="owner", by=owner.user
    )
    asked = actions.request_recovery(user=with_codes(member.user), cause="lost")
    client = Client()
    client.force_login(owner.user)
    addresses = _pages(
        reverse("organisation"),
        reverse("invite", args=[owner.organisation.uuid]),
        reverse("change_role", args=[member.pk]),
        reverse("end_membership", args=[member.pk]),
        reverse("approve_recovery", args=[asked.uuid]),
    )
    assert all_faults(open_page(client), addresses) == []


def test_pages_between_password_and_code_have_no_fault(open_page):
    person = with_codes(UserFactory())
    client = Client()
    type_password(client, person)
    addresses = _pages(reverse("mfa_authenticate"), reverse("recovery"))
    assert all_faults(open_page(client), addresses) == []
    actions.request_recovery(user=person, cause="lost")
    assert all_faults(open_page(client), _pages(reverse("recovery"))) == []


def test_pages_of_verbs_at_the_desk_have_no_fault(open_page):
    by = officer()
    person = with_codes(UserFactory(caseworker=True))
    firm = OrganisationFactory(owner=UserFactory())
    asked = actions.request_recovery(user=person, cause="lost")
    addresses = _pages(
        reverse("admin:portal_user_change", args=[person.pk]),
        reverse("admin:portal_user_add_staff"),
        reverse("admin:portal_user_grant_role", args=[person.pk]),
        reverse("admin:portal_rolegrant_change", args=[person.grants.get().pk]),
        reverse("admin:portal_organisation_change", args=[firm.pk]),
        reverse("admin:portal_organisation_invite", args=[firm.pk]),
        reverse("admin:portal_recoveryrequest_change", args=[asked.pk]),
        reverse("admin:portal_recoveryrequest_approve", args=[asked.pk]),
    )
    assert all_faults(open_page(at_the_desk(Client(), by)), addresses) == []
