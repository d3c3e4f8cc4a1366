"""Unlocking the desk: passphrase and cookie and session together, for a while, counted."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from portal import keyring, pins, sealing
from portal.actions import keys
from portal.models import AuditEvent, DeskKey, KeyWrap, SealingKey, StaffRole
from tests.factories import UserFactory
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db

UNLOCKED = "Unlocked until"


def try_to_unlock(client, passphrase, **more):
    return client.post("/admin/unlock/", {"passphrase": passphrase, **more})


def is_unlocked(client):
    return UNLOCKED in client.get("/admin/").content.decode() and keys_open(client)


def keys_open(client):
    """Whether a view would be given the keys."""
    request = client.get("/admin/").wsgi_request
    return keyring.is_unlocked(request)


def test_unlock_the_desk_opens_the_keys(client, desk):
    desk.unlocked(client, desk.officer)
    request = client.get("/admin/").wsgi_request
    assert set(keyring.current(request).seeds) == {"unit:desk#1"}
    assert UNLOCKED in client.get("/admin/").content.decode()


def test_unlock_with_a_wrong_passphrase_opens_nothing_and_is_recorded(client, desk):
    at_the_desk(client, desk.officer)
    answer = try_to_unlock(client, "AAAAA-AAAAA-AAAAA-AAAAA")
    assert "not your desk passphrase" in answer.content.decode()
    assert not keys_open(client)
    event = AuditEvent.objects.get(event="desk_unlock_failed")
    assert (event.actor, event.facts) == (f"user:{desk.officer.pk}", {})


def test_unlock_after_five_wrong_passphrases_waits_a_quarter_of_an_hour(client, desk):
    at_the_desk(client, desk.officer)
    for _ in range(5):
        try_to_unlock(client, "WRONG")
    right = desk.passphrases[desk.officer.pk]
    assert "Too many" in try_to_unlock(client, right).content.decode()
    with time_machine.travel(time.time() + 15 * 60 + 1):
        assert try_to_unlock(client, right).status_code == 302


def test_unlock_rightly_forgets_earlier_slips(client, desk):
    at_the_desk(client, desk.officer)
    for passphrase in ["WRONG"] * 4 + [desk.passphrases[desk.officer.pk]] + ["WRONG"] * 4:
        try_to_unlock(client, passphrase)
    assert try_to_unlock(client, desk.passphrases[desk.officer.pk]).status_code == 302


@pytest.mark.parametrize("away", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_unlock_goes_on_within_this_site_only(client, desk, away):
    at_the_desk(client, desk.officer)
    right = desk.passphrases[desk.officer.pk]
    assert try_to_unlock(client, right, next=away).url == "/admin/"
    assert try_to_unlock(client, right, next="/admin/x/?a=1").url == "/admin/x/?a=1"


def test_lock_the_desk_forgets_the_keys(client, desk):
    desk.unlocked(client, desk.officer)
    client.post("/admin/lock/")
    assert not keys_open(client)
    assert not client.cookies[keyring.COOKIE].value
    assert AuditEvent.objects.filter(event="desk_locked").count() == 1


def test_leave_the_desk_idle_locks_it(client, desk):
    desk.unlocked(client, desk.officer)
    with time_machine.travel(time.time() + 14 * 60):
        assert keys_open(client)
    with time_machine.travel(time.time() + 15 * 60 + 1):
        assert not is_unlocked(client)


def test_sign_out_locks_the_desk(client, desk):
    desk.unlocked(client, desk.officer)
    cookie = client.cookies[keyring.COOKIE].value
    client.post("/accounts/logout/")
    at_the_desk(client, desk.officer)
    client.cookies[keyring.COOKIE] = cookie
    assert not keys_open(client)


def test_stolen_session_without_the_cookie_opens_nothing(client, desk):
    desk.unlocked(client, desk.officer)
    thief = type(client)()
    thief.cookies[settings.SESSION_COOKIE_NAME] = client.session.session_key
    assert not keys_open(thief)


def test_stolen_cookie_without_the_session_opens_nothing(client, desk):
    desk.unlocked(client, desk.officer)
    thief = at_the_desk(type(client)(), desk.supervisor)
    thief.cookies[keyring.COOKIE] = client.cookies[keyring.COOKIE].value
    assert not keys_open(thief)


def test_box_of_another_officer_opens_nothing(client, desk):
    desk.unlocked(client, desk.officer)
    other = at_the_desk(type(client)(), desk.supervisor)
    session = other.session
    session["keyring"] = client.session["keyring"]
    session.save()
    other.cookies[keyring.COOKIE] = client.cookies[keyring.COOKIE].value
    assert not keys_open(other)


def test_key_that_was_taken_back_is_used_no_longer(client, desk):
    desk.unlocked(client, desk.supervisor)
    KeyWrap.objects.filter(desk_key__user=desk.supervisor).first().delete()
    assert not keys_open(client)


def test_desk_key_that_was_ended_is_used_no_longer(client, desk):
    desk.unlocked(client, desk.officer)
    DeskKey.objects.filter(user=desk.officer).update(revoked_at=timezone.now())
    assert not keys_open(client)


def test_cookie_of_the_desk_is_for_the_browser_alone(client, desk):
    at_the_desk(client, desk.officer)
    cookie = try_to_unlock(client, desk.passphrases[desk.officer.pk]).cookies[keyring.COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/")


def test_pages_of_the_desk_are_stored_nowhere(client, desk):
    desk.unlocked(client, desk.officer)
    for page in ("/admin/", "/admin/unlock/", "/admin/desk-key/"):
        assert "no-store" in client.get(page)["Cache-Control"], page


@pytest.mark.parametrize("role", StaffRole.values)
def test_unlock_page_exists_for_those_whose_work_is_sealed(client, role):
    at_the_desk(client, UserFactory(**{role: True}))
    sealed = role in {
        "triage_officer",
        "supervisor",
        "identity_custodian",
        "liaison_officer",
    }
    assert client.get("/admin/desk-key/").status_code == (200 if sealed else 404)
    assert client.get("/admin/unlock/").status_code == (302 if sealed else 404)
    assert ("/admin/unlock/" in client.get("/admin/").content.decode()) is sealed


def test_set_up_a_desk_key_shows_the_passphrase_once_and_wants_its_end(client):
    officer = UserFactory(triage_officer=True)
    at_the_desk(client, officer)
    shown = client.post("/admin/desk-key/")
    passphrase = shown.context["passphrase"]
    assert passphrase in shown.content.decode()
    begins = shown.context["form"]["begins"].value()
    wrong = client.post("/admin/confirm-desk-key/", {"begins": begins, "last": "WRONG"})
    assert passphrase not in wrong.content.decode()
    assert DeskKey.objects.get(user=officer).confirmed_at is None
    client.post("/admin/confirm-desk-key/", {"begins": begins, "last": passphrase[-5:].lower()})
    assert DeskKey.objects.get(user=officer).confirmed_at is not None
    assert passphrase[-5:] not in client.get("/admin/desk-key/").content.decode()


def test_set_up_a_desk_key_again_before_its_end_was_typed_back(client):
    officer = UserFactory(triage_officer=True)
    at_the_desk(client, officer)
    client.post("/admin/desk-key/")
    client.post("/admin/desk-key/")
    assert DeskKey.objects.filter(user=officer, revoked_at=None).count() == 1


def test_set_up_a_second_desk_key_is_refused(client, desk):
    at_the_desk(client, desk.officer)
    DeskKey.objects.filter(user=desk.officer).update(confirmed_at=timezone.now())
    before = DeskKey.objects.get(user=desk.officer).pk
    client.post("/admin/desk-key/")
    assert DeskKey.objects.get(user=desk.officer, revoked_at=None).pk == before


# --- Officers and their keys ------------------------------------------------------------------


def newcomer(desk):
    person = UserFactory(triage_officer=True)
    desk.passphrases[person.pk] = keys.set_up_desk_key(user=person, confirmed=True)
    own = DeskKey.objects.get(user=person)
    return person, sealing.fingerprint(bytes(own.public))


def test_add_an_officer_by_the_fingerprint_they_read_out(client, desk):
    officer, fingerprint = newcomer(desk)
    desk.unlocked(client, desk.supervisor)
    assert officer.name in client.get("/admin/officers/").content.decode()
    page = f"/admin/officers/{officer.pk}/add/"
    assert fingerprint not in client.get(page).content.decode()
    assert "not the fingerprint" in client.post(page, {"typed": "X"}, follow=True).content.decode()
    client.post(page, {"typed": fingerprint}, follow=True)
    assert set(desk.keys_of(officer).seeds) == {"unit:desk#1"}
    assert officer.name not in client.get("/admin/officers/").content.decode()


def test_add_an_officer_while_locked_asks_for_the_passphrase(client, desk):
    officer, _ = newcomer(desk)
    at_the_desk(client, desk.supervisor)
    answer = client.get(f"/admin/officers/{officer.pk}/add/")
    assert answer.url.startswith("/admin/unlock/?next=%2Fadmin%2Fofficers")


def test_end_a_desk_key_on_its_page(client, desk):
    at_the_desk(client, desk.supervisor)
    own = DeskKey.objects.get(user=desk.officer)
    client.post(f"/admin/portal/deskkey/{own.pk}/end/", {"why": "leaves"})
    assert not desk.officer.desk_keys.filter(revoked_at=None).exists()
    assert "Keys to be rotated" in client.get("/admin/").content.decode()


def test_end_the_last_desk_key_on_its_page_says_what_to_do(client, desk):
    at_the_desk(client, desk.supervisor)
    own = DeskKey.objects.get(user=desk.custodian)
    page = f"/admin/portal/deskkey/{own.pk}/end/"
    answer = client.post(page, {"why": "lost"}, follow=True)
    assert "Nobody else holds" in answer.content.decode()
    assert desk.custodian.desk_keys.filter(revoked_at=None).exists()


def test_lists_of_keys_show_no_bytes(client, desk):
    at_the_desk(client, desk.supervisor)
    for table in (SealingKey, DeskKey):
        name = table._meta.model_name
        listed = client.get(f"/admin/portal/{name}/").content.decode()
        one = client.get(f"/admin/portal/{name}/{table.objects.first().pk}/change/")
        for page in (listed, one.content.decode()):
            assert "memory at" not in page
            assert "b&#x27;" not in page
    assert "in use" in client.get("/admin/portal/sealingkey/").content.decode()


def test_front_page_tells_that_the_pinned_keys_end(client, desk):
    at_the_desk(client, desk.supervisor)
    assert "until the pinned keys end" not in client.get("/admin/").content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=340)):
        pins.forget()
        at_the_desk(client, desk.supervisor)
        assert "until the pinned keys end" in client.get("/admin/").content.decode()
    with time_machine.travel(timezone.now() + timedelta(days=370)):
        pins.forget()
        at_the_desk(client, desk.supervisor)
        assert "The pinned keys ended" in client.get("/admin/").content.decode()
