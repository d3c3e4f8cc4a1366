"""Unlocked keys: what was swapped in the database opens nothing, and the clock locks the desk."""

from __future__ import annotations

import json
from importlib import import_module

import pytest
import time_machine
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import RequestFactory

from portal import keyring, sealing
from portal.keyring import KeyRefused, Locked, WrongPassphrase
from portal.models import DeskKey, KeyWrap, SealingKey

pytestmark = pytest.mark.django_db

KNOWN = "AAAAA-BBBBB-CCCCC-DDDDD"
Session = import_module(settings.SESSION_ENGINE).SessionStore


def wrap_of(user, name="unit:desk"):
    return KeyWrap.objects.get(desk_key__user=user, sealing_key__name=name)


# --- Swapped in the database ------------------------------------------------------------------


def swapped_for(public, seed, signer, slot="unit:desk#1"):
    """What somebody without the real key can wrap for an officer."""
    return sealing.seal_to(bytes(public), seed + signer, keyring.wrap_info(slot))


def test_wrapped_key_that_is_not_the_pinned_one_is_refused(desk):
    wrap = wrap_of(desk.officer)
    wrap.sealed = swapped_for(wrap.desk_key.public, sealing.new_seed(), sealing.new_signer())
    wrap.save()
    with pytest.raises(KeyRefused):
        desk.keys_of(desk.officer)


@pytest.mark.parametrize("signer", [b"", bytes(32), bytes(31)])
def test_wrapped_key_with_another_signing_half_is_refused(desk, signer):
    seed = desk.keys_of(desk.officer).seeds["unit:desk#1"]
    wrap = wrap_of(desk.officer)
    wrap.sealed = swapped_for(wrap.desk_key.public, seed, signer)
    wrap.save()
    with pytest.raises(KeyRefused):
        desk.keys_of(desk.officer)


def test_wrap_of_another_officer_is_refused(desk):
    KeyWrap.objects.filter(pk=wrap_of(desk.officer).pk).update(
        sealed=wrap_of(desk.supervisor).sealed
    )
    with pytest.raises(KeyRefused):
        desk.keys_of(desk.officer)


def test_wraps_of_two_keys_exchanged_are_refused(desk):
    one, other = (wrap_of(desk.supervisor, n) for n in ("unit:desk", "identity:supervisor"))
    one.sealed, other.sealed = other.sealed, one.sealed
    one.save()
    other.save()
    with pytest.raises(KeyRefused):
        desk.keys_of(desk.supervisor)


def test_wrap_of_a_key_that_is_not_pinned_opens_nothing(desk):
    """A version that the database made up is passed over, not used."""
    wrap = wrap_of(desk.officer)
    made_up = SealingKey.objects.create(name="unit:desk", version=2, public=bytes(32))
    KeyWrap.objects.create(
        sealing_key=made_up, desk_key=wrap.desk_key, sealed=wrap.sealed, voucher=wrap.voucher
    )
    assert set(desk.keys_of(desk.officer).seeds) == {"unit:desk#1"}


def test_public_halves_in_the_database_change_nothing_for_whoever_unlocks(desk):
    before = desk.keys_of(desk.officer)
    SealingKey.objects.update(public=sealing.public_of(sealing.new_seed()), verifier=bytes(32))
    assert desk.keys_of(desk.officer) == before


def test_locked_half_of_another_officer_is_refused_whosever_passphrase_is_given(desk):
    others = DeskKey.objects.get(user=desk.supervisor)
    DeskKey.objects.filter(user=desk.officer).update(locked=others.locked, public=others.public)
    for person in (desk.officer, desk.supervisor):
        with pytest.raises(WrongPassphrase):
            keyring.open_keys(desk.officer, desk.passphrases[person.pk])


@pytest.mark.parametrize("public_too", [False, True])
def test_locked_half_that_somebody_made_opens_no_key(desk, public_too):
    seed = sealing.new_seed()
    info = keyring.locking_info(desk.officer)
    made = {"locked": sealing.lock_up(seed, keyring.tidy(KNOWN), info)}
    made |= {"public": sealing.public_of(seed)} if public_too else {}
    DeskKey.objects.filter(user=desk.officer).update(**made)
    with pytest.raises(KeyRefused):
        keyring.open_keys(desk.officer, KNOWN)


def test_index_of_another_key_is_refused(desk):
    """Even one that its own holders sealed: a name goes with it."""
    row = SealingKey.objects.get(name="unit:desk")
    seed = desk.keys_of(desk.officer).seeds[row.slot]
    row.sealed_index = keyring.seal_index(seed, bytes(32), "unit:drugs#1")
    row.save()
    with pytest.raises(KeyRefused):
        desk.keys_of(desk.officer)


def test_voucher_is_for_one_key_one_officer_and_one_desk_key(desk):
    seed, desk_key = sealing.new_seed(), DeskKey.objects.get(user=desk.officer)
    other = DeskKey.objects.get(user=desk.supervisor)
    word = keyring.voucher(seed, "unit:desk#1", desk_key)
    assert keyring.voucher(seed, "unit:desk#1", desk_key) == word
    assert keyring.voucher(sealing.new_seed(), "unit:desk#1", desk_key) != word
    assert keyring.voucher(seed, "unit:desk#2", desk_key) != word
    assert keyring.voucher(seed, "unit:desk#1", other) != word
    desk_key.public = other.public
    assert keyring.voucher(seed, "unit:desk#1", desk_key) != word


@pytest.mark.parametrize("change", [str.lower, lambda text: text.replace("-", " "), "  {} ".format])
def test_passphrase_is_taken_however_it_is_typed(desk, change):
    right = desk.passphrases[desk.officer.pk]
    assert keyring.open_keys(desk.officer, change(right)).seeds


# --- In the session ---------------------------------------------------------------------------

NOON = 1_795_000_000.0


def at(seconds):
    return time_machine.travel(NOON + seconds, tick=False)


class Browser:
    """One session and its cookie, at noon unlocked by its officer."""

    def __init__(self, desk, user):
        self.user, self.session, self.cookie = user, Session(), ""
        with at(0):
            self.unlock(desk)

    def request(self):
        request = RequestFactory().get("/admin/")
        request.user, request.session = self.user, self.session
        request.COOKIES = {keyring.COOKIE: self.cookie} if self.cookie else {}
        return request

    def unlock(self, desk):
        response = HttpResponse()
        keyring.unlock(self.request(), response, desk.passphrases[self.user.pk])
        self.cookie = response.cookies[keyring.COOKIE].value

    def opens(self, seconds):
        with at(seconds):
            return keyring.is_unlocked(self.request())


@pytest.fixture
def browser(desk):
    return Browser(desk, desk.officer)


def test_keys_come_back_from_the_session_as_they_were(desk, browser):
    with at(1):
        assert keyring.current(browser.request()) == desk.keys_of(desk.officer)


def test_lock_at_fifteen_minutes_and_not_a_second_before(browser):
    assert browser.opens(15 * 60 - 1)
    other = Browser.__new__(Browser)
    vars(other).update(vars(browser), session=Session())
    other.session["keyring"] = {**browser.session["keyring"], "seen": NOON}
    assert not other.opens(15 * 60)


def test_desk_that_was_idle_stays_locked_when_the_clock_is_turned_back(browser):
    assert not browser.opens(15 * 60)
    assert not browser.opens(10)


def test_clock_before_the_last_use_locks(browser):
    assert not browser.opens(-1)


def test_use_moves_the_end_and_writes_the_session_every_half_minute_at_most(browser):
    assert browser.opens(keyring.SEEN_EVERY)
    assert browser.session["keyring"]["seen"] == NOON
    assert browser.opens(keyring.SEEN_EVERY + 1)
    assert browser.session["keyring"]["seen"] == NOON + keyring.SEEN_EVERY + 1
    for minute in range(14, 60, 14):
        assert browser.opens(minute * 60)
    assert not browser.opens((56 + 15) * 60)


def test_end_is_told_without_moving_it(browser):
    with at(100):
        until = keyring.unlocked_until(browser.request())
    assert until.timestamp() == NOON + keyring.IDLE_SECONDS
    assert browser.session["keyring"]["seen"] == NOON
    with at(keyring.IDLE_SECONDS):
        assert keyring.unlocked_until(browser.request()) is None
    browser.cookie = ""
    with at(100):
        assert keyring.unlocked_until(browser.request()) is None


@pytest.mark.parametrize("cookie", ["", "x", "AAAA", "A" * 43 + "=", "é", "A" * 4000])
def test_cookie_that_is_not_the_key_opens_nothing(browser, cookie):
    assert browser.opens(1)
    browser.cookie = cookie
    assert not browser.opens(2)


def test_cookie_of_an_earlier_unlocking_opens_nothing(desk, browser):
    earlier = browser.cookie
    with at(1):
        browser.unlock(desk)
    assert browser.opens(2)
    browser.cookie = earlier
    assert not browser.opens(2)


def test_session_and_cookie_of_two_officers_open_nothing_together(desk, browser):
    other = Browser(desk, desk.supervisor)
    browser.cookie, other.cookie = other.cookie, browser.cookie
    assert not browser.opens(1)
    assert not other.opens(1)


def test_session_and_cookie_open_nothing_for_another_who_is_logged_in(desk, browser):
    browser.user = desk.supervisor
    assert not browser.opens(1)
    browser.user = AnonymousUser()
    assert not browser.opens(1)


def test_session_holds_no_key_that_the_database_could_read(desk, browser):
    kept = json.dumps(dict(browser.session.items()))
    held = desk.keys_of(desk.officer)
    for secret in (*held.seeds.values(), *held.signers.values(), held.index):
        assert keyring._text(secret) not in kept
        assert secret.hex() not in kept
    assert browser.cookie not in kept
    assert desk.passphrases[desk.officer.pk] not in kept


def test_lock_leaves_nothing_in_the_session_or_the_browser(browser):
    response = HttpResponse()
    keyring.lock(browser.request(), response)
    assert "keyring" not in browser.session
    assert response.cookies[keyring.COOKIE]["max-age"] == 0
    assert not browser.opens(1)


def test_keys_show_nothing_of_themselves_when_printed(desk):
    held = desk.keys_of(desk.officer)
    shown = repr(held)
    for secret in (*held.seeds.values(), *held.signers.values(), held.index):
        assert repr(secret)[2:-1] not in shown
        assert secret.hex() not in shown


def test_locked_desk_tells_why(browser):
    with at(keyring.IDLE_SECONDS), pytest.raises(Locked, match="nobody used it"):
        keyring.current(browser.request())
    with at(keyring.IDLE_SECONDS), pytest.raises(Locked, match="Give your desk passphrase"):
        keyring.current(browser.request())
