"""Exchanges at the desk: drafting, opening, approving, sending and printing in the pages."""

from __future__ import annotations

import re
import subprocess
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from partners import opening
from partners.actions import consents, our_words
from partners.exchange_lifecycle import TABLES, Direction, Status
from partners.models import Exchange, Purpose
from portal import scanner
from portal.models import AuditEvent
from portal.models.audit import AuditKind
from tests.factories import UserFactory
from tests.partners import exchange_flows as flows
from tests.partners.factories import PartnerFactory
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
LIST = "/admin/partners/exchange/"
VIRUS = b"this-is-a-virus"
REASON = {"reason": "answering the partner"}


@pytest.fixture
def cast():
    return flows.cast()


@pytest.fixture
def officer(cast, client):
    return cast.desk.unlocked(client, cast.officer)


@pytest.fixture
def supervisor(cast):
    return cast.desk.unlocked(Client(), cast.supervisor)


def at(exchange: Exchange, name: str = "change") -> str:
    return f"{LIST}{exchange.pk}/{name}/"


def page(client: Client, exchange: Exchange) -> str:
    return client.get(at(exchange)).content.decode()


def typed(cast: flows.Cast, **other: object) -> dict[str, object]:
    return {
        "partner": cast.partner.pk,
        "type": "information",
        "instrument": cast.instrument.pk,
        "purpose": Purpose.INVESTIGATION,
        "urgency": "other",
        "handling": "H1",
        "object": "Who collected the trailer",
        "facts": flows.SECRET,
        **other,
    }


def words_of(pdf: bytes) -> list[str]:
    """The text of each page."""
    command = ["pdftotext", "-layout", "-", "-"]
    text = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    return [one for one in text.split("\f") if one.strip()]


def test_request_goes_its_way_through_the_pages(cast, officer, supervisor):
    sent = SimpleUploadedFile("map.txt", b"where it waits")
    officer.post(f"{LIST}draft/", typed(cast, attached=sent))
    exchange = Exchange.objects.get()
    assert flows.SECRET not in page(officer, exchange)
    officer.post(at(exchange, "open"), REASON)
    assert flows.SECRET in page(officer, exchange)
    assert officer.get(at(exchange, "approve")).status_code == 404
    answer = supervisor.get(at(exchange, "approve"))
    assert answer.status_code == 302
    assert "/open/" in answer.url
    supervisor.post(at(exchange, "open"), REASON)
    supervisor.post(at(exchange, "approve"), {"version": 1, "checked": "on"})
    officer.post(at(exchange, "send"), {"channel": "siena", "channel_reference": "S-17"})
    officer.post(at(exchange, "acknowledge"), {"their_reference": "NL 9/26"})
    officer.post(at(exchange, "ask_clarification"), {"text": "Which trailer?"})
    said = {"version": 0, "text": "The green one.", "handling": "H1"}
    officer.post(at(exchange, "draft_answer"), said)
    supervisor.post(at(exchange, "approve_answer"), {"version": 1, "checked": "on"})
    officer.post(at(exchange, "clarify"), flows.BY)
    officer.post(at(exchange, "answer"), {"text": "It was the owner."})
    officer.post(at(exchange, "close"))
    exchange.refresh_from_db()
    assert exchange.status == Status.CLOSED
    shown = page(officer, exchange)
    for text in ("The green one.", "It was the owner.", "NL 9/26", "S-17", "map.txt"):
        assert text in shown
    file_id = opening.read(exchange, cast.keys()).files[0]["id"]
    url = f"{LIST}{exchange.pk}/files/{file_id}/"
    assert "Not to be used as evidence" in officer.get(url).content.decode()
    asked = {"to": "desk", "reason": "working on the case"}
    assert officer.post(url, asked)["Content-Type"].startswith("text/html")
    saved = officer.post(url, {**asked, "limits_read": "on"})
    assert (saved.content, saved["Content-Type"]) == (
        b"where it waits",
        "application/octet-stream",
    )
    assert f'"{exchange.reference} H1 map.txt"' in saved["Content-Disposition"]
    taken = AuditEvent.objects.get(event="file_taken")
    assert (taken.kind, taken.reason) == (AuditKind.DISCLOSURE, "working on the case")
    assert (taken.facts["here"], taken.facts["handling"]) == (True, "H1")


def test_request_of_a_partner_goes_its_way_through_the_pages(cast, officer, supervisor):
    came = timezone.localtime() - timedelta(hours=1)
    told = {"received_at_0": came.strftime("%Y-%m-%d"), "received_at_1": came.strftime("%H:%M:%S")}
    officer.post(f"{LIST}register/", typed(cast, channel="siena", oral="on", **told))
    exchange = Exchange.objects.get()
    officer.post(at(exchange, "open"), REASON)
    officer.post(at(exchange, "acknowledge"), {})
    notice = {"version": 0, "ground": "judicial", "text": "We wait for the court."}
    officer.post(at(exchange, "draft_notice"), notice)
    assert officer.get(at(exchange, "pause")).status_code == 404
    supervisor.post(at(exchange, "open"), REASON)
    read = supervisor.get(at(exchange, "approve_notice")).content.decode()
    assert "tells nothing that we know" in read
    supervisor.post(at(exchange, "approve_notice"), {"version": 1, "checked": "on"})
    officer.post(at(exchange, "pause"), flows.BY)
    officer.post(at(exchange, "resume"), flows.BY)
    given = {"version": 0, "text": "It was the owner.", "handling": "H1"}
    officer.post(at(exchange, "draft_answer"), given)
    supervisor.post(at(exchange, "approve_answer"), {"version": 2, "checked": "on"})
    officer.post(at(exchange, "answer"), flows.BY)
    officer.post(at(exchange, "confirm"), {"text": "By letter."})
    officer.post(at(exchange, "close"))
    exchange.refresh_from_db()
    assert (exchange.status, exchange.awaits_confirmation) == (Status.CLOSED, False)


def test_send_says_which_law_is_missing(cast, officer):
    exchange = flows.approved(cast)
    cast.instrument.ended_on = timezone.localdate() - timedelta(days=1)
    cast.instrument.save()
    answer = officer.post(at(exchange, "send"), {"channel": "siena", "channel_reference": "S-1"})
    assert answer.status_code == 200
    assert "It ended on" in answer.content.decode()
    assert "S-1" in answer.content.decode()
    exchange.refresh_from_db()
    assert exchange.status == Status.APPROVED


def test_what_is_typed_stays_when_the_desk_locks(cast, officer):
    officer.cookies.pop("desk")
    answer = officer.post(f"{LIST}draft/", typed(cast))
    assert flows.SECRET in answer.content.decode()
    assert "The desk was locked" in answer.content.decode()
    assert not Exchange.objects.exists()


def test_opening_without_a_reason_is_refused(cast, officer):
    exchange = flows.drafted(cast)
    answer = officer.post(at(exchange, "open"), {"reason": "so"})
    assert "10 characters" in answer.content.decode()
    assert flows.SECRET not in page(officer, exchange)


@pytest.mark.parametrize("role", ["triage_officer", "caseworker", "system_administrator"])
def test_others_find_no_exchange_and_the_attempt_is_recorded(cast, client, role):
    exchange = flows.drafted(cast)
    at_the_desk(client, UserFactory(**{role: True}))
    assert client.get(LIST).status_code in (403, 404)
    verbs = {verb for table in TABLES.values() for verb in table}
    for name in ("change", "open", "export", "hold", *verbs - {"draft", "erase"}):
        assert client.get(at(exchange, name)).status_code == 404, name
        assert client.post(at(exchange, name), {}).status_code == 404, name
    assert client.get(f"{LIST}draft/").status_code == 404
    assert AuditEvent.objects.filter(event="opening_refused").exists()


@pytest.mark.parametrize("object_id", ["0", "99999999999999999999", "7"])
def test_unknown_exchange_is_not_found(officer, object_id):
    assert officer.get(f"{LIST}{object_id}/change/").status_code == 404


def test_page_says_what_is_approved_what_left_and_what_waits_for_whom(cast, officer):
    sent = page(officer, flows.sent(cast))
    assert f"Approved by {cast.supervisor}" in sent
    assert f"Left for {cast.partner} on" in sent
    assert "by SIENA" in sent
    exchange = flows.with_answer(cast, flows.registered(cast))
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    our_words.draft_notice(**asked, version=0, ground="judicial", text="Court.")
    shown = page(officer, exchange)
    assert f"Answer: approved by {cast.supervisor} on" in shown
    assert f"paused: written by {cast.officer}, waits for a supervisor" in shown
    assert "Court." not in shown


# --- What leaves ------------------------------------------------------------------------------


def test_handling_code_and_limits_stand_on_every_page(cast, officer):
    long = "\n".join(f"Line {number} of what happened." for number in range(200))
    exchange = flows.sent(cast, handling="H2", facts=long)
    answer = officer.post(at(exchange, "export"), {"to": "partner", "reason": "sending it along"})
    pages = words_of(answer.content)
    assert len(pages) > 2
    for text in pages:
        assert re.search(r"H2: not passed on without leave", text)
        assert "Not to be passed on to anybody without" in text
        assert exchange.reference in text
    event = AuditEvent.objects.get(event="exported")
    assert (event.kind, event.facts["recipient"]) == ("disclosure", str(cast.partner))


def test_draft_is_not_printed_for_the_partner_before_it_is_approved(cast, officer):
    exchange = flows.drafted(cast)
    asked = {"to": "partner", "reason": "sending it along"}
    answer = officer.post(at(exchange, "export"), asked)
    assert "A supervisor has to approve it" in answer.content.decode()
    assert not AuditEvent.objects.filter(event="exported").exists()


def test_what_the_law_does_not_cover_is_not_printed_for_the_partner(cast, officer):
    exchange = flows.approved(cast)
    cast.instrument.ended_on = timezone.localdate() - timedelta(days=1)
    cast.instrument.save()
    answer = officer.post(at(exchange, "export"), {"to": "partner", "reason": "sending it along"})
    assert "It cannot be sent under" in answer.content.decode()


PROSECUTOR = {
    "to": "other",
    "recipient": "The prosecutor",
    "reason": "use in a case",
    "purpose": "investigation",
    "limits_read": "on",
}


@pytest.mark.parametrize(
    ("consent", "leaves"),
    [("", False), ("asked", False), ("declined", False), ("granted", True), ("conditional", True)],
)
def test_others_get_it_only_with_the_suppliers_consent(cast, officer, consent, leaves):
    exchange = flows.led_to(cast, Direction.OUT, Status.ANSWERED, handling="H2")
    if consent:
        consents.record_consent(
            exchange=exchange,
            by=cast.officer,
            keys=cast.keys(),
            consent=consent,
            uses=["body", "court"],
            text="Not public.",
        )
    answer = officer.post(at(exchange, "export"), PROSECUTOR)
    assert (answer["Content-Type"] == "application/pdf") is leaves
    assert AuditEvent.objects.filter(event="exported").exists() is leaves


def test_declined_holds_whatever_the_handling_code(cast, officer):
    exchange = flows.led_to(cast, Direction.OUT, Status.ANSWERED, handling="H0")
    asked = {"exchange": exchange, "by": cast.officer, "keys": cast.keys()}
    consents.record_consent(**asked, consent="declined")
    answer = officer.post(at(exchange, "export"), PROSECUTOR)
    assert "has not agreed" in answer.content.decode()


def test_handing_out_to_another_body_says_whom_why_and_under_what(cast, officer):
    exchange = flows.led_to(cast, Direction.OUT, Status.ANSWERED, handling="H0")
    cast.instrument.limits = "Never in a tax case."
    cast.instrument.save()
    other = PartnerFactory(country="NL")
    url = at(exchange, "export")
    assert "Never in a tax case." in officer.get(url).content.decode()
    typed = {**PROSECUTOR, "third": other.pk, "recipient": ""}
    page = officer.post(url, typed).content.decode()
    assert "Choose the instrument that covers" in page
    assert "use in a case" in page
    both = officer.post(url, {**typed, "recipient": "The prosecutor"}).content.decode()
    assert "somebody at home, or another body" in both
    answer = officer.post(url, {**typed, "instrument": cast.instrument.pk})
    assert answer["Content-Type"] == "application/pdf"
    facts = AuditEvent.objects.get(event="exported").facts
    told = {name: facts[name] for name in ("third", "instrument", "purpose", "onward")}
    assert told == {
        "third": other.code,
        "instrument": cast.instrument.code,
        "purpose": "investigation",
        "onward": True,
    }


def test_draft_of_an_answer_is_on_no_print(cast, officer):
    exchange = flows.registered(cast)
    exchange = our_words.draft_answer(
        exchange=exchange, by=cast.officer, keys=cast.keys(), version=0, text="Half a thought."
    )
    answer = officer.post(at(exchange, "export"), {"to": "partner", "reason": "own file copy"})
    assert "Half a thought" not in "".join(words_of(answer.content))


# --- Numbers of queries -----------------------------------------------------------------------


def test_list_and_front_page_ask_a_fixed_number_of_questions(
    cast, officer, django_assert_max_num_queries
):
    flows.sent(cast)
    for number in range(20):
        row = Exchange.objects.get(pk=Exchange.objects.earliest("pk").pk)
        row.pk, row.uuid, row.reference = None, None, f"EX-{number}"
        row.uuid = row._meta.get_field("uuid").get_default()
        row.save(force_insert=True)
    with django_assert_max_num_queries(9):
        assert officer.get(LIST).status_code == 200
    with django_assert_max_num_queries(48):
        assert "Exchanges due within a day" in officer.get("/admin/").content.decode()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("plan.pdf", b"MZ\x90\x00 a program", "plan.pdf: "),
        ("bad.txt", VIRUS, "carries a virus"),
        ("none.txt", b"", "is empty"),
    ],
)
def test_file_that_is_not_what_it_says_is_not_sealed(
    cast, officer, monkeypatch, name, data, sentence
):
    monkeypatch.setattr(
        scanner, "scan", lambda given: scanner.INFECTED if VIRUS in given else scanner.CLEAN
    )
    answer = officer.post(f"{LIST}draft/", typed(cast, attached=SimpleUploadedFile(name, data)))
    assert sentence in answer.content.decode()
    assert flows.SECRET in answer.content.decode()
    assert not Exchange.objects.exists()


def test_file_says_that_no_scanner_looked_at_it(cast, officer, settings):
    settings.SCANNER_SOCKET = ""
    officer.post(
        f"{LIST}draft/", typed(cast, attached=SimpleUploadedFile("map.txt", b"where it waits"))
    )
    exchange = Exchange.objects.get()
    officer.post(at(exchange, "open"), REASON)
    assert "not scanned for viruses" in page(officer, exchange)
