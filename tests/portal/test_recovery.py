"""The way back after a lost phone: no one person, however placed, can walk it for another."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal import actions, permissions, second_factor
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import AuditEvent, RecoveryRequest
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.people import at_the_desk, is_logged_in, read_mail, type_password, with_codes

pytestmark = pytest.mark.django_db


@pytest.fixture
def firm():
    return OrganisationFactory(owner=UserFactory(name="Olga Owner"))


@pytest.fixture
def signatory(firm):
    member = MembershipFactory(organisation=firm, signatory=True)
    return with_codes(member.user)


@pytest.fixture
def desk():
    """One of each who has a say."""
    roles = ("caseworker", "supervisor", "system_administrator")
    return {role: UserFactory(**{role: True}) for role in roles}


def _owner(firm):
    return firm.memberships.get(role="owner").user


def _approved(person, first, second):
    request = actions.request_recovery(user=person, cause="lost")
    actions.approve_recovery(request=request, check="in_person", by=first)
    return actions.approve_recovery(request=request, check="called", by=second)


def _mailed_code() -> str:
    letters = [letter for letter in read_mail() if "new second factor now" in letter.subject]
    return re.search(r"Code: (\S+)", letters[-1].body).group(1)


def test_lose_the_phone_and_come_back(client, firm, signatory, desk):
    type_password(client, signatory)
    client.post("/accounts/recovery/", {"cause": "lost"})
    request = RecoveryRequest.objects.get(user=signatory)
    actions.approve_recovery(request=request, check="in_person", by=_owner(firm))
    actions.approve_recovery(request=request, check="called", by=desk["caseworker"])
    read_mail()
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        code = _mailed_code()
        type_password(client, signatory)
        answer = client.post("/accounts/recovery/use/", {"code": code})
        assert answer.url == "/accounts/2fa/"
        assert is_logged_in(client)
        assert not second_factor.has_second_factor(signatory)


def test_use_the_code_before_the_waiting_time_is_refused(firm, signatory, desk):
    request = _approved(signatory, _owner(firm), desk["caseworker"])
    read_mail()
    request.refresh_from_db()
    assert not request.code_hash
    with pytest.raises(DomainError):
        actions.use_recovery(request=request, code="")


def test_use_the_code_twice_is_refused(firm, signatory, desk):
    request = _approved(signatory, _owner(firm), desk["caseworker"])
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        code = _mailed_code()
        actions.use_recovery(request=request, code=code)
        with_codes(signatory)
        with pytest.raises(DomainError):
            actions.use_recovery(request=request, code=code)
    assert Authenticator.objects.filter(user=signatory).exists()


def test_use_the_code_too_late_is_refused(firm, signatory, desk):
    request = _approved(signatory, _owner(firm), desk["caseworker"])
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        code = _mailed_code()
    with (
        time_machine.travel(timezone.now() + timedelta(hours=49)),
        pytest.raises(DomainError),
    ):
        actions.use_recovery(request=request, code=code)


def test_guess_the_code_is_stopped(firm, signatory, desk):
    request = _approved(signatory, _owner(firm), desk["caseworker"])
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        code = _mailed_code()
        for _ in range(6):
            with pytest.raises(DomainError, match="not right"):
                actions.use_recovery(request=request, code="BBBB-BBBB-BBBB")
        with pytest.raises(second_factor.TooManyTries):
            actions.use_recovery(request=request, code=code)


def test_approve_ones_own_request_is_refused(desk):
    supervisor = with_codes(desk["supervisor"])
    request = actions.request_recovery(user=supervisor, cause="lost")
    with pytest.raises(NotAllowed):
        actions.approve_recovery(request=request, check="called", by=supervisor)


def test_approve_twice_by_one_person_is_refused():
    both = UserFactory(supervisor=True, system_administrator=True)
    officer = with_codes(UserFactory(caseworker=True))
    request = actions.request_recovery(user=officer, cause="lost")
    actions.approve_recovery(request=request, check="called", by=both)
    with pytest.raises(NotAllowed):
        actions.approve_recovery(request=request, check="called", by=both)


def test_approve_in_the_wrong_order_is_refused(firm, signatory, desk):
    request = actions.request_recovery(user=signatory, cause="lost")
    with pytest.raises(NotAllowed):
        actions.approve_recovery(request=request, check="called", by=desk["caseworker"])


@pytest.mark.parametrize("role", ["caseworker", "system_administrator"])
def test_staff_is_first_answered_for_by_a_supervisor(desk, role):
    officer = with_codes(UserFactory(countersigner=True))
    request = actions.request_recovery(user=officer, cause="broken")
    with pytest.raises(NotAllowed):
        actions.approve_recovery(request=request, check="called", by=desk[role])
    actions.approve_recovery(request=request, check="called", by=desk["supervisor"])
    actions.approve_recovery(request=request, check="called", by=desk["system_administrator"])


def test_owner_alone_in_a_firm_is_answered_for_by_two_officers(firm, desk):
    owner = with_codes(_owner(firm))
    request = actions.request_recovery(user=owner, cause="lost")
    with pytest.raises(NotAllowed):
        actions.approve_recovery(request=request, check="called", by=desk["supervisor"])
    actions.approve_recovery(request=request, check="called", by=desk["caseworker"])
    actions.approve_recovery(request=request, check="called", by=desk["supervisor"])


def test_owner_of_another_firm_has_no_say(signatory, desk):
    stranger = MembershipFactory(owner=True).user
    request = actions.request_recovery(user=signatory, cause="lost")
    with pytest.raises(NotAllowed):
        actions.approve_recovery(request=request, check="called", by=stranger)
    assert not permissions.can_refuse_recovery(stranger, request)


@pytest.mark.parametrize("fields", ["first_is_person", "second_is_person", "second_is_first"])
def test_one_person_twice_is_refused_by_the_database(signatory, desk, fields):
    now = timezone.now()
    officer = desk["caseworker"]
    by = {
        "first_is_person": (signatory, officer),
        "second_is_person": (officer, signatory),
        "second_is_first": (officer, officer),
    }[fields]
    with pytest.raises(IntegrityError), transaction.atomic():
        RecoveryRequest.objects.create(
            user=signatory,
            cause="lost",
            first_approved_at=now,
            first_approved_by=by[0],
            second_approved_at=now,
            second_approved_by=by[1],
        )


def test_ask_twice_is_refused(signatory):
    actions.request_recovery(user=signatory, cause="lost")
    with pytest.raises(AlreadyDone):
        actions.request_recovery(user=signatory, cause="lost")


def test_ask_without_a_password_leads_to_the_login(client):
    assert client.get("/accounts/recovery/").url == "/accounts/login/"
    assert client.post("/accounts/recovery/use/", {"code": "x"}).url == "/accounts/login/"


def test_every_step_is_told_to_the_person_and_the_owners(firm, signatory, desk):
    _approved(signatory, _owner(firm), desk["caseworker"])
    letters = read_mail()
    for receiver in (signatory, _owner(firm), desk["caseworker"]):
        told = [letter for letter in letters if letter.to == [receiver.email]]
        assert len(told) == 3, receiver
    events = AuditEvent.objects.filter(target_type="portal.recoveryrequest")
    assert [e.event for e in events.order_by("pk")] == [
        "recovery_requested",
        "recovery_approved",
        "recovery_approved",
    ]


def test_the_person_refuses_what_somebody_else_asked_for(client, firm, signatory, desk):
    request = _approved(signatory, _owner(firm), desk["caseworker"])
    client.force_login(signatory)
    page = client.get("/accounts/").content.decode()
    assert "That was not me" in page
    client.post(f"/accounts/recovery/{request.uuid}/refuse/")
    request.refresh_from_db()
    assert request.refused_by == signatory
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        assert not [letter for letter in read_mail() if "Code:" in letter.body]


def test_approve_on_the_pages_of_owner_and_desk(client, firm, signatory, desk):
    request = actions.request_recovery(user=signatory, cause="lost")
    client.force_login(_owner(firm))
    assert signatory.name in client.get("/accounts/organisation/").content.decode()
    client.post(f"/accounts/recovery/{request.uuid}/approve/", {"check": "in_person"})
    at_the_desk(client, desk["caseworker"])
    path = f"/admin/portal/recoveryrequest/{request.pk}/"
    assert "Check and approve" in client.get(path + "change/").content.decode()
    client.post(path + "approve/", {"check": "called"})
    request.refresh_from_db()
    assert request.second_approved_by == desk["caseworker"]
    client.post(path + "refuse/")
    request.refresh_from_db()
    assert request.refused_by == desk["caseworker"]


def test_approve_as_a_stranger_is_not_found(client, signatory):
    request = actions.request_recovery(user=signatory, cause="lost")
    client.force_login(MembershipFactory(owner=True).user)
    assert client.get(f"/accounts/recovery/{request.uuid}/approve/").status_code == 404
    assert client.post(f"/accounts/recovery/{request.uuid}/refuse/").status_code == 404


def test_use_ends_every_session(client, firm, signatory, desk):
    type_password(client, signatory)
    client.post("/accounts/2fa/authenticate/", {"code": second_factor.current_code(signatory)})
    assert is_logged_in(client)
    request = _approved(signatory, _owner(firm), desk["caseworker"])
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        actions.use_recovery(request=request, code=_mailed_code())
    assert not is_logged_in(client)
