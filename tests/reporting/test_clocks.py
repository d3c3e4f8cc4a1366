"""Deadlines run from the receipt through weekends, holidays and changed clocks; told of once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal import outbox, reference, reference_files
from portal.models import AuditEvent
from reporting import clocks
from reporting.actions.clocks import escalate, escalate_late
from reporting.lifecycle import Status
from reporting.models import Report
from tests.factories import UserFactory

STOCKHOLM = ZoneInfo("Europe/Stockholm")
pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def local(*parts):
    return datetime(*parts, tzinfo=STOCKHOLM)


@pytest.fixture
def holidays():
    reference_files.load()
    reference.forget()


def test_urgent_report_is_due_an_hour_after_the_hour_of_its_receipt():
    due = clocks.at_filing(hour=NOON, urgent=True, through_work=False)
    assert due["assess_due"] == NOON + timedelta(hours=1)
    assert due["acknowledge_due"] is due["feedback_due"] is None


def test_report_learned_through_work_is_acknowledged_in_a_week_and_answered_in_three_months():
    due = clocks.at_filing(hour=NOON, urgent=False, through_work=True)
    assert due["assess_due"] is None
    assert due["acknowledge_due"] == NOON + timedelta(days=7)
    assert due["feedback_due"] == datetime(2027, 2, 25, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (local(2026, 10, 23, 9), local(2026, 10, 30, 9)),  # the clocks go back on the 25th
        (local(2026, 3, 27, 9), local(2026, 4, 3, 9)),  # and forward on the 29th of March
    ],
)
def test_week_keeps_its_hour_when_the_clocks_change(start, end):
    assert clocks.at_filing(hour=start, urgent=False, through_work=True)["acknowledge_due"] == end


def test_hours_are_real_hours_when_the_clocks_change():
    before = local(2026, 10, 24, 14)
    due = clocks.within("P2", received=before)
    assert due - before.astimezone(UTC) == timedelta(hours=24)
    assert due.astimezone(STOCKHOLM).hour == 13


def test_months_end_on_the_last_day_there_is():
    assert clocks.add_months(date(2026, 11, 30), 3) == date(2027, 2, 28)
    assert clocks.add_months(date(2027, 11, 29), 3) == date(2028, 2, 29)
    assert clocks.add_months(date(2026, 3, 31), -1) == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("received", "last_day"),
    [
        (local(2026, 11, 23, 8), date(2026, 11, 30)),  # Monday: the weekend is left out
        (local(2026, 11, 27, 23, 30), date(2026, 12, 4)),  # late on Friday
        (local(2026, 11, 28, 8), date(2026, 12, 4)),  # Saturday
        (local(2026, 12, 22, 8), date(2027, 1, 4)),  # over Christmas and the new year
    ],
)
def test_five_working_days_leave_out_weekends_and_holidays(holidays, received, last_day):
    due = clocks.within("P3", received=received).astimezone(STOCKHOLM)
    assert due == datetime.combine(last_day + timedelta(days=1), due.min.time(), STOCKHOLM)


def test_holidays_are_those_of_the_administration(holidays, settings):
    assert date(2026, 6, 6) in clocks.holidays()
    settings.BRAND = {**settings.BRAND, "country": "NL"}
    assert date(2026, 4, 27) in clocks.holidays()
    assert date(2026, 6, 6) not in clocks.holidays()


def test_lowest_priority_has_no_clock():
    assert clocks.within("P4", received=NOON) is None


def test_priority_found_late_gets_its_time_from_now():
    later = NOON + timedelta(hours=5)
    assert clocks.assess_due("P1", received=NOON, now=later) == later + timedelta(hours=1)
    assert clocks.assess_due("P2", received=NOON, now=later) == NOON + timedelta(hours=24)


def test_escalate_tells_the_supervisor_once():
    supervisor = UserFactory(supervisor=True)
    UserFactory(triage_officer=True)
    report = Report.objects.create(assess_due=NOON)
    with time_machine.travel(NOON + timedelta(seconds=1), tick=False) as clock:
        assert escalate_late() == 1
        clock.shift(timedelta(minutes=1))
        assert escalate_late() == 0
        outbox.deliver_open()
    event = AuditEvent.objects.get(event="escalated")
    assert (event.target_id, event.facts) == (str(report.pk), {"clocks": ["assess_due"]})
    assert [m.to for m in mail.outbox] == [[supervisor.email]]
    assert report.reference not in mail.outbox[0].subject + mail.outbox[0].body


def test_escalate_waits_for_the_moment():
    Report.objects.create(assess_due=NOON)
    with time_machine.travel(NOON - timedelta(seconds=1), tick=False):
        assert escalate_late() == 0


def test_escalate_by_two_workers_tells_once():
    UserFactory(supervisor=True)
    report = Report.objects.create(assess_due=NOON)
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        assert [escalate(report_id=report.pk) for _ in range(2)] == [True, False]


@pytest.mark.parametrize("status", [Status.ASSESSED, Status.CLOSED, Status.ERASED])
def test_escalate_leaves_what_was_assessed(status):
    Report.objects.create(assess_due=NOON, status=status)
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        assert escalate_late() == 0


def test_escalate_counts_each_clock_from_its_own_end():
    report = Report.objects.create(
        assess_due=NOON,
        acknowledge_due=NOON + timedelta(days=7),
        feedback_due=NOON + timedelta(days=90),
    )
    told = []
    for days in (0, 6, 7, 8, 90):
        with time_machine.travel(NOON + timedelta(days=days, minutes=1), tick=False):
            told.append(escalate_late())
    assert told == [1, 0, 1, 0, 1]
    events = AuditEvent.objects.filter(target_id=str(report.pk)).order_by("pk")
    assert [event.facts["clocks"] for event in events] == [
        ["assess_due"],
        ["acknowledge_due"],
        ["feedback_due"],
    ]


def test_escalate_leaves_what_was_acknowledged_in_time():
    Report.objects.create(acknowledge_due=NOON, acknowledged_at=NOON - timedelta(days=1))
    with time_machine.travel(NOON + timedelta(days=1), tick=False):
        assert escalate_late() == 0


def test_finding_the_late_asks_as_much_whatever_there_is():
    counts = []
    for _ in range(2):
        Report.objects.bulk_create(
            Report(assess_due=NOON, escalated_at=NOON + timedelta(hours=1)) for _ in range(300)
        )
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert clocks.late(NOON + timedelta(hours=2)) == []
        counts.append(len(asked))
    assert counts == [3, 3]


def test_finding_the_late_reads_no_whole_table():
    fill_with_reports_not_yet_due()
    with CaptureQueriesContext(connection) as asked:
        clocks.late(NOON)
    for clock, query in zip(clocks.RUNNING, asked.captured_queries, strict=True):
        plan = explained(query["sql"])
        assert "SCAN reporting_report" not in plan
        if connection.vendor == "postgresql":
            assert f"report_{clock}" in plan


def fill_with_reports_not_yet_due():
    """Enough for an index to pay, counted afresh: old statistics would decide by chance."""
    later = {clock: NOON + timedelta(days=3) for clock in clocks.RUNNING}
    Report.objects.bulk_create(Report(**later) for _ in range(1500))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE reporting_report")


def explained(sql):
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"EXPLAIN {sql}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return str(cursor.fetchall())
