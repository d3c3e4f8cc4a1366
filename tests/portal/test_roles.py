"""Roles of staff: given and taken by another system administrator, never by oneself."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from portal import actions
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import AuditEvent, RoleGrant, StaffRole, User
from tests.factories import PASSWORD, RoleGrantFactory, UserFactory
from tests.people import at_the_desk, is_logged_in, link_in, read_mail, type_password

pytestmark = pytest.mark.django_db


@pytest.fixture
def sysadmin():
    return UserFactory(system_administrator=True)


def test_grant_a_role_tells_the_person_and_the_record(sysadmin):
    officer = UserFactory(staff=True)
    actions.grant_role(user=officer, role="caseworker", by=sysadmin)
    assert User.objects.get(pk=officer.pk).has_role(StaffRole.CASEWORKER)
    (letter,) = read_mail()
    assert letter.to == [officer.email]
    assert "Caseworker" in letter.subject
    event = AuditEvent.objects.get(event="role_granted")
    assert (event.actor, event.facts) == (f"user:{sysadmin.pk}", {"role": "caseworker"})


def test_grant_a_role_to_oneself_is_refused(sysadmin):
    with pytest.raises(NotAllowed):
        actions.grant_role(user=sysadmin, role="supervisor", by=sysadmin)


def test_grant_a_role_to_oneself_is_refused_by_the_database(sysadmin):
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrantFactory(user=sysadmin, role="supervisor", granted_by=sysadmin)


@pytest.mark.parametrize("role", [r for r in StaffRole if r != StaffRole.SYSTEM_ADMINISTRATOR])
def test_grant_a_role_without_being_system_administrator_is_refused(role):
    officer = UserFactory(**{role.value: True})
    with pytest.raises(NotAllowed):
        actions.grant_role(user=UserFactory(staff=True), role="auditor", by=officer)


def test_grant_a_role_to_somebody_of_a_firm_is_refused(sysadmin):
    with pytest.raises(NotAllowed):
        actions.grant_role(user=UserFactory(), role="caseworker", by=sysadmin)


def test_grant_a_role_twice_is_refused(sysadmin):
    with pytest.raises(AlreadyDone):
        actions.grant_role(user=UserFactory(caseworker=True), role="caseworker", by=sysadmin)


def test_revoke_a_role_takes_effect_at_once(client, sysadmin):
    officer = UserFactory(caseworker=True)
    at_the_desk(client, officer)
    assert client.get("/admin/portal/organisation/").status_code == 200
    actions.revoke_role(grant=officer.grants.get(), by=sysadmin)
    assert client.get("/admin/portal/organisation/").status_code == 403


def test_revoke_the_last_system_administrator_is_refused(sysadmin):
    only = RoleGrant.objects.get(user=sysadmin)
    officer = UserFactory(caseworker=True)
    with pytest.raises(NotAllowed):
        actions.revoke_role(grant=only, by=sysadmin)
    with pytest.raises(NotAllowed):
        actions.revoke_role(grant=only, by=officer)
    second = UserFactory(system_administrator=True)
    actions.revoke_role(grant=second.grants.get(), by=sysadmin)
    with pytest.raises(AlreadyDone):
        actions.revoke_role(grant=second.grants.get(), by=sysadmin)


def test_add_staff_lets_the_person_choose_a_password_by_mail(client, sysadmin):
    person = actions.add_staff(email="New@Customs.Example", name="New Officer", by=sysadmin)
    (letter,) = read_mail()
    client.post(link_in(letter), {"email": person.email})
    reset = read_mail()[-1]
    assert reset.to == [person.email]
    form = client.get(link_in(reset), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})
    type_password(client, person)
    assert is_logged_in(client)
    assert client.get("/admin/").url == "/accounts/2fa/?next=%2Fadmin%2F"


def test_add_staff_with_a_known_address_is_refused(sysadmin):
    with pytest.raises(AlreadyDone):
        actions.add_staff(email=UserFactory().email, name="Twice", by=sysadmin)


def test_close_an_account_ends_its_sessions(client, sysadmin):
    officer = UserFactory(caseworker=True)
    at_the_desk(client, officer)
    actions.close_account(user=officer, by=sysadmin)
    assert "/login/" in client.get("/admin/").url
    stranger = Client()
    type_password(stranger, officer)
    assert not is_logged_in(stranger)
    actions.reopen_account(user=officer, by=sysadmin)
    with pytest.raises(DomainError):
        actions.reopen_account(user=officer, by=sysadmin)


def test_close_ones_own_account_is_refused(sysadmin):
    with pytest.raises(NotAllowed):
        actions.close_account(user=sysadmin, by=sysadmin)


def test_grant_and_revoke_with_the_buttons_of_the_desk(client, sysadmin):
    officer = UserFactory(staff=True)
    at_the_desk(client, sysadmin)
    page = f"/admin/portal/user/{officer.pk}/"
    assert "Grant a role" in client.get(page + "change/").content.decode()
    client.post(page + "grant-role/", {"role": "auditor"})
    grant = officer.grants.get()
    assert "Auditor" in client.get(page + "change/").content.decode()
    client.post(f"/admin/portal/rolegrant/{grant.pk}/revoke-role/")
    grant.refresh_from_db()
    assert grant.revoked_by == sysadmin
