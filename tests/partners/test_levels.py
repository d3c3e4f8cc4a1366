"""Who sees how much of the directory: the level of each kind of reader."""

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser

from partners.visibility import FIELDS, Level, fields, level_of, shown
from portal.models import StaffRole, Standing
from tests.factories import MembershipFactory, UserFactory

pytestmark = pytest.mark.django_db

STAFF = [
    ("liaison_officer", Level.RESTRICTED),
    ("supervisor", Level.RESTRICTED),
    ("triage_officer", Level.LIAISON),
    ("caseworker", Level.PUBLIC),
    ("countersigner", Level.PUBLIC),
    ("identity_custodian", Level.PUBLIC),
    ("data_protection_officer", Level.PUBLIC),
    ("auditor", Level.PUBLIC),
    ("system_administrator", Level.PUBLIC),
]


@pytest.mark.parametrize(("role", "level"), STAFF)
def test_see_the_directory_as_staff(role, level):
    assert level_of(UserFactory(**{role: True})) == level


def test_every_staff_role_is_decided():
    assert {role for role, _ in STAFF} == set(StaffRole.values)


def test_see_the_directory_as_a_visitor():
    assert level_of(AnonymousUser()) == Level.PUBLIC


@pytest.mark.parametrize(("in_force", "level"), [(True, Level.PARTNER), (False, Level.PUBLIC)])
def test_see_the_directory_as_a_firm(in_force, level):
    member = MembershipFactory()
    Standing.objects.create(organisation=member.organisation, programme="mou", in_force=in_force)
    assert level_of(member.user) == level


def test_see_the_directory_after_leaving_the_firm(django_user_model):
    member = MembershipFactory()
    Standing.objects.create(organisation=member.organisation, programme="mou", in_force=True)
    member.ended_at, member.ended_by = member.joined_at, member.user
    member.save()
    assert level_of(member.user) == Level.PUBLIC


def test_fields_grow_with_the_level():
    for table in FIELDS:
        seen = [set(fields(table, level)) for level in Level]
        assert seen == sorted(seen, key=len)
        assert all(lower <= higher for lower, higher in itertools.pairwise(seen))
        assert seen[-1] == set(FIELDS[table])


def test_what_nobody_decided_is_shown_to_nobody():
    assert shown("partner", {"name": "A", "secret": "B"}, Level.RESTRICTED) == {"name": "A"}
