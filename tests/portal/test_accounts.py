"""Logging in: one way, no hints about who exists, and the right door for everybody."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from portal import faces, second_factor
from portal.models import AuditEvent, OutboxMessage, User
from tests.factories import PASSWORD, UserFactory
from tests.people import (
    at_the_desk,
    code_for,
    is_logged_in,
    link_in,
    read_mail,
    type_password,
    with_codes,
)

pytestmark = pytest.mark.django_db

NEW = "an entirely new passphrase"


def test_log_in_is_recorded(client):
    person = UserFactory()
    type_password(client, person)
    assert is_logged_in(client)
    assert AuditEvent.objects.get(event="logged_in").actor == f"user:{person.pk}"


@pytest.mark.parametrize("address", ["nobody@business.example", "known@business.example"])
def test_log_in_wrongly_gives_no_hint_who_exists(client, address):
    UserFactory(email="known@business.example")
    answer = client.post("/accounts/login/", {"login": address, "password": "wrong wrong wrong"})
    errors = answer.context["form"].non_field_errors()
    assert errors == ["The e-mail address or the password is not right."]


@pytest.mark.parametrize("address", ["nobody@business.example", "known@business.example"])
def test_forget_the_password_gives_no_hint_who_exists(client, address):
    UserFactory(email="known@business.example")
    answer = client.post("/accounts/password/reset/", {"email": address})
    assert answer.url == "/accounts/password/reset/done/"
    (letter,) = read_mail()
    assert letter.to == [address]


def test_choose_a_new_password_by_mail_ends_other_sessions(client):
    person = UserFactory()
    type_password(client, person)
    elsewhere = Client()
    elsewhere.post("/accounts/password/reset/", {"email": person.email})
    form = elsewhere.get(link_in(read_mail()[0]), follow=True)
    elsewhere.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert client.get("/accounts/").status_code == 302
    type_password(elsewhere, person, NEW)
    assert is_logged_in(elsewhere)
    assert any("password" in letter.subject for letter in read_mail()[1:])


def test_promise_of_a_password_letter_holds_no_link_in_clear(client):
    client.post("/accounts/password/reset/", {"email": UserFactory().email})
    payload = OutboxMessage.objects.get().payload
    assert "/accounts/" not in str(payload)


def test_change_the_password_to_a_short_one_is_refused(client):
    person = UserFactory()
    type_password(client, person)
    data = {"oldpassword": PASSWORD, "password1": "elevenchars", "password2": "elevenchars"}
    answer = client.post("/accounts/password/change/", data)
    assert "at least 12" in str(answer.context["form"].errors)


def test_change_the_address_takes_the_link_sent_to_the_new_one(client):
    person = UserFactory()
    type_password(client, person)
    client.post("/accounts/email/", {"action_add": "", "email": "changed@business.example"})
    person.refresh_from_db()
    assert person.email != "changed@business.example"
    letter = next(m for m in read_mail() if m.to == ["changed@business.example"])
    client.post(link_in(letter))
    person.refresh_from_db()
    assert person.email == "changed@business.example"


def test_see_ones_sessions_and_end_the_others(client):
    person = UserFactory()
    type_password(client, person)
    other = Client(HTTP_USER_AGENT="Forgotten tablet")
    type_password(other, person)
    assert "Forgotten tablet" in client.get("/accounts/sessions/").content.decode()
    client.post("/accounts/sessions/")
    assert other.get("/accounts/").status_code == 302
    assert client.get("/accounts/").status_code == 200


def test_change_ones_name_is_recorded(client):
    person = UserFactory()
    client.force_login(person)
    client.post("/accounts/", {"name": "Married Name", "language": "sv"})
    person.refresh_from_db()
    assert (person.name, person.language) == ("Married Name", "sv")
    assert AuditEvent.objects.get(event="details_changed").facts == {"fields": ["name", "language"]}


def test_add_an_authenticator_tells_the_person_by_mail(client, django_capture_on_commit_callbacks):
    person = UserFactory()
    type_password(client, person)
    secret = client.get("/accounts/2fa/totp/activate/").context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/2fa/totp/activate/", {"code": code_for(secret)})
    (letter,) = read_mail()
    assert letter.to == [person.email]
    assert "authenticator app was added" in letter.subject
    assert AuditEvent.objects.filter(event="totp_activated").exists()


# --- Faces ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("face", "staff", "admitted"),
    [
        ("site", False, True),
        ("site", True, False),
        ("office", True, True),
        ("office", False, False),
        ("intake", True, False),
        ("intake", False, False),
    ],
)
def test_each_face_admits_its_own_people(settings, client, face, staff, admitted):
    settings.FACES = frozenset({face})
    person = UserFactory(staff=staff)
    assert faces.admits(person) is admitted
    type_password(client, person)
    assert is_logged_in(client) is admitted


def test_log_in_at_the_wrong_face_reads_as_any_wrong_password(settings, client):
    settings.FACES = frozenset({"site"})
    officer = UserFactory(caseworker=True)
    sentences = {
        str(type_password(client, officer, password).context["form"].non_field_errors())
        for password in (PASSWORD, "wrong wrong wrong")
    }
    (sentence,) = sentences
    assert "officers’ desk" in sentence


def test_session_of_the_wrong_face_is_nobodys(settings, client):
    officer = UserFactory(caseworker=True)
    at_the_desk(client, officer)
    settings.FACES = frozenset({"site"})
    assert client.get("/accounts/").status_code == 302


# --- Commands -------------------------------------------------------------------------------


def test_demo_code_prints_the_code_that_works(settings):
    settings.DEMONSTRATION = True
    officer = with_codes(UserFactory(caseworker=True))
    printed = StringIO()
    call_command("demo_code", officer.email, stdout=printed)
    assert second_factor.confirm_code(officer, printed.getvalue().strip())


def test_demo_code_outside_demonstration_is_refused():
    officer = with_codes(UserFactory(caseworker=True))
    with pytest.raises(CommandError, match="demonstration"):
        call_command("demo_code", officer.email)


def test_first_administrator_opens_the_desk_once():
    call_command("first_administrator", "admin@customs.example", "First Admin", stdout=StringIO())
    assert User.objects.get(email="admin@customs.example").has_role("system_administrator")
    assert read_mail()[0].to == ["admin@customs.example"]
    with pytest.raises(CommandError, match="already"):
        call_command("first_administrator", "b@customs.example", "B", stdout=StringIO())
