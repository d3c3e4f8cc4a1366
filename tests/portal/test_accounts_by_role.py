"""The account pages with the rights of each face's database role, and no more (PostgreSQL)."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from portal import actions, invitations, second_factor
from portal.models import Invitation, RecoveryRequest, User
from tests.databases import acting_as, postgresql, roles
from tests.factories import PASSWORD, MembershipFactory, OrganisationFactory, UserFactory
from tests.people import (
    at_the_desk,
    code_for,
    code_of,
    is_logged_in,
    read_mail,
    type_password,
    with_codes,
)

__all__ = ["roles"]

pytestmark = [pytest.mark.django_db, postgresql, pytest.mark.usefixtures("roles", "own_cache")]


@pytest.fixture
def own_cache(settings):
    """In production the cache is Redis: no table of this database, so no right to it."""
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "LOCATION": "accounts by role",
        }
    }


def test_site_invites_signs_up_and_sets_up_codes(client):
    owner = MembershipFactory(owner=True)
    client.force_login(owner.user)
    with acting_as("site"):
        client.post(
            f"/accounts/organisation/{owner.organisation.uuid}/invite/",
            {"email": "new@business.example", "role": "signatory"},
        )
    with acting_as("worker"):
        assert read_mail()[0].to == ["new@business.example"]
    visitor = Client()
    with acting_as("site"):
        link = f"/accounts/invitation/{invitations.token(Invitation.objects.get())}/"
        assert visitor.get(link).status_code == 200
        visitor.post("/accounts/signup/", {"name": "New", "password1": PASSWORD})
        assert is_logged_in(visitor)
        secret = visitor.get("/accounts/2fa/totp/activate/").context["form"].secret
        visitor.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
        for page in ("", "organisation/", "sessions/", "2fa/", "email/", "2fa/recovery-codes/"):
            assert visitor.get(f"/accounts/{page}").status_code == 200, page
    assert second_factor.has_codes(User.objects.get(email="new@business.example"))


def test_site_signs_up_an_invited_officer_to_nothing(client):
    officer = UserFactory(caseworker=True)
    firm = OrganisationFactory(owner=UserFactory())
    invitation = actions.invite(organisation=firm, email=officer.email, role="member", by=None)
    with acting_as("site"):
        client.get(f"/accounts/invitation/{invitations.token(invitation)}/")
        answer = client.post("/accounts/signup/", {"name": "New", "password1": PASSWORD})
        assert answer.url == "/accounts/login/"
    assert not officer.memberships.exists()


def test_invitation_by_an_officer_is_shown_at_the_site(client):
    officer = UserFactory(caseworker=True)
    firm = OrganisationFactory(owner=UserFactory())
    invitation = actions.invite(organisation=firm, email="a@b.example", role="member", by=officer)
    with acting_as("site"):
        page = client.get(f"/accounts/invitation/{invitations.token(invitation)}/")
        assert officer.name not in page.content.decode()


def test_site_office_and_worker_bring_somebody_back(client, settings):
    settings.RECOVERY_WAIT_MINUTES = 0
    owner = MembershipFactory(owner=True)
    person = with_codes(MembershipFactory(organisation=owner.organisation).user)
    officer = UserFactory(caseworker=True)
    with acting_as("site"):
        type_password(client, person)
        client.post("/accounts/recovery/", {"cause": "lost"})
        asked = RecoveryRequest.objects.get()
        owners = Client()
        owners.force_login(owner.user)
        owners.post(f"/accounts/recovery/{asked.uuid}/approve/", {"check": "in_person"})
    settings.FACE = "office"
    with acting_as("office"):
        desk = at_the_desk(Client(), officer)
        desk.post(f"/admin/portal/recoveryrequest/{asked.pk}/approve/", {"check": "called"})
        asked.refresh_from_db()
        assert asked.second_approved_by == officer
    settings.FACE = "site"
    with acting_as("worker"):
        letters = read_mail()
    assert {officer.email, owner.user.email, person.email} == {m.to[0] for m in letters}
    code = next(m for m in (re.search(r"Code: (\S+)", x.body) for x in letters) if m).group(1)
    with acting_as("site"):
        assert timezone.now() >= asked.usable_from
        client.post("/accounts/recovery/use/", {"code": code})
        assert is_logged_in(client)
        assert not second_factor.has_second_factor(person)


def test_office_logs_in_and_grants(client, settings):
    settings.FACE = "office"
    sysadmin = with_codes(UserFactory(system_administrator=True))
    with acting_as("office"):
        type_password(client, sysadmin)
        client.post("/accounts/2fa/authenticate/", {"code": code_of(sysadmin)})
        client.post(
            "/admin/portal/user/add-staff/", {"name": "New", "email": "new@customs.example"}
        )
        person = User.objects.get(email="new@customs.example")
        client.post(f"/admin/portal/user/{person.pk}/grant-role/", {"role": "auditor"})
        client.post(f"/admin/portal/user/{person.pk}/close-account/")
        for table in ("user", "rolegrant", "outboxmessage", "recoveryrequest", "referenceitem"):
            assert client.get(f"/admin/portal/{table}/").status_code == 200
    with acting_as("worker"):
        assert {m.to[0] for m in read_mail()} == {"new@customs.example"}
