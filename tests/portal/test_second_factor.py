"""The second factor: compulsory for staff, used once, never a way to lock somebody out."""

from __future__ import annotations

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.test import Client

from portal import crypto, second_factor
from tests.factories import PASSWORD, UserFactory
from tests.people import (
    at_once,
    at_the_desk,
    code_for,
    code_of,
    is_logged_in,
    read_mail,
    type_password,
    with_codes,
    with_recovery_codes,
)

pytestmark = pytest.mark.django_db

DESK = "/admin/"


def test_log_in_with_a_code_reaches_the_desk(client):
    officer = with_codes(UserFactory(caseworker=True))
    assert type_password(client, officer).url == "/accounts/2fa/authenticate/"
    assert not is_logged_in(client)
    answer = client.post("/accounts/2fa/authenticate/", {"code": code_of(officer)})
    assert answer.url == DESK
    assert client.get(DESK).status_code == 200


def test_log_in_without_the_code_stays_outside(client):
    officer = with_codes(UserFactory(caseworker=True))
    type_password(client, officer)
    assert client.get(DESK).status_code == 302
    assert not is_logged_in(client)


def test_reach_the_desk_without_a_second_factor_leads_to_set_up(client):
    client.force_login(UserFactory(caseworker=True))
    for path in (DESK, "/", "/accounts/organisation/", "/accounts/email/"):
        assert client.get(path).url.startswith("/accounts/2fa/?next=")
    assert client.get("/accounts/2fa/").status_code == 200


def test_work_for_a_firm_needs_no_second_factor_until_signing(client):
    person = UserFactory()
    client.force_login(person)
    assert client.get("/accounts/organisation/").status_code == 200
    assert not second_factor.has_second_factor(person)


def test_type_a_code_twice_is_refused():
    officer = with_codes(UserFactory(caseworker=True))
    code = code_of(officer)
    assert second_factor.confirm_code(officer, code)
    assert not second_factor.confirm_code(officer, code)


def test_type_an_earlier_code_after_a_later_one_is_refused():
    officer = with_codes(UserFactory(caseworker=True))
    assert second_factor.confirm_code(officer, code_of(officer))
    assert not second_factor.confirm_code(officer, code_of(officer, ahead=-1))


def test_type_a_code_of_long_ago_is_refused():
    officer = with_codes(UserFactory(caseworker=True))
    assert not second_factor.confirm_code(officer, code_of(officer, ahead=-3))


def test_type_a_recovery_code_twice_is_refused():
    officer = with_codes(UserFactory(caseworker=True))
    code = with_recovery_codes(officer)[0]
    assert second_factor.confirm_code(officer, code)
    assert not second_factor.confirm_code(officer, code)


def test_set_up_codes_keeps_no_secret_in_clear(client):
    person = UserFactory()
    type_password(client, person)
    secret = _set_up_codes(client)
    kept = Authenticator.objects.get(user=person, type="totp").data["secret"]
    assert secret not in kept
    assert crypto.decrypt(kept) == secret
    seed = Authenticator.objects.get(user=person, type="recovery_codes").data["seed"]
    assert crypto.decrypt(seed) != seed


def test_wait_for_set_up_keeps_no_secret_in_clear(client):
    type_password(client, UserFactory())
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    assert secret not in str(dict(client.session))


def test_type_the_code_of_set_up_again_is_refused(client):
    person = UserFactory()
    with time_machine.travel("2026-11-24 12:00:05+00:00", tick=False):
        type_password(client, person)
        _set_up_codes(client)
        assert not second_factor.confirm_code(person, code_of(person))
        assert second_factor.confirm_code(person, code_of(person, ahead=1))


def _set_up_codes(client: Client) -> str:
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    assert answer.status_code == 302, answer.context["form"].errors
    return secret


def test_set_up_leads_back_to_what_was_begun(client):
    type_password(client, UserFactory())
    client.get("/accounts/2fa/?next=/accounts/organisation/")
    _set_up_codes(client)
    assert 'href="/accounts/organisation/"' in client.get("/accounts/2fa/").content.decode()


def test_set_up_leads_to_no_other_site(client):
    type_password(client, UserFactory())
    client.get("/accounts/2fa/?next=https://evil.example/")
    _set_up_codes(client)
    assert "evil.example" not in client.get("/accounts/2fa/").content.decode()


def test_set_up_codes_right_after_login_asks_for_no_password_again(client):
    type_password(client, UserFactory())
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


def test_set_up_codes_an_hour_after_login_asks_for_the_password_again(client):
    with time_machine.travel("2026-11-24 12:00+00:00") as clock:
        type_password(client, UserFactory())
        clock.shift(3600)
        assert "/reauthenticate/" in client.get("/accounts/2fa/totp/activate/").url


def test_guess_codes_from_one_address_locks_only_that_address(client):
    officer = with_codes(UserFactory(caseworker=True))
    type_password(client, officer)
    for _ in range(8):
        answer = client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert "Too many codes" in answer.content.decode()
    other = Client(REMOTE_ADDR="10.0.0.9")
    type_password(other, officer)
    other.post("/accounts/2fa/authenticate/", {"code": code_of(officer)})
    assert is_logged_in(other)


def test_guess_codes_from_many_addresses_meets_a_ceiling():
    officer = with_codes(UserFactory(caseworker=True))
    refused = []
    for host in range(40):
        stranger = Client(REMOTE_ADDR=f"10.0.1.{host}")
        type_password(stranger, officer)
        answer = stranger.post("/accounts/2fa/authenticate/", {"code": "000000"})
        refused.append("Too many codes" in answer.content.decode())
    assert refused.count(True) == 10
    warnings = [letter for letter in read_mail() if "knows your password" in letter.subject]
    assert [letter.to for letter in warnings] == [[officer.email]]


def test_guess_passwords_from_one_address_locks_only_that_address(client):
    officer = with_codes(UserFactory(caseworker=True))
    for _ in range(12):
        type_password(client, officer, "wrong wrong wrong", REMOTE_ADDR="10.0.0.7")
    refused = type_password(client, officer, REMOTE_ADDR="10.0.0.7")
    assert "Too many failed" in refused.content.decode()
    assert type_password(client, officer, REMOTE_ADDR="10.0.0.8").status_code == 302


def test_log_in_to_the_admin_goes_through_the_one_login(client):
    officer = with_codes(UserFactory(caseworker=True))
    answer = client.post("/admin/login/", {"username": officer.email, "password": PASSWORD})
    assert answer.url.startswith("/accounts/login/")
    assert not is_logged_in(client)


def test_reach_the_desk_as_a_firm_finds_nothing(client):
    client.force_login(UserFactory())
    assert client.get("/admin/login/").url == "/"
    assert client.get("/admin/portal/user/").status_code == 302


def test_sign_with_a_passkey_of_nobody_is_refused(client, rf):
    person = at_the_desk(client, UserFactory()) and UserFactory()
    request = rf.get("/")
    request.session = {}
    with pytest.raises(second_factor.WrongPasskey):
        second_factor.complete_passkey(request, person, b"x" * 32, "{}")


@pytest.mark.django_db(transaction=True)
def test_type_one_code_in_many_places_at_once_counts_once():
    officer = with_codes(UserFactory(caseworker=True))
    code = code_of(officer)
    outcomes = at_once(lambda: second_factor.confirm_code(officer, code), times=4)
    assert outcomes.count(True) == 1
