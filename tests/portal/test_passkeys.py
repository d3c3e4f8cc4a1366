"""A passkey's signature counts for one document, one person, one time."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from allauth.core import context
from django.utils import timezone

from portal import second_factor
from tests.factories import UserFactory
from tests.passkeys import Passkey

pytestmark = pytest.mark.django_db

DOCUMENT, CONSENT = "aa" * 32, "bb" * 32
BOUND = second_factor.binding("test.sign", DOCUMENT, CONSENT)


@pytest.fixture
def person():
    return UserFactory()


@pytest.fixture
def passkey(person):
    return Passkey(person)


@pytest.fixture
def request_(rf):
    request = rf.get("/", headers={"host": "localhost:8000"})
    request.session = {}
    with context.request_context(request):
        yield request


def _begin(request, person, bound=BOUND):
    return json.loads(json.dumps(second_factor.begin_passkey(request, person, bound)))


def _complete(request, person, answer, bound=BOUND):
    return second_factor.complete_passkey(request, person, bound, json.dumps(answer))


def test_sign_with_a_passkey_keeps_evidence_that_can_be_checked(request_, person, passkey):
    evidence = _complete(request_, person, passkey.answer(_begin(request_, person)))
    kept = json.loads(json.dumps(evidence))
    assert second_factor.verify_evidence(BOUND, kept)
    assert passkey.authenticator.last_used_at is not None


def test_evidence_for_another_document_does_not_hold(request_, person, passkey):
    evidence = _complete(request_, person, passkey.answer(_begin(request_, person)))
    other = second_factor.binding("test.sign", "cc" * 32, CONSENT)
    assert not second_factor.verify_evidence(other, evidence)
    assert not second_factor.verify_evidence(BOUND, {**evidence, "signature": "AAAA"})


@pytest.mark.parametrize(
    "other",
    [
        second_factor.binding("test.sign", "cc" * 32, CONSENT),
        second_factor.binding("test.sign", DOCUMENT, "cc" * 32),
        second_factor.binding("test.other", DOCUMENT, CONSENT),
    ],
    ids=["document", "consent", "purpose"],
)
def test_sign_another_document_with_the_answer_is_refused(request_, person, passkey, other):
    answer = passkey.answer(_begin(request_, person))
    with pytest.raises(second_factor.WrongPasskey):
        _complete(request_, person, answer, other)


def test_sign_twice_with_one_answer_is_refused(request_, person, passkey):
    answer = passkey.answer(_begin(request_, person))
    _complete(request_, person, answer)
    with pytest.raises(second_factor.WrongPasskey):
        _complete(request_, person, answer)
    _begin(request_, person)
    with pytest.raises(second_factor.WrongPasskey):
        _complete(request_, person, answer)


def test_sign_without_finger_or_pin_is_refused(request_, person, passkey):
    answer = passkey.answer(_begin(request_, person), verified=False)
    with pytest.raises(second_factor.WrongPasskey):
        _complete(request_, person, answer)


def test_sign_with_somebody_elses_passkey_is_refused(request_, person, passkey):
    stranger = Passkey(UserFactory())
    with pytest.raises(second_factor.WrongPasskey):
        _complete(request_, person, stranger.answer(_begin(request_, person)))
    with pytest.raises(second_factor.WrongPasskey):
        _complete(request_, stranger.user, passkey.answer(_begin(request_, person)))


def test_sign_from_another_site_is_refused(request_, person):
    elsewhere = Passkey(person, origin="https://evil.example")
    with pytest.raises(second_factor.WrongPasskey):
        _complete(request_, person, elsewhere.answer(_begin(request_, person)))


def test_sign_too_late_is_refused(request_, person, passkey):
    answer = passkey.answer(_begin(request_, person))
    with (
        time_machine.travel(timezone.now() + timedelta(minutes=11)),
        pytest.raises(second_factor.WrongPasskey),
    ):
        _complete(request_, person, answer)


@pytest.mark.parametrize(
    "nonsense", ["", "{}", "[]", "null", "7", '"text"', '{"id": 3}', '{"response": []}', "\x00"]
)
def test_sign_with_nonsense_is_refused(request_, person, passkey, nonsense):
    _begin(request_, person)
    with pytest.raises(second_factor.WrongPasskey):
        second_factor.complete_passkey(request_, person, BOUND, nonsense)


@pytest.mark.parametrize("nonsense", ["{}", "[7]", "7", '"text"', '{"id": 3}', '{"response": 1}'])
def test_log_in_with_nonsense_is_refused(client, nonsense):
    client.get("/accounts/2fa/webauthn/login/", headers={"accept": "application/json"})
    answer = client.post("/accounts/2fa/webauthn/login/", {"credential": nonsense})
    assert answer.status_code == 302


def test_bindings_do_not_run_together():
    assert second_factor.binding("a", "bb" * 32) != second_factor.binding("a", "bb" * 31, "bb")
