"""The reader of the record: a reason first, every reading and copy in the record itself."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.html import strip_tags

from portal import access_log
from portal.access_log import Question
from portal.models import AuditEvent, StaffRole
from tests.factories import AuditEventFactory, OrganisationFactory, UserFactory
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
URL = "/admin/portal/auditevent/"
READERS = ("data_protection_officer", "auditor")


@pytest.fixture
def auditor(client):
    user = UserFactory(auditor=True)
    at_the_desk(client, user)
    return user


@pytest.fixture
def reading(client, auditor):
    """The auditor's browser, with a reason given."""
    client.post(URL, {"reason": "Quarterly check"})
    return client


def text_of(response):
    return " ".join(strip_tags(response.content.decode()).split())


@pytest.mark.parametrize("role", StaffRole.values)
def test_read_by_role(client, role):
    at_the_desk(client, UserFactory(**{role: True}))
    AuditEventFactory(event="unmistakable")
    allowed = role in READERS
    assert client.get(URL).status_code == (200 if allowed else 403)
    client.post(URL, {"reason": "Check"})
    assert ("Unmistakable" in text_of(client.get(URL))) == allowed
    assert client.post(f"{URL}export/", {"reason": "x"}).status_code == (200 if allowed else 404)


def test_read_without_a_reason_shows_nothing(client, auditor):
    AuditEventFactory(event="unmistakable")
    for response in (client.get(URL), client.post(URL, {"reason": "  "})):
        assert "Unmistakable" not in text_of(response)
    assert not AuditEvent.objects.filter(kind="consultation").exists()


def test_read_is_recorded_with_its_reason_and_question(reading, auditor):
    reading.get(URL, {"kind": "erasure", "actor": "system"})
    events = list(AuditEvent.objects.filter(kind="consultation").order_by("pk"))
    assert [(e.event, e.actor, e.reason) for e in events] == [
        ("audit_opened", f"user:{auditor.pk}", "Quarterly check"),
        ("audit_consulted", f"user:{auditor.pk}", "Quarterly check"),
    ]
    assert events[1].facts == {"asked": {"kind": "erasure", "actor": "system"}}


def test_reason_runs_out(client, auditor):
    AuditEventFactory(event="unmistakable")
    now = timezone.now()
    with time_machine.travel(now, tick=False) as clock:
        client.post(URL, {"reason": "Check"})
        assert "Unmistakable" in text_of(client.get(URL))
        clock.shift(timedelta(minutes=31))
        assert "Unmistakable" not in text_of(client.get(URL))


def test_reason_is_not_kept_in_the_session(reading):
    assert "Quarterly" not in str(dict(reading.session))


def test_list_names_people_and_firms(reading):
    officer = UserFactory(caseworker=True, name="Ada Ström")
    firm = OrganisationFactory(legal_name="Harbour Goods AB")
    AuditEventFactory(
        event="certificate_read",
        actor=f"user:{officer.pk}",
        target_type="portal.organisation",
        target_id=str(firm.pk),
        reason="Asked by the firm",
    )
    shown = text_of(reading.get(URL))
    assert f"Ada Ström {officer.email}" in shown.replace("Ström", "Ström ").replace("  ", " ")
    assert "Harbour Goods AB" in shown
    assert "Certificate read" in shown
    assert "Asked by the firm" in shown


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "erasure"},
        {"event": "Identity erased"},
        {"actor": "Ada"},
        {"actor": "system", "target": "77"},
        {"target_type": "portal.user", "target": "77"},
        {"target": "77"},
    ],
)
def test_question_finds_the_event_and_no_other(asked):
    ada = UserFactory(name="Ada Ström")
    mine = AuditEventFactory(
        event="identity_erased",
        kind="erasure",
        target_type="portal.user",
        target_id="77",
        actor=f"user:{ada.pk}" if asked.get("actor") == "Ada" else "system",
    )
    AuditEventFactory(actor="user:999", target_id="78")
    assert list(access_log.asked(Question(**asked))) == [mine]


def test_question_of_a_period_holds_both_days():
    days = [datetime(2026, 3, day, 12, tzinfo=UTC) for day in (1, 2, 3, 4)]
    events = [AuditEventFactory(at=day) for day in days]
    question = Question(since=days[1].date(), until=days[2].date())
    assert set(access_log.asked(question)) == set(events[1:3])


def test_question_of_a_period_sees_events_that_were_committed_out_of_order():
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    late = AuditEventFactory(at=datetime(2026, 3, 1, 22, 59, 59, tzinfo=UTC))
    early = AuditEventFactory(at=datetime(2026, 3, 1, 22, 59, 58, tzinfo=UTC))
    AuditEventFactory(at=noon)
    question = Question(since=datetime(2026, 3, 1, tzinfo=UTC).date(), until=late.at.date())
    assert set(access_log.asked(question)) == {late, early}


def test_question_of_a_time_without_events_finds_nothing():
    AuditEventFactory(at=datetime(2026, 3, 1, tzinfo=UTC))
    day = datetime(2026, 4, 1, tzinfo=UTC).date()
    assert not access_log.asked(Question(since=day)).exists()


def test_pages_go_on_where_the_last_one_ended():
    events = [AuditEventFactory() for _ in range(access_log.PAGE * 2 + 1)]
    first = access_log.page(Question())
    second = access_log.page(Question(), before=first.older)
    third = access_log.page(Question(), before=second.older)
    seen = [line.event.pk for page in (first, second, third) for line in page.lines]
    assert seen == sorted((event.pk for event in events), reverse=True)
    assert (first.newer, third.older) == (None, None)
    back = access_log.page(Question(), after=third.newer)
    assert [line.event.pk for line in back.lines] == [line.event.pk for line in second.lines]


def test_page_asks_as_much_whatever_there_is(reading):
    counts = []
    for number in (5, 300):
        AuditEvent.objects.bulk_create(
            AuditEventFactory.build(actor=f"user:{n}") for n in range(number)
        )
        with CaptureQueriesContext(connection) as queries:
            reading.get(URL)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    "asked", [{"kind": "erasure"}, {"event": "read"}, {"actor": "user:1"}, {"target": "7"}]
)
def test_question_reads_no_whole_table(asked):
    with CaptureQueriesContext(connection) as queries:
        access_log.page(Question(**asked))
    sql = next(q["sql"] for q in queries.captured_queries if "portal_auditevent" in q["sql"])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}")
            assert "Index" in str(cursor.fetchall())
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            assert "SCAN portal_auditevent" not in str(cursor.fetchall())


def test_bad_numbers_in_the_address_are_ignored(reading):
    for query in ("before=x", "after=99999999999999999999", "since=2026-40-01"):
        assert reading.get(f"{URL}?{query}").status_code == 200


def test_export_is_a_table_that_runs_no_formula_and_is_recorded(reading, auditor):
    AuditEventFactory(event="opened", reason='=HYPERLINK("x")', kind="consultation")
    response = reading.post(f"{URL}export/?event=opened", {"reason": "For the authority"})
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert rows[0][:3] == ["Number", "Time", "Who"]
    assert [row[3] for row in rows[1:]] == ["Opened"]
    assert rows[1][6].startswith("'=")
    event = AuditEvent.objects.get(event="audit_exported")
    assert (event.kind, event.reason) == ("disclosure", "For the authority")
    assert event.facts == {"events": 1, "asked": {"event": "opened"}}


def test_export_without_a_reason_gives_nothing(reading):
    response = reading.post(f"{URL}export/", {"reason": ""})
    assert response.status_code == 302
    assert not AuditEvent.objects.filter(event="audit_exported").exists()


def test_export_takes_no_more_than_it_says(reading, monkeypatch):
    monkeypatch.setattr(access_log, "EXPORTED", 3)
    for _ in range(5):
        AuditEventFactory(event="opened")
    response = reading.post(f"{URL}export/?event=opened", {"reason": "Copy"})
    assert len(response.content.decode().splitlines()) == 4


def test_record_shows_no_event_alone(reading):
    event = AuditEventFactory()
    assert reading.get(f"{URL}{event.pk}/change/").url == URL
