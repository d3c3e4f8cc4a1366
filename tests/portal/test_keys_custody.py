"""Custody: who gets a key, by whose word, and how an officer leaves without stranding anything."""

from __future__ import annotations

import pytest

from portal import sealing
from portal.actions import keys
from portal.errors import DomainError, NotAllowed
from portal.models import AuditEvent, DeskKey, KeyWrap, RoleGrant, SealingKey
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def newcomer(desk, **role):
    """An officer with a desk key who was not added yet."""
    person = UserFactory(**role)
    desk.passphrases[person.pk] = keys.set_up_desk_key(user=person, confirmed=True)
    return person


def fingerprint(person):
    return sealing.fingerprint(bytes(DeskKey.objects.get(user=person, revoked_at=None).public))


def add(desk, officer, by, typed=None):
    typed = fingerprint(officer) if typed is None else typed
    return keys.add_officer(officer=officer, typed=typed, keys=desk.keys_of(by), by=by)


def held_by(person):
    rows = KeyWrap.objects.filter(desk_key__user=person).select_related("sealing_key")
    return {wrap.sealing_key.slot for wrap in rows}


def test_add_an_officer_gives_the_keys_of_the_roles(desk):
    officer = newcomer(desk, triage_officer=True)
    add(desk, officer, desk.supervisor)
    assert set(desk.keys_of(officer).seeds) == {"unit:desk#1"}
    assert desk.keys_of(officer).index == desk.keys_of(desk.officer).index


def test_add_an_officer_by_a_mistyped_fingerprint_is_refused_and_recorded(desk):
    officer = newcomer(desk, triage_officer=True)
    with pytest.raises(DomainError, match="fingerprint"):
        add(desk, officer, desk.supervisor, typed=fingerprint(desk.officer))
    assert held_by(officer) == set()
    assert AuditEvent.objects.filter(event="desk_key_not_recognised").exists()


def test_add_an_officer_whatever_case_and_spaces_the_fingerprint_is_typed_with(desk):
    officer = newcomer(desk, triage_officer=True)
    add(desk, officer, desk.officer, typed=fingerprint(officer).lower().replace(" ", ""))
    assert held_by(officer) == {"unit:desk#1"}


def test_add_oneself_is_refused(desk):
    with pytest.raises(NotAllowed):
        add(desk, desk.supervisor, desk.supervisor)


def test_add_a_system_administrator_is_refused(desk):
    person = newcomer(desk, triage_officer=True)
    typed = fingerprint(person)
    RoleGrant.objects.create(user=person, role="system_administrator", granted_by=desk.supervisor)
    fresh = type(person).objects.get(pk=person.pk)
    with pytest.raises(NotAllowed):
        add(desk, fresh, desk.supervisor, typed=typed)


def test_add_an_officer_with_the_keys_of_somebody_else_is_refused(desk):
    officer = newcomer(desk, triage_officer=True)
    with pytest.raises(NotAllowed):
        keys.add_officer(
            officer=officer,
            typed=fingerprint(officer),
            keys=desk.keys_of(desk.officer),
            by=desk.supervisor,
        )


def test_add_an_officer_before_the_passphrase_was_typed_back_is_refused(desk):
    officer = UserFactory(triage_officer=True)
    keys.set_up_desk_key(user=officer)
    with pytest.raises(DomainError, match="not set up"):
        add(desk, officer, desk.supervisor)


def test_add_a_custodian_takes_a_custodian(desk):
    custodian = newcomer(desk, identity_custodian=True)
    with pytest.raises(DomainError, match="hold no key"):
        add(desk, custodian, desk.officer)
    add(desk, custodian, desk.custodian)
    assert held_by(custodian) == {"identity:custodian#1"}


def test_hold_both_halves_of_an_identity_is_nobodys(desk):
    both = newcomer(desk, identity_custodian=True, supervisor=True)
    add(desk, both, desk.supervisor)
    assert keys.names_for(both) == ["identity:supervisor", "liaison:desk", "unit:desk"]
    with pytest.raises(DomainError, match="hold no key"):
        add(desk, both, desk.custodian)


def test_end_the_desk_key_of_one_who_leaves_takes_the_keys_and_makes_rotation_due(desk):
    keys.end_desk_key(officer=desk.officer, by=desk.supervisor, lost=False)
    assert held_by(desk.officer) == set()
    assert SealingKey.objects.get(name="unit:desk").rotation_due_at is not None
    assert SealingKey.objects.get(name="identity:custodian").rotation_due_at is None


def test_end_the_desk_key_of_a_lost_passphrase_and_be_added_again(desk):
    keys.end_desk_key(officer=desk.officer, by=desk.supervisor, lost=True)
    assert SealingKey.objects.get(name="unit:desk").rotation_due_at is None
    desk.passphrases[desk.officer.pk] = keys.set_up_desk_key(user=desk.officer, confirmed=True)
    add(desk, desk.officer, desk.supervisor)
    assert set(desk.keys_of(desk.officer).seeds) == {"unit:desk#1"}


def test_end_the_desk_key_of_the_last_holder_is_refused(desk):
    with pytest.raises(DomainError, match="Nobody else holds identity:custodian 1"):
        keys.end_desk_key(officer=desk.custodian, by=desk.supervisor, lost=True)
    assert held_by(desk.custodian) == {"identity:custodian#1"}


def test_end_the_desk_key_when_the_other_holder_no_longer_works_here_is_refused(desk):
    desk.supervisor.is_active = True
    other = newcomer(desk, identity_custodian=True)
    add(desk, other, desk.custodian)
    type(other).objects.filter(pk=other.pk).update(is_active=False)
    with pytest.raises(DomainError, match="Nobody else"):
        keys.end_desk_key(officer=desk.custodian, by=desk.supervisor, lost=False)


@pytest.mark.parametrize("role", ["triage_officer", "system_administrator", "auditor"])
def test_end_a_desk_key_takes_a_supervisor(desk, role):
    with pytest.raises(NotAllowed):
        keys.end_desk_key(officer=desk.officer, by=UserFactory(**{role: True}), lost=True)


def test_set_up_a_desk_key_as_a_system_administrator_is_refused():
    with pytest.raises(NotAllowed):
        keys.set_up_desk_key(user=UserFactory(system_administrator=True))


def test_revoked_role_no_longer_opens_its_keys(desk):
    desk.officer.grants.update(revoked_at="2026-01-01T00:00Z", revoked_by=desk.supervisor)
    officer = type(desk.officer).objects.get(pk=desk.officer.pk)
    assert desk.keys_of(officer).seeds == {}
