"""Handing an organisation over: offered by an owner, confirmed by the receiver."""

from __future__ import annotations

import pytest
from django.db import IntegrityError
from django.urls import reverse

from portal import actions
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import AuditEvent, Handover
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.people import code_of, read_mail, with_codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner():
    return UserFactory(name="Olga Owner")


@pytest.fixture
def firm(owner):
    return OrganisationFactory(owner=owner)


@pytest.fixture
def receiver(firm):
    return MembershipFactory(organisation=firm, role="member", user__name="Mikael Member")


def offered(receiver, owner, stays_as: str = "signatory") -> Handover:
    return actions.offer_handover(receiver=receiver, stays_as=stays_as, by=owner)


def roles(firm) -> dict[str, str]:
    return dict(firm.memberships.live().values_list("user__name", "role"))


def test_handover_changes_nothing_before_the_receiver_confirms(firm, owner, receiver):
    handover = offered(receiver, owner)
    assert roles(firm) == {"Olga Owner": "owner", "Mikael Member": "member"}
    actions.accept_handover(handover=handover, by=receiver.user)
    assert roles(firm) == {"Olga Owner": "signatory", "Mikael Member": "owner"}
    assert [letter.to for letter in read_mail()] == [[receiver.user.email], [owner.email]]
    events = AuditEvent.objects.values_list("event", flat=True)
    assert {"handover_offered", "handover_accepted"} <= set(events)


@pytest.mark.parametrize("who", ["member", "signatory", "stranger", "caseworker"])
def test_offer_handover_is_the_owners(firm, receiver, who):
    by = UserFactory(caseworker=True) if who == "caseworker" else UserFactory()
    if who in ("member", "signatory"):
        by = MembershipFactory(organisation=firm, role=who).user
    with pytest.raises(NotAllowed):
        offered(receiver, by)


@pytest.mark.parametrize("who", ["owner", "colleague", "stranger"])
def test_accept_handover_is_the_receivers(firm, owner, receiver, who):
    handover = offered(receiver, owner)
    by = {"owner": owner, "stranger": UserFactory()}.get(who)
    by = by or MembershipFactory(organisation=firm, role="signatory").user
    with pytest.raises(NotAllowed):
        actions.accept_handover(handover=handover, by=by)


def test_handover_to_oneself_or_to_who_left_is_refused(firm, owner, receiver):
    own = firm.memberships.get(user=owner)
    actions.end_membership(membership=receiver, by=owner)
    for to in (own, receiver):
        with pytest.raises(DomainError, match="somebody else"):
            offered(to, owner)


def test_handover_of_who_is_no_owner_any_more_is_refused(firm, owner, receiver):
    handover = offered(receiver, owner)
    second = MembershipFactory(organisation=firm, role="owner")
    actions.change_role(membership=firm.memberships.get(user=owner), role="member", by=second.user)
    with pytest.raises(DomainError):
        actions.accept_handover(handover=handover, by=receiver.user)
    assert roles(firm)["Mikael Member"] == "member"


@pytest.mark.parametrize("who", ["owner", "receiver"])
def test_closed_handover_is_over(firm, owner, receiver, who):
    handover = offered(receiver, owner)
    actions.close_handover(handover=handover, by=owner if who == "owner" else receiver.user)
    with pytest.raises(AlreadyDone):
        actions.accept_handover(handover=handover, by=receiver.user)


def test_second_offer_takes_the_first_back(firm, owner, receiver):
    first = offered(receiver, owner)
    other = MembershipFactory(organisation=firm, role="signatory")
    offered(other, owner)
    with pytest.raises(AlreadyDone):
        actions.accept_handover(handover=first, by=receiver.user)


def test_database_refuses_a_second_open_handover_of_one_owner(firm, owner, receiver):
    first = offered(receiver, owner)
    with pytest.raises(IntegrityError):
        Handover.objects.create(
            organisation=firm, giver=first.giver, receiver=receiver, stays_as="member"
        )


def test_people_hand_over_on_their_pages(client, firm, owner, receiver):
    for one in (owner, receiver.user):
        with_codes(one)
    client.force_login(owner)
    url = reverse("offer_handover", args=[receiver.pk])
    assert url in client.get(reverse("organisation")).content.decode()
    assert "What will you be" in client.post(url).content.decode()
    client.post(url, {"stays_as": "member", "code": code_of(owner)})
    assert "You asked Mikael Member" in client.get(reverse("organisation")).content.decode()
    client.force_login(receiver.user)
    assert "Confirm that you take over" in client.get("/mou/").content.decode()
    accept = reverse("accept_handover", args=[Handover.objects.get().uuid])
    shown = client.get(accept).content.decode()
    assert "Olga Owner asks you" in shown
    assert "Olga Owner stays on as: Member. The offer ends on" in shown
    client.post(accept, {"code": code_of(receiver.user)})
    assert roles(firm) == {"Olga Owner": "member", "Mikael Member": "owner"}


@pytest.mark.parametrize("code", ["", "000000"])
def test_handover_asks_both_for_the_second_factor(client, firm, owner, receiver, code):
    for one in (owner, receiver.user):
        with_codes(one)
    client.force_login(owner)
    url = reverse("offer_handover", args=[receiver.pk])
    shown = client.post(url, {"stays_as": "member", "code": code}).content.decode()
    assert "code" in shown
    assert not Handover.objects.exists()
    handover = offered(receiver, owner)
    client.force_login(receiver.user)
    client.post(reverse("accept_handover", args=[handover.uuid]), {"code": code})
    assert roles(firm)["Olga Owner"] == "owner"


def test_whoever_has_no_second_factor_sets_one_up_first(client, firm, owner, receiver):
    client.force_login(owner)
    url = reverse("offer_handover", args=[receiver.pk])
    answer = client.post(url, {"stays_as": "member", "code": "123456"})
    assert answer.url.startswith(reverse("mfa_index"))
    assert not Handover.objects.exists()


def test_handover_ends_after_its_days(client, firm, owner, receiver, settings, time_machine):
    time_machine.move_to("2026-11-26T12:00:00Z", tick=False)
    settings.HANDOVER_DAYS = 3
    handover = offered(receiver, owner)
    time_machine.move_to("2026-11-29T11:59:00Z", tick=False)
    assert Handover.objects.open().exists()
    client.force_login(receiver.user)
    assert "until 29 November 2026" in client.get(reverse("organisation")).content.decode()
    time_machine.move_to("2026-11-29T12:00:00Z", tick=False)
    assert "until 29" not in client.get(reverse("organisation")).content.decode()
    with pytest.raises(DomainError, match="has ended"):
        actions.accept_handover(handover=handover, by=receiver.user)
    assert roles(firm)["Olga Owner"] == "owner"
    offered(receiver, owner)
    assert Handover.objects.open().count() == 1


def test_handover_of_another_firm_is_not_found(client, firm, owner, receiver):
    handover = offered(receiver, owner)
    stranger = UserFactory()
    OrganisationFactory(owner=stranger)
    client.force_login(stranger)
    for name, key in (
        ("offer_handover", receiver.pk),
        ("accept_handover", handover.uuid),
        ("close_handover", handover.uuid),
    ):
        assert client.post(reverse(name, args=[key])).status_code == 404


def test_handover_does_not_come_back_to_life_with_its_giver(firm, owner, receiver):
    handover = offered(receiver, owner)
    second = MembershipFactory(organisation=firm, role="owner")
    giver = firm.memberships.get(user=owner)
    actions.change_role(membership=giver, role="member", by=second.user)
    actions.change_role(membership=giver, role="owner", by=second.user)
    with pytest.raises(DomainError):
        actions.accept_handover(handover=handover, by=receiver.user)
    assert roles(firm)["Mikael Member"] == "member"
