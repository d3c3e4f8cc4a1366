"""Who reported: two people open it together, once, for one report; there is no way around."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.keyring import Locked
from portal.models import AuditEvent
from portal.sealing import SealBroken
from reporting import envelopes
from reporting.actions import identities
from reporting.models import Exclusion, IdentityRequest, Slot
from tests.factories import UserFactory
from tests.reporting.sealed import make_report, make_report_by

pytestmark = pytest.mark.django_db(transaction=True)

WHO = {"name": "Eva Holm", "phone": "+46 31 555 01 00"}
WHY = "Testimony is needed in court"


def report_of_somebody():
    return make_report_by(json.dumps(WHO).encode())


def ask(desk, report=None):
    report = report or report_of_somebody()
    return identities.request_identity(report=report, by=desk.supervisor, reason=WHY)


def release(desk, asked):
    keys = desk.keys_of(desk.custodian)
    return identities.release_identity(request=asked, keys=keys, by=desk.custodian)


def open_(desk, asked, by=None):
    by = by or desk.supervisor
    return identities.open_identity(request=asked, keys=desk.keys_of(by), by=by)


def assert_opens_nothing(desk, asked, by):
    """Whatever is done with what this person holds and what lies in the database."""
    envelope = identities._envelope(asked.report)
    slots, seeds = list(Slot.objects.filter(envelope=envelope)), desk.keys_of(by).seeds
    with pytest.raises(SealBroken):
        envelopes.opened(envelope, slots, seeds)


def test_open_by_both_together(desk):
    assert open_(desk, release(desk, ask(desk))) == WHO


def test_open_is_recorded_with_reason_and_without_a_name(desk):
    open_(desk, release(desk, ask(desk)))
    written = AuditEvent.objects.filter(event__startswith="identity_").order_by("pk")
    events = {e.event: e for e in written}
    assert list(events) == ["identity_requested", "identity_released", "identity_opened"]
    opened = events["identity_opened"]
    assert (opened.kind, opened.reason) == ("consultation", WHY)
    assert opened.facts["released_by"] == f"user:{desk.custodian.pk}"
    assert events["identity_released"].kind == "disclosure"
    assert not any("Holm" in str(vars(event)) for event in AuditEvent.objects.all())


def test_open_a_second_time_is_refused_and_the_half_is_gone(desk):
    asked = release(desk, ask(desk))
    open_(desk, asked)
    with pytest.raises(NotAllowed):
        open_(desk, asked)
    assert IdentityRequest.objects.get().released is None


def test_open_as_supervisor_alone_is_refused(desk):
    asked = ask(desk)
    with pytest.raises(NotAllowed):
        open_(desk, asked)
    assert_opens_nothing(desk, asked, desk.supervisor)


def test_open_as_custodian_alone_is_refused(desk):
    asked = release(desk, ask(desk))
    with pytest.raises(NotAllowed):
        open_(desk, asked, by=desk.custodian)
    assert_opens_nothing(desk, asked, desk.custodian)
    assert IdentityRequest.objects.get().opened_at is None


@pytest.mark.parametrize("role", ["system_administrator", "auditor", "triage_officer"])
def test_request_and_release_without_the_role_are_refused(desk, role):
    report, person = report_of_somebody(), UserFactory(**{role: True})
    with pytest.raises(NotAllowed):
        identities.request_identity(report=report, by=person, reason=WHY)
    with pytest.raises(NotAllowed):
        identities.release_identity(
            request=ask(desk, report), keys=desk.keys_of(desk.custodian), by=person
        )


def test_release_by_the_one_who_asked_is_refused(desk):
    both = UserFactory(supervisor=True, identity_custodian=True)
    desk.join(both)
    asked = identities.request_identity(report=report_of_somebody(), by=both, reason=WHY)
    with pytest.raises(NotAllowed):
        identities.release_identity(request=asked, keys=desk.keys_of(both), by=both)


def test_release_without_the_custodians_key_is_refused(desk):
    with pytest.raises(Locked):
        identities.release_identity(
            request=ask(desk), keys=desk.keys_of(desk.supervisor), by=desk.custodian
        )


def test_open_what_was_released_to_another_supervisor_is_refused(desk):
    other = UserFactory(supervisor=True)
    desk.join(other)
    with pytest.raises(NotAllowed):
        open_(desk, release(desk, ask(desk)), by=other)


def test_open_with_a_half_released_for_another_request_is_refused(desk):
    """Also when somebody with the database in hand moves it."""
    one, other = release(desk, ask(desk)), release(desk, ask(desk))
    IdentityRequest.objects.filter(pk=other.pk).update(released=one.released)
    with pytest.raises(SealBroken):
        open_(desk, other)
    assert open_(desk, one) == WHO


def test_open_again_with_a_half_put_back_is_refused(desk):
    report = report_of_somebody()
    first = release(desk, ask(desk, report))
    half = first.released
    open_(desk, first)
    second = release(desk, ask(desk, report))
    IdentityRequest.objects.filter(pk=second.pk).update(released=half)
    with pytest.raises(SealBroken):
        open_(desk, second)


def test_open_with_halves_swapped_in_the_database_is_refused(desk):
    asked = release(desk, ask(desk))
    custodian, supervisor = (
        Slot.objects.get(envelope__report=asked.report, recipient=f"{name}#1")
        for name in envelopes.IDENTITY_PAIR
    )
    Slot.objects.filter(pk=supervisor.pk).update(sealed=custodian.sealed)
    with pytest.raises(SealBroken):
        open_(desk, asked)


def test_refuse_says_why_and_ends_it(desk):
    asked = ask(desk)
    identities.refuse_identity(
        request=asked, by=desk.custodian, reason="The report tells enough without it"
    )
    assert IdentityRequest.objects.get().refusal == "The report tells enough without it"
    with pytest.raises(NotAllowed):
        release(desk, asked)


def test_expire_ends_requests_and_deletes_halves(desk):
    asked = release(desk, ask(desk))
    with time_machine.travel(timezone.now() + timedelta(hours=25), tick=False):
        with pytest.raises(NotAllowed):
            open_(desk, asked)
        assert identities.expire() == 1
        assert identities.expire() == 0
    assert IdentityRequest.objects.get().released is None


def test_request_with_a_conflict_of_interest_is_refused(desk):
    report = report_of_somebody()
    Exclusion.objects.create(report=report, user=desk.supervisor, excluded_by=desk.officer)
    with pytest.raises(NotAllowed):
        ask(desk, report)


def test_release_with_a_conflict_of_interest_is_refused(desk):
    asked = ask(desk)
    Exclusion.objects.create(report=asked.report, user=desk.custodian, excluded_by=desk.supervisor)
    with pytest.raises(NotAllowed):
        release(desk, asked)


def test_request_twice_is_refused(desk):
    report = report_of_somebody()
    ask(desk, report)
    with pytest.raises(AlreadyDone):
        ask(desk, report)


def test_request_of_an_anonymous_report_is_refused(desk):
    with pytest.raises(DomainError, match="has not said"):
        ask(desk, make_report())


def test_request_without_a_reason_is_refused(desk):
    with pytest.raises(DomainError):
        identities.request_identity(
            report=report_of_somebody(), by=desk.supervisor, reason="because"
        )
