"""The list of reports and the queue on the front page: found, filtered, paged, never counted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from reporting import queues
from reporting.actions import custody
from reporting.admin_reports import ReportAdmin
from reporting.lifecycle import Status
from reporting.models import Report
from tests.factories import UserFactory
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
LIST = "/admin/reporting/report/"


@pytest.fixture
def officer():
    return UserFactory(triage_officer=True)


@pytest.fixture
def seat(client, officer):
    return at_the_desk(client, officer)


def shown(answer) -> list[Report]:
    return list(answer.context["cl"].result_list)


def make(count: int) -> list[Report]:
    """Newest first, as the list shows them."""
    Report.objects.bulk_create([Report() for _ in range(count)])
    return list(Report.objects.order_by("-id"))


def test_pages_go_on_from_the_last_row_and_back(seat):
    reports = make(ReportAdmin.list_per_page * 2 + 3)
    size = ReportAdmin.list_per_page
    first = seat.get(LIST)
    assert shown(first) == reports[:size]
    assert not first.context["cl"].previous_page
    second = seat.get(LIST + first.context["cl"].next_page)
    assert shown(second) == reports[size : 2 * size]
    last = seat.get(LIST + second.context["cl"].next_page)
    assert shown(last) == reports[2 * size :]
    assert not last.context["cl"].next_page
    back = seat.get(LIST + last.context["cl"].previous_page)
    assert shown(back) == reports[size : 2 * size]
    assert shown(seat.get(LIST + back.context["cl"].previous_page)) == reports[:size]


def test_pages_keep_the_filter_and_a_filter_begins_anew(seat):
    make(ReportAdmin.list_per_page + 1)
    first = seat.get(f"{LIST}?status=received").context["cl"]
    assert "status=received" in first.next_page
    second = seat.get(LIST + first.next_page).context["cl"]
    assert "after" not in second.get_query_string({"status": "closed"})


def test_page_after_something_that_is_no_id_begins_anew(seat):
    assert seat.get(f"{LIST}?after=7").status_code == 302


def test_list_takes_as_many_queries_for_few_reports_as_for_many(seat, officer):
    make(1)
    seat.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as few:
        seat.get(LIST)
    for report in make(70)[:20]:
        custody.take(report=report, by=officer)
    with CaptureQueriesContext(connection) as many:
        seat.get(LIST)
    assert len(many) == len(few) <= 8, [query["sql"] for query in many]
    asked = [query["sql"] for query in many if "reporting_" in query["sql"]]
    assert len(asked) <= 2, asked
    assert not any("COUNT(" in sql or "OFFSET" in sql for sql in asked)


@pytest.mark.parametrize("how", [str, str.lower, lambda typed: typed[3:8], lambda typed: typed[:9]])
def test_search_finds_a_reference_or_its_beginning(seat, how):
    wanted = make(3)[1]
    found = shown(seat.get(LIST, {"q": how(wanted.reference)}))
    assert wanted in found
    assert all(one.reference.startswith(wanted.reference[:8]) for one in found)


@pytest.mark.parametrize("typed", ["SR-%", "nothing of the kind", "_____", "SR-00000-000000"])
def test_search_for_what_is_no_reference_finds_nothing(seat, typed):
    make(1)
    assert shown(seat.get(LIST, {"q": typed})) == []


def test_search_for_how_every_reference_begins_finds_all(seat):
    made = make(2)
    assert set(made) <= set(shown(seat.get(LIST, {"q": "SR-"})))


def test_filter_by_a_field_that_is_not_offered_is_refused(seat):
    assert seat.get(f"{LIST}?assigned_to__password__startswith=a").status_code in (302, 400)


# --- Queues -------------------------------------------------------------------------------------

NOW = timezone.now()
QUEUED = {
    "urgent": [{"urgent": True}, {"priority": "P1", "status": Status.TRIAGED}],
    "overdue": [
        {"assess_due": NOW - timedelta(hours=1)},
        {"acknowledge_due": NOW - timedelta(days=1)},
        {"feedback_due": NOW - timedelta(days=1), "status": Status.CLOSED},
    ],
    "new": [{}, {"status": Status.ACKNOWLEDGED}],
    "due": [{"assess_due": NOW + timedelta(hours=5)}],
    "news": [{"news_at": NOW, "status": Status.CLOSED}],
    "waiting": [{"asked_at": NOW, "status": Status.TRIAGED}],
    "unassigned": [{"status": Status.ASSESSED}],
}
NOT_QUEUED = {
    "urgent": [{"urgent": True, "status": Status.CLOSED}, {"priority": "P2"}],
    "overdue": [
        {"assess_due": NOW - timedelta(hours=1), "status": Status.ASSESSED},
        {"acknowledge_due": NOW - timedelta(days=1), "acknowledged_at": NOW},
        {"feedback_due": NOW - timedelta(days=1), "feedback_at": NOW},
        {"assess_due": NOW + timedelta(hours=1)},
    ],
    "new": [{"status": Status.TRIAGED}],
    "due": [{"assess_due": NOW + timedelta(days=3)}],
    "news": [{}],
    "waiting": [{}, {"asked_at": NOW, "status": Status.CLOSED}],
    "unassigned": [{"status": Status.CLOSED}],
}


@pytest.mark.parametrize("code", QUEUED)
def test_queue_holds_what_waits_and_leads_to_its_list(seat, officer, code):
    wanted = {Report.objects.create(**fields).pk for fields in QUEUED[code]}
    for fields in NOT_QUEUED[code]:
        Report.objects.create(**fields)
    assert {one.pk for one in shown(seat.get(f"{LIST}?queue={code}"))} == wanted
    assert queues.counted(queues.QUEUES[code], officer) == str(len(wanted))
    assert f"?queue={code}" in seat.get("/admin/").content.decode()


def test_queue_of_mine_holds_mine(seat, officer):
    mine, _other = make(2)
    custody.take(report=mine, by=officer)
    assert shown(seat.get(f"{LIST}?queue=mine")) == [mine]


def test_queue_of_escalated_reports_is_the_supervisors(client, seat):
    escalated = Report.objects.create(escalated_at=NOW)
    Report.objects.create()
    assert "queue=escalated" not in seat.get("/admin/").content.decode()
    at_the_desk(client, UserFactory(supervisor=True))
    assert shown(client.get(f"{LIST}?queue=escalated")) == [escalated]


def test_queue_is_counted_up_to_a_limit(officer, monkeypatch):
    monkeypatch.setattr(queues, "COUNTED", 2)
    make(3)
    assert queues.counted(queues.QUEUES["new"], officer) == "2+"


def test_front_page_of_others_shows_no_queue_of_reports(client):
    at_the_desk(client, UserFactory(system_administrator=True))
    assert "queue=new" not in client.get("/admin/").content.decode()
