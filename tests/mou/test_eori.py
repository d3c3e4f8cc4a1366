"""Whether an EORI number exists: valid, invalid or unknown, and a fault is never valid."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from mou.actions import eori_checks
from mou.models import EoriCheck, EoriResult
from portal import outbox
from portal.errors import DomainError, NotAllowed
from tests.factories import OrganisationFactory, UserFactory
from tests.mou import flows
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
EORI = "SE5560000001"
ANSWER = """<?xml version="1.0"?><S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/">
<S:Body><ns0:validateEORIResponse xmlns:ns0="http://eori.ws.eos.dds.s/"><return>
<requestDate>26/11/2026</requestDate><result><eori>{eori}</eori><status>{status}</status>
<statusDescr>{words}</statusDescr><name>Norrvik &amp; Co</name></result></return>
</ns0:validateEORIResponse></S:Body></S:Envelope>"""
FAULT = """<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><S:Fault>
<faultcode>S:Server</faultcode><faultstring>busy</faultstring></S:Fault></S:Body></S:Envelope>"""


class Service(BaseHTTPRequestHandler):
    """Answers as it is told and keeps what it was asked."""

    asked: list[str] = []
    answer: tuple[int, str] = 200, ""
    waits = 0.0

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        type(self).asked.append(body)
        time.sleep(self.waits)
        status, text = self.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Quietly."""


@pytest.fixture
def service(settings) -> Iterator[type[Service]]:
    class Own(Service):
        asked: list[str] = []

    server = ThreadingHTTPServer(("127.0.0.1", 0), Own)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
    settings.EORI_SERVICE_URL = f"http://127.0.0.1:{server.server_port}/validation"
    settings.EORI_SERVICE_SECONDS = 5.0
    yield Own
    server.shutdown()
    server.server_close()


@pytest.fixture
def officer():
    return UserFactory(caseworker=True)


@pytest.fixture
def firm():
    return OrganisationFactory(eori=EORI)


def asked(firm, officer) -> EoriCheck:
    check = eori_checks.request_check(organisation=firm, by=officer)
    assert check.result == EoriResult.UNKNOWN
    outbox.deliver_open()
    check.refresh_from_db()
    return check


@pytest.mark.parametrize(
    ("code", "words", "result"),
    [("0", "Valid", "valid"), ("1", "Not valid", "invalid"), ("7", "Odd", "unknown")],
)
def test_check_keeps_what_the_service_says(service, firm, officer, code, words, result):
    service.answer = 200, ANSWER.format(eori=EORI, status=code, words=words)
    check = asked(firm, officer)
    assert (check.result, check.by_hand) == (result, False)
    assert check.response == f"{words} · Norrvik & Co"
    assert check.answered_at is not None
    assert f"<ev:eori>{EORI}</ev:eori>" in service.asked[0]


@pytest.mark.parametrize(
    "answer",
    [
        (500, FAULT),
        (200, FAULT),
        (500, ANSWER.format(eori=EORI, status=0, words="Valid")),
        (200, ANSWER.format(eori="SE5560000009", status=0, words="Valid")),
        (200, "<html>Valid"),
        (200, ""),
        (200, "<!DOCTYPE x>" + ANSWER.partition("?>")[2].format(eori=EORI, status=0, words="")),
        (200, ANSWER.format(eori=EORI, status=0, words="x" * 70_000)),
        (200, ANSWER.format(eori=EORI, status=0, words="Valid\x00")),
    ],
    ids=[
        "fault",
        "fault as 200",
        "error",
        "another",
        "page",
        "nothing",
        "declaration",
        "long",
        "zero",
    ],
)
def test_check_that_fails_is_unknown_and_never_valid(service, firm, officer, answer):
    service.answer = answer
    check = asked(firm, officer)
    assert check.result == EoriResult.UNKNOWN
    assert check.response
    assert check.answered_at is not None


def test_check_waits_no_longer_than_it_may(service, settings, firm, officer):
    settings.EORI_SERVICE_SECONDS = 0.1
    service.waits = 0.5
    service.answer = 200, ANSWER.format(eori=EORI, status=0, words="Valid")
    assert asked(firm, officer).result == EoriResult.UNKNOWN


def test_check_of_a_service_that_is_away_is_unknown(settings, firm, officer):
    settings.EORI_SERVICE_URL = "http://127.0.0.1:9/validation"
    assert asked(firm, officer).result == EoriResult.UNKNOWN


def test_check_asks_once_at_a_time(service, firm, officer):
    eori_checks.request_check(organisation=firm, by=officer)
    with pytest.raises(DomainError, match="being asked"):
        eori_checks.request_check(organisation=firm, by=officer)


def test_check_without_a_service_is_by_hand(firm, officer):
    with pytest.raises(DomainError, match="by hand"):
        eori_checks.request_check(organisation=firm, by=officer)
    check = eori_checks.record_check(
        organisation=firm, result="valid", how="On the Commission's page", by=officer
    )
    assert (check.result, check.by_hand, check.asked_by) == ("valid", True, officer)


def test_check_by_hand_says_how_and_is_a_caseworkers(firm, officer):
    with pytest.raises(DomainError, match="how"):
        eori_checks.record_check(organisation=firm, result="valid", how=" ", by=officer)
    with pytest.raises(NotAllowed):
        eori_checks.record_check(
            organisation=firm, result="valid", how="x", by=UserFactory(supervisor=True)
        )


def test_check_is_unknown_until_it_is_answered(firm, officer):
    with pytest.raises(IntegrityError, match="eoricheck_unknown"), transaction.atomic():
        EoriCheck.objects.create(organisation=firm, eori=EORI, asked_by=officer, result="valid")


def test_check_at_the_desk(client, service, firm, officer):
    service.answer = 200, ANSWER.format(eori=EORI, status=0, words="Valid")
    status, desk = flows.trust_status(firm), at_the_desk(client, officer)
    page = reverse("admin:mou_truststatus_change", args=[status.pk])
    desk.post(reverse("admin:mou_truststatus_check_eori", args=[status.pk]))
    assert "The service is being asked." in desk.get(page).content.decode()
    outbox.deliver_open()
    assert "Exists" in desk.get(page).content.decode()
    url = reverse("admin:mou_truststatus_record_eori", args=[status.pk])
    assert desk.get(url).status_code == 200
    told = {"result": "invalid", "how": "Called the firm"}
    assert "Does not exist" in desk.post(url, told, follow=True).content.decode()


def test_certificate_shows_the_checks_before_the_last_one(client, firm, officer):
    status = flows.trust_status(firm)
    for result in (EoriResult.VALID, EoriResult.UNKNOWN):
        eori_checks.record_check(organisation=firm, result=result, how="Looked up", by=officer)
    desk = at_the_desk(client, officer)
    page = desk.get(reverse("admin:mou_truststatus_change", args=[status.pk])).content.decode()
    assert "Before: Exists" in page
    assert page.index("Not known") < page.index("Before: Exists")
    assert "No offer was made to this firm yet." in page
