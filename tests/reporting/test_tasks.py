"""What a worker does when something came in: no event, row or letter tells the minute or which."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail

from portal import outbox
from portal.models import AuditEvent, OutboxMessage
from reporting.lifecycle import Status
from reporting.models import Report
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 25, 14, 37, 12, tzinfo=UTC)


def filed(**fields):
    """A report as intake leaves it: the row, and the promise."""
    report = Report.objects.create(**fields)
    promise("received", report)
    return report


def promise(what, report):
    key = f"{what}:{report.pk}:{OutboxMessage.objects.count()}"
    outbox.enqueue(f"reporting.{what}", key=key, report_id=str(report.pk))


def test_received_is_recorded_when_the_hour_is_full():
    with time_machine.travel(AT, tick=False) as clock:
        report = filed()
        outbox.deliver_open()
        assert not AuditEvent.objects.filter(event="received").exists()
        clock.shift(timedelta(minutes=23))
        outbox.deliver_open()
    event = AuditEvent.objects.get(event="received")
    assert (event.kind, event.actor, event.target_id) == ("collection", "system", str(report.pk))
    assert event.facts == {"before": "2026-11-25T15:00:00+00:00"}


def test_received_leaves_no_promise_that_names_the_report():
    with time_machine.travel(AT, tick=False) as clock:
        report = filed(urgent=True)
        outbox.deliver_open()
        clock.shift(timedelta(hours=1))
        outbox.deliver_open()
    kept = [f"{row.key} {row.payload}" for row in OutboxMessage.objects.all()]
    assert not any(str(report.pk) in text or report.reference in text for text in kept)


def test_received_twice_is_recorded_once():
    with time_machine.travel(AT, tick=False) as clock:
        report = filed()
        promise("received", report)
        outbox.deliver_open()
        clock.shift(timedelta(hours=1))
        outbox.deliver_open()
        promise("received", report)
        outbox.deliver_open()
    assert AuditEvent.objects.filter(event="received").count() == 1


def test_received_pings_nobody_when_it_is_not_urgent():
    UserFactory(triage_officer=True)
    filed()
    outbox.deliver_open()
    assert mail.outbox == []


def test_received_urgent_pings_the_desk_at_once_and_says_nothing():
    people = [UserFactory(triage_officer=True), UserFactory(supervisor=True)]
    UserFactory(auditor=True)
    report = filed(urgent=True)
    outbox.deliver_open()
    assert sorted(m.to[0] for m in mail.outbox) == sorted(p.email for p in people)
    for message in mail.outbox:
        text = message.subject + message.body + str(message.alternatives)
        assert report.reference not in text
        assert str(report.pk) not in text
        assert "urgent" not in message.subject.lower()


def test_received_flood_pings_each_officer_once_a_minute():
    UserFactory(triage_officer=True)
    with time_machine.travel(AT, tick=False):
        for _ in range(20):
            filed(urgent=True)
        outbox.deliver_open()
    assert len(mail.outbox) == 1


def test_received_of_a_report_that_is_gone_does_nothing():
    report = Report(urgent=True)
    promise("received", report)
    outbox.deliver_open()
    assert not OutboxMessage.objects.exists()


def test_word_received_brings_a_closed_report_back_to_the_queue():
    report = Report.objects.create(
        status=Status.CLOSED, outcome=Status.NO_ACTION, asked_at=AT, review_due=AT.date()
    )
    with time_machine.travel(AT, tick=False):
        promise("word_received", report)
        outbox.deliver_open()
    report.refresh_from_db()
    assert report.news_at == datetime(2026, 11, 25, 14, tzinfo=UTC)
    assert (report.asked_at, report.status) == (None, Status.CLOSED)
    assert str(report.review_due) == "2027-08-25"


def test_word_received_takes_a_report_out_of_its_review():
    report = Report.objects.create(status=Status.RETENTION_REVIEW, outcome=Status.OUT_OF_SCOPE)
    with time_machine.travel(AT, tick=False):
        promise("word_received", report)
        outbox.deliver_open()
    report.refresh_from_db()
    assert (report.status, str(report.review_due)) == (Status.CLOSED, "2027-02-25")


def test_word_received_about_a_merged_report_keeps_its_target_longer():
    target = Report.objects.create(status=Status.RETENTION_REVIEW, outcome=Status.ACTION)
    merged = Report.objects.create(status=Status.MERGED, merged_into=target)
    with time_machine.travel(AT, tick=False):
        promise("word_received", merged)
        outbox.deliver_open()
    target.refresh_from_db()
    assert (target.status, str(target.review_due)) == (Status.CLOSED, "2031-08-25")


def test_word_received_about_an_erased_report_changes_nothing():
    report = Report.objects.create(status=Status.ERASED)
    promise("word_received", report)
    outbox.deliver_open()
    report.refresh_from_db()
    assert report.news_at is None


def test_word_received_is_recorded_once_an_hour_and_report():
    report = Report.objects.create(status=Status.TRIAGED)
    with time_machine.travel(AT, tick=False) as clock:
        promise("word_received", report)
        promise("word_received", report)
        outbox.deliver_open()
        clock.shift(timedelta(hours=1))
        outbox.deliver_open()
    assert AuditEvent.objects.filter(event="word_received", kind="collection").count() == 1
