"""Joining an organisation: by a link that was mailed, for one address, once, in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal import actions, invitations
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import AuditEvent, Invitation, Membership, User
from portal.models.organisations import MembershipRole
from tests.factories import (
    PASSWORD,
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)
from tests.people import at_once, is_logged_in, link_in, read_mail, type_password

pytestmark = pytest.mark.django_db


def _invited(**fields):
    owner = UserFactory()
    firm = OrganisationFactory(owner=owner)
    return actions.invite(
        organisation=firm, email="new@business.example", role="signatory", by=owner, **fields
    )


def _path(invitation: Invitation) -> str:
    return f"/accounts/invitation/{invitations.token(invitation)}/"


def test_invite_mails_a_link_that_tells_who_invites_to_what():
    invitation = _invited()
    (letter,) = read_mail()
    assert letter.to == ["new@business.example"]
    assert invitation.organisation.legal_name in letter.subject
    assert invitation.invited_by.name in letter.body
    assert link_in(letter) == _path(invitation)


def test_sign_up_from_the_link_makes_a_member_with_a_proven_address(client):
    invitation = _invited()
    client.get(_path(invitation))
    answer = client.post("/accounts/signup/", {"name": "New Person", "password1": PASSWORD})
    assert answer.url == "/accounts/organisation/"
    assert is_logged_in(client)
    person = User.objects.get(email="new@business.example")
    assert person.name == "New Person"
    assert person.memberships.get().role == MembershipRole.SIGNATORY
    assert person.password.startswith("argon2")
    client.logout()
    assert type_password(client, person).status_code == 302
    assert is_logged_in(client)


def test_sign_up_from_the_link_with_another_address_keeps_the_invited_one(client):
    client.get(_path(_invited()))
    data = {"email": "evil@business.example", "name": "New", "password1": PASSWORD}
    client.post("/accounts/signup/", data)
    assert not User.objects.filter(email="evil@business.example").exists()
    assert User.objects.filter(email="new@business.example").exists()


def test_sign_up_without_an_invitation_is_closed(client):
    assert "invitation" in client.get("/accounts/signup/").content.decode().lower()
    data = {"email": "a@business.example", "name": "A", "password1": PASSWORD}
    client.post("/accounts/signup/", data)
    assert not User.objects.filter(email="a@business.example").exists()


def test_sign_up_after_the_invitation_was_taken_back_is_closed(client):
    invitation = _invited()
    client.get(_path(invitation))
    actions.revoke_invitation(invitation=invitation, by=invitation.invited_by)
    client.post("/accounts/signup/", {"name": "New", "password1": PASSWORD})
    assert not User.objects.filter(email="new@business.example").exists()


def test_sign_up_with_a_short_password_is_refused(client):
    client.get(_path(_invited()))
    answer = client.post("/accounts/signup/", {"name": "New", "password1": "elevenchars"})
    assert "12" in str(answer.context["form"].errors["password1"])


def test_accept_with_the_account_that_exists_already(client):
    person = UserFactory(email="new@business.example")
    invitation = _invited()
    client.get(_path(invitation))
    answer = type_password(client, person)
    assert answer.url == _path(invitation)
    assert client.post(_path(invitation) + "accept/").url == "/accounts/organisation/"
    assert person.memberships.get().organisation == invitation.organisation


def test_follow_the_link_with_the_wrong_account_says_which_one_is_meant(client):
    invitation = _invited()
    other = UserFactory()
    client.force_login(other)
    page = client.get(_path(invitation)).content.decode()
    assert other.email in page
    assert "new@business.example" in page
    client.post(_path(invitation) + "accept/")
    assert not other.memberships.exists()


def test_accept_with_a_staff_account_is_refused():
    officer = UserFactory(caseworker=True)
    invitation = InvitationFactory(email=officer.email)
    with pytest.raises(DomainError, match="Staff"):
        actions.accept_invitation(invitation=invitation, by=officer)


def test_accept_twice_is_refused(client):
    invitation = _invited()
    person = UserFactory(email=invitation.email)
    actions.accept_invitation(invitation=invitation, by=person)
    with pytest.raises(AlreadyDone):
        actions.accept_invitation(invitation=invitation, by=person)
    gone = client.get(_path(invitation))
    assert gone.status_code == 410
    assert "has been used" in gone.content.decode()


def test_accept_after_it_expired_is_refused(client):
    invitation = _invited()
    person = UserFactory(email=invitation.email)
    with time_machine.travel(timezone.now() + timedelta(days=15)):
        with pytest.raises(DomainError, match="expired"):
            actions.accept_invitation(invitation=invitation, by=person)
        assert "has expired" in client.get(_path(invitation)).content.decode()


def test_follow_a_link_that_was_made_up_tells_what_to_do(client):
    answer = client.get("/accounts/invitation/made-up:link/")
    assert answer.status_code == 404
    assert "not complete" in answer.content.decode()


def test_invite_again_replaces_the_older_invitation():
    first = _invited()
    second = actions.invite(
        organisation=first.organisation, email="NEW@business.example", role="member", by=None
    )
    first.refresh_from_db()
    assert first.revoked_at is not None
    assert second.is_open
    read_mail()


def test_invite_somebody_who_belongs_already_is_refused():
    member = MembershipFactory()
    with pytest.raises(DomainError, match="already"):
        actions.invite(
            organisation=member.organisation, email=member.user.email, role="member", by=None
        )


@pytest.mark.parametrize("trait", ["member", "signatory", "stranger", "countersigner"])
def test_invite_without_being_owner_is_refused(trait):
    firm = OrganisationFactory(owner=UserFactory())
    if trait in ("member", "signatory"):
        by = MembershipFactory(organisation=firm, role=trait).user
    else:
        by = UserFactory(countersigner=trait == "countersigner")
    with pytest.raises(NotAllowed):
        actions.invite(organisation=firm, email="x@business.example", role="owner", by=by)


def test_invite_a_whole_town_is_stopped(monkeypatch):
    monkeypatch.setattr("portal.actions.memberships.INVITATIONS_A_DAY", 1)
    first = _invited()
    again = {"organisation": first.organisation, "role": "member", "by": first.invited_by}
    with pytest.raises(DomainError, match="tomorrow"):
        actions.invite(email="second@business.example", **again)


def test_two_open_invitations_for_one_address_are_refused_by_the_database():
    first = InvitationFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        InvitationFactory(organisation=first.organisation, email=first.email)


def test_end_the_last_owner_is_refused():
    owner = MembershipFactory(owner=True)
    with pytest.raises(DomainError, match="at least one owner"):
        actions.end_membership(membership=owner, by=owner.user)
    with pytest.raises(DomainError, match="at least one owner"):
        actions.change_role(membership=owner, role="member", by=owner.user)


def test_leave_is_asked_of_oneself_and_ends_with_a_remedy(client):
    owner = MembershipFactory(owner=True)
    client.force_login(owner.user)
    page = f"/accounts/organisation/people/{owner.pk}/end/"
    asked = client.get(page).content.decode()
    assert f"Leave {owner.organisation.legal_name}?" in asked
    assert "Hand it over first" in client.post(page, follow=True).content.decode()


def test_end_a_membership_closes_the_organisation_to_that_person(client):
    owner = MembershipFactory(owner=True)
    member = MembershipFactory(organisation=owner.organisation)
    actions.end_membership(membership=member, by=owner.user)
    client.force_login(member.user)
    assert (
        owner.organisation.legal_name not in client.get("/accounts/organisation/").content.decode()
    )
    assert {"membership_ended"} <= set(AuditEvent.objects.values_list("event", flat=True))


def test_manage_people_of_another_organisation_is_not_found(client):
    mine = MembershipFactory(owner=True)
    theirs = MembershipFactory(owner=True)
    invitation = InvitationFactory(organisation=theirs.organisation)
    client.force_login(mine.user)
    base = "/accounts/organisation"
    assert client.get(f"{base}/{theirs.organisation.uuid}/invite/").status_code == 404
    assert client.post(f"{base}/invitations/{invitation.uuid}/revoke/").status_code == 404
    assert client.post(f"{base}/people/{theirs.pk}/end/").status_code == 404
    assert client.post(f"{base}/people/{theirs.pk}/role/").status_code == 404
    assert Membership.objects.live().filter(pk=theirs.pk).exists()


def test_leave_as_a_member_needs_nobody(client):
    owner = MembershipFactory(owner=True)
    member = MembershipFactory(organisation=owner.organisation)
    client.force_login(member.user)
    client.post(f"/accounts/organisation/people/{member.pk}/end/")
    member.refresh_from_db()
    assert member.ended_by == member.user


def test_owner_invites_and_takes_back_on_the_page(client):
    owner = MembershipFactory(owner=True)
    client.force_login(owner.user)
    path = f"/accounts/organisation/{owner.organisation.uuid}/invite/"
    client.post(path, {"email": "Third@Business.Example", "role": "owner"})
    invitation = owner.organisation.invitations.get()
    assert invitation.email == "third@business.example"
    assert invitation.email in client.get("/accounts/organisation/").content.decode()
    client.post(f"/accounts/organisation/invitations/{invitation.uuid}/revoke/")
    assert not owner.organisation.invitations.filter(revoked_at=None).exists()
    with pytest.raises(DomainError):
        actions.revoke_invitation(invitation=invitation, by=owner.user)


@pytest.mark.django_db(transaction=True)
def test_two_who_accept_at_once_join_once():
    invitation = InvitationFactory()
    person = UserFactory(email=invitation.email)
    outcomes = at_once(lambda: actions.accept_invitation(invitation=invitation, by=person), times=4)
    assert [type(outcome) for outcome in outcomes].count(Membership) == 1
    assert [type(outcome) for outcome in outcomes].count(AlreadyDone) == 3
    assert invitation.organisation.memberships.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_owners_who_leave_at_once_leave_one():
    first = MembershipFactory(owner=True)
    second = MembershipFactory(organisation=first.organisation, owner=True)
    pair = iter([first, second])

    def leave():
        mine = next(pair)
        actions.end_membership(membership=mine, by=mine.user)

    at_once(leave, times=2)
    assert first.organisation.memberships.filter(ended_at=None).count() == 1
