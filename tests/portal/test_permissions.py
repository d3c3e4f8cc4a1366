"""The table of duties: every role against every kind of thing, and nothing by default."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.http import Http404, HttpResponse
from django.test import RequestFactory

from portal import permissions
from portal.models import RoleGrant, StaffRole
from portal.permissions import DUTIES, READERS, staff_role_required
from tests.factories import OrganisationFactory, RoleGrantFactory, UserFactory

pytestmark = pytest.mark.django_db

# As the house's rules say it, a letter a role and verb: w writes, r reads.
RULES = {
    "agreement": {"caseworker": "wr", "countersigner": "r", "supervisor": "r"},
    "signature": {"caseworker": "r", "countersigner": "wr", "supervisor": "r"},
    "report": {"triage_officer": "wr", "supervisor": "r"},
    "source_identity": {"identity_custodian": "r", "supervisor": "r"},
    "alert": {"triage_officer": "wr", "supervisor": "wr", "caseworker": "r"},
    "directory_contact": {"liaison_officer": "wr"},
    "exchange": {"liaison_officer": "wr", "supervisor": "wr"},
    "register": {"data_protection_officer": "wr", "auditor": "r"},
    "access_log": {"data_protection_officer": "r", "auditor": "r"},
}


def test_table_holds_every_kind_of_thing():
    assert set(RULES) == set(DUTIES)


@pytest.mark.parametrize("role", StaffRole.values)
@pytest.mark.parametrize("kind", [*RULES, "something else"])
def test_table_gives_each_role_what_the_rules_say(kind, role):
    user = UserFactory(**{role: True})
    expected = RULES.get(kind, {}).get(role, "")
    assert permissions.may_write(user, kind) == ("w" in expected)
    assert permissions.may_see(user, kind) == ("r" in expected)


@pytest.mark.parametrize("kind", RULES)
def test_table_gives_nothing_without_a_role(kind):
    owner = UserFactory()
    OrganisationFactory(owner=owner)
    for user in (owner, UserFactory(staff=True)):
        assert not permissions.may_write(user, kind)
        assert not permissions.may_see(user, kind)


def test_system_administrators_see_no_content():
    user = UserFactory(system_administrator=True)
    assert not any(permissions.may_see(user, kind) for kind in DUTIES)
    content = {"portal.organisation", "portal.membership", "portal.invitation", "portal.auditevent"}
    content |= {label for label in READERS if not label.startswith("portal.")}
    assert not any(permissions.can_read(user, label) for label in content)


def test_table_no_longer_serves_whose_role_was_revoked_or_who_left():
    user, gone = UserFactory(caseworker=True), UserFactory(caseworker=True, is_active=False)
    user.grants.update(revoked_at="2026-01-01T00:00Z")
    assert not permissions.may_see(user, "agreement")
    assert not permissions.may_see(gone, "agreement")


def test_role_held_by_somebody_who_is_no_staff_is_worth_nothing():
    user = UserFactory()
    RoleGrantFactory(user=user, role=StaffRole.CASEWORKER)
    assert not permissions.may_see(user, "agreement")


def test_grant_of_own_access_is_refused_by_the_database():
    user = UserFactory(system_administrator=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.create(user=user, role=StaffRole.CASEWORKER, granted_by=user)
    assert not permissions.can_grant_role(user, user)


@pytest.mark.parametrize("role", StaffRole.values)
def test_staff_role_required_hides_the_view_from_all_others(role):
    view = staff_role_required(StaffRole.AUDITOR)(lambda request: HttpResponse("ok"))
    request = RequestFactory().get("/")
    request.user = UserFactory(**{role: True})
    if role == StaffRole.AUDITOR:
        assert view(request).content == b"ok"
    else:
        with pytest.raises(Http404):
            view(request)


def test_staff_role_required_hides_the_view_from_strangers():
    view = staff_role_required(*StaffRole.values)(lambda request: HttpResponse("ok"))
    for user in (AnonymousUser(), UserFactory()):
        request = RequestFactory().get("/")
        request.user = user
        with pytest.raises(Http404):
            view(request)
