"""Faults while reporting: a killed server, a lost broker, a full disk, several at once."""

from __future__ import annotations

import contextlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from portal.errors import DomainError
from portal.models import OutboxMessage
from reporting import content, envelopes, receipts
from reporting.actions import outcomes, triage
from reporting.drafts import COOKIE
from reporting.lifecycle import Status
from reporting.models import Draft, Envelope, Grading, Kind, Report
from reporting.models import Reporter as Told
from tests.challenges import answers
from tests.databases import POSTGRESQL
from tests.processes import is_well, redis_server, wait_for, web_server, worker
from tests.reporting import cases
from tests.reporting.intake import NARRATIVE, Reporter, url
from tests.threads import in_threads

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "Boxes are moved at night. " * 350


@pytest.fixture
def reporter() -> Reporter:
    return Reporter()


# --- The database takes nothing ---------------------------------------------------------------


@contextmanager
def full_disk() -> Iterator[None]:
    """The database may not grow by a page."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")


@contextmanager
def no_writing() -> Iterator[None]:
    """The database answers and takes no writes, like one whose disk was made read-only."""
    said = "SET default_transaction_read_only =" if POSTGRESQL else "PRAGMA query_only ="
    with connection.cursor() as cursor:
        cursor.execute(f"{said} on")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"{said} off")


REFUSALS = [
    pytest.param(no_writing, id="read only"),
    pytest.param(
        full_disk,
        id="full disk",
        marks=pytest.mark.skipif(POSTGRESQL, reason="a cluster of its own would be needed"),
    ),
]
Refusal = Callable[[], contextlib.AbstractContextManager[None]]


def hidden(page: str) -> dict[str, list[str]]:
    """What a page carries along, as a browser would send it again."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page):
        found.setdefault(unescape(name), []).append(unescape(value))
    return found


@pytest.mark.parametrize("refusal", REFUSALS)
def test_save_a_page_while_nothing_can_be_written_keeps_what_was_typed(reporter, refusal):
    with refusal():
        answer = reporter.tell(narrative=LONG, happening_now="yes")
    assert answer.status_code == 503
    page = answer.content.decode()
    assert "waits in this page" in page
    assert settings.BRAND["hotline"] in page
    assert hidden(page)["narrative"] == [LONG]
    assert not Draft.objects.exists()
    assert reporter.client.post(url("what"), hidden(page)).status_code == 302
    assert LONG.strip() in reporter.text("what")


@pytest.mark.parametrize("refusal", REFUSALS)
def test_send_while_nothing_can_be_written_loses_nothing_and_can_be_done_again(
    desk, reporter, refusal
):
    reporter.tell(narrative=LONG)
    challenge = answers(reporter.text("check"), send="1")
    with refusal():
        answer = reporter.client.post(url("check"), challenge)
    assert answer.status_code == 503
    assert not Report.objects.exists()
    assert reporter.has_draft
    # The answer to the challenge was not spent in vain either.
    again = reporter.client.post(url("check"), hidden(answer.content.decode()))
    assert again.url == url("receipt")
    assert Report.objects.count() == 1
    assert len(reporter.receipt()) == 29


@pytest.mark.parametrize("refusal", REFUSALS)
def test_write_again_while_nothing_can_be_written_keeps_the_words(desk, refusal):
    _report, told = cases.filed()
    visitor = Client()
    visitor.post("/report/inbox/", {"code": told.receipt})
    with refusal():
        answer = visitor.post("/report/inbox/message/", {"text": LONG})
    assert answer.status_code == 503
    again = visitor.post("/report/inbox/message/", hidden(answer.content.decode()))
    assert again.status_code == 302
    assert Envelope.objects.filter(kind=Kind.MESSAGE).count() == 1


# --- The web server is killed -----------------------------------------------------------------


class Stays(HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


def sends(address: str, cookie: str, told: dict[str, str]) -> int:
    """The status of the answer to what a browser without script sends; 0 when there was none."""
    headers = {"Cookie": f"{COOKIE}={cookie}", "Sec-Fetch-Site": "same-origin"}
    request = Request(address, urlencode(told).encode(), headers)  # noqa: S310 - our own server
    try:
        with build_opener(Stays).open(request, timeout=30) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except (OSError, HTTPException):
        return 0


def is_whole(desk: object, report: Report) -> bool:
    """Content, receipt and promise: all that makes a filed report."""
    envelope = Envelope.objects.get(report=report, kind=Kind.REPORT)
    seeds = desk.keys_of(desk.officer).seeds
    told = content.load(envelopes.opened(envelope, envelope.slots.all(), seeds))
    assert told["what"]["narrative"] == NARRATIVE
    promised = OutboxMessage.objects.filter(key=f"reporting.received:{report.pk}")
    return Told.objects.filter(report=report).exists() and promised.exists()


@pytest.mark.parametrize("delay", [0.0, 0.05, 0.2])
def test_web_killed_while_filing_files_it_whole_or_not_at_all(desk, reporter, delay):
    reporter.tell()
    cookie = reporter.client.cookies[COOKIE].value
    told = answers(reporter.text("check"), send="1")
    with web_server() as part:
        sending = threading.Thread(target=sends, args=(part.url + url("check"), cookie, told))
        sending.start()
        time.sleep(delay)
        part.kill()
        sending.join()
        assert Report.objects.count() in (0, 1)
        assert all(is_whole(desk, report) for report in Report.objects.all())
        part.start()
        wait_for(lambda: is_well(part.url), "the web server")
        # Whoever presses the button again gets the same receipt, or files it now.
        assert sends(part.url + url("check"), cookie, told) == 302
    assert is_whole(desk, Report.objects.get())
    assert receipts.parse(reporter.receipt())
    assert not Draft.objects.filter(size__gt=0).exists()


# --- The broker is lost -----------------------------------------------------------------------


def test_broker_lost_while_filing_delays_the_ping_and_loses_nothing(desk):
    with redis_server() as broker:
        broker.kill()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("REDIS_URL", broker.url)
            with web_server() as part:
                person = Reporter()
                person.tell(happening_now="yes")
                cookie = person.client.cookies[COOKIE].value
                told = answers(person.text("check"), send="1")
                assert sends(part.url + url("check"), cookie, told) == 302
        assert len(person.receipt()) == 29
        report = Report.objects.get()
        assert report.urgent
        assert OutboxMessage.objects.filter(done_at=None).exists()
        broker.start()
        with worker(REDIS_URL=broker.url):
            sent = OutboxMessage.objects.filter(key__startswith="reporting.pinged")
            wait_for(lambda: sent.exclude(done_at=None).exists(), "the ping")
    assert Report.objects.count() == 1


# --- Several at once --------------------------------------------------------------------------


def test_submit_one_draft_eight_times_at_once_is_one_report(desk, reporter):
    reporter.tell()
    cookie = reporter.client.cookies[COOKIE].value
    told = answers(reporter.text("check"), send="1")
    results: list[int] = []
    with web_server() as part:
        address = part.url + url("check")
        threads = [
            threading.Thread(target=lambda: results.append(sends(address, cookie, told)))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert results == [302] * 8
    assert Report.objects.count() == 1
    assert Told.objects.count() == 1
    assert len(reporter.receipt()) == 29


def judged(act: Callable[[], object]) -> str:
    try:
        act()
    except DomainError:
        return "refused"
    return "done"


def test_two_officers_at_once_on_one_verb_do_it_once(desk):
    report, _told = cases.filed()
    other = cases.colleague()
    people = iter([desk.officer, other] * 2)

    def close() -> str:
        person = next(people)
        return judged(lambda: outcomes.close(report=report, by=person))

    cases._aside(report, desk.officer, desk.supervisor)
    done = in_threads(4, close)
    assert sorted(done) == ["done", "refused", "refused", "refused"]
    assert Report.objects.get().status == Status.CLOSED


def test_two_officers_grade_at_once_and_both_stand_in_the_history(desk):
    report, _told = cases.filed()
    people = iter([(desk.officer, "B"), (cases.colleague(), "C")])

    def grade() -> object:
        person, source = next(people)
        return triage.grade(report=report, by=person, source=source, information="2", handling="H1")

    in_threads(2, grade)
    graded = Grading.objects.filter(report=report).order_by("id")
    assert {one.source_grade for one in graded} == {"B", "C"}
    assert Report.objects.get().source_grade == graded.last().source_grade
