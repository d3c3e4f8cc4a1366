"""Letters that say nothing: always at one time, always alike, never a number or a reference."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from portal import outbox
from portal.models import OutboxMessage
from reporting import notifications, tasks
from reporting.actions import conversation
from reporting.actions.filing import file_report
from reporting.models import Report
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.reporting import cases

pytestmark = pytest.mark.django_db
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def at(day, hour, minute=0, month=11):
    return datetime(2026, month, day, hour, minute, tzinfo=STOCKHOLM)


def beat(moment):
    """One tick of the beat, and a worker that does what was promised."""
    with time_machine.travel(moment, tick=False):
        tasks.send_digest()
        outbox.deliver_open()


def test_digest_comes_at_its_time_and_once_a_day():
    officer = UserFactory(triage_officer=True)
    for minute in (-1, 0, 1, 30):
        beat(at(25, 7) + timedelta(minutes=minute))
    assert [m.to for m in mail.outbox] == [[officer.email]]
    beat(at(26, 7))
    assert len(mail.outbox) == 2


@pytest.mark.parametrize(("month", "day"), [(3, 29), (10, 25)])
def test_digest_keeps_its_hour_when_the_clocks_change(month, day):
    UserFactory(triage_officer=True)
    beat(at(day, 6, 59, month))
    assert mail.outbox == []
    beat(at(day, 7, 0, month))
    assert len(mail.outbox) == 1


def test_digest_is_the_same_whether_something_waits_or_not():
    UserFactory(supervisor=True)
    beat(at(25, 7))
    for _ in range(3):
        Report.objects.create(urgent=True)
    beat(at(26, 7))
    first, second = mail.outbox
    assert (first.subject, first.body) == (second.subject, second.body)
    assert not any(character.isdigit() for character in first.subject)


def test_digest_missed_is_left_out():
    UserFactory(triage_officer=True)
    beat(at(25, 9, 1))
    assert mail.outbox == []


def test_digests_do_not_pile_up_while_no_worker_runs():
    UserFactory(triage_officer=True)
    for day in (23, 24, 25):
        with time_machine.travel(at(day, 7), tick=False):
            tasks.send_digest()
    with time_machine.travel(at(25, 7, 5), tick=False):
        outbox.deliver_open()
    assert len(mail.outbox) == 1
    assert not OutboxMessage.objects.filter(done_at=None).exists()


def test_digest_goes_to_officers_only():
    for role in ("auditor", "system_administrator", "data_protection_officer", "caseworker"):
        UserFactory(**{role: True})
    UserFactory(triage_officer=True, is_active=False)
    beat(at(25, 7))
    assert mail.outbox == []


def test_ping_of_a_person_who_left_is_not_sent():
    officer = UserFactory(triage_officer=True)
    notifications.ping(*notifications.OFFICERS)
    officer.is_active = False
    officer.save()
    outbox.deliver_open()
    assert mail.outbox == []


def test_ping_speaks_the_language_of_its_reader():
    UserFactory(supervisor=True, language="sv")
    notifications.ping(*notifications.OFFICERS)
    outbox.deliver_open()
    assert mail.outbox[0].extra_headers["Content-Language"] == "sv"


def test_tell_firm_writes_to_its_owners_when_the_hour_is_full():
    owner = UserFactory()
    firm = OrganisationFactory(owner=owner)
    MembershipFactory(organisation=firm)
    moment = datetime(2026, 11, 25, 14, 20, tzinfo=UTC)
    with time_machine.travel(moment, tick=False) as clock:
        notifications.tell_firm(firm)
        notifications.tell_firm(firm)
        outbox.deliver_open()
        assert mail.outbox == []
        clock.shift(timedelta(minutes=40))
        outbox.deliver_open()
    assert [(m.to, m.subject) for m in mail.outbox] == [([owner.email], "You have a message")]
    assert "report" not in mail.outbox[0].body.lower()


@pytest.mark.parametrize(("capacity", "letters"), [("firm", 1), ("own", 0)])
def test_reply_tells_the_owners_of_the_firm_that_reported_and_of_no_other(desk, capacity, letters):
    owner = UserFactory()
    firm = OrganisationFactory(owner=owner)
    filed = {
        **cases.CONTENT["filed"],
        "capacity": capacity,
        "organisation": {"uuid": str(firm.uuid), "name": firm.legal_name},
    }
    told = file_report(
        content={**cases.CONTENT, "filed": filed},
        identity=None,
        files=(),
        firm_tag="f" * 64 if capacity == "firm" else "",
    )
    report = Report.objects.get(reference=told.reference)
    keys = desk.keys_of(desk.officer)
    conversation.reply(report=report, keys=keys, by=desk.officer, text="Thank you")
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        outbox.deliver_open()
    assert [m.to for m in mail.outbox if "message" in m.subject] == [[owner.email]] * letters
    kept = [
        f"{row.key} {row.payload}" for row in OutboxMessage.objects.filter(task__contains="letter")
    ]
    assert not any(str(report.pk) in text for text in kept)
