"""Searching at the desk: who may, what is shown, and that nothing typed stays anywhere."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command

from portal.models import AuditEvent
from reporting import links, scanning
from reporting.models import Exclusion
from tests.factories import UserFactory
from tests.people import at_the_desk
from tests.reporting.sealed import make_report, told

pytestmark = pytest.mark.django_db

LOOK_UP, SCAN = "/admin/reporting/report/look-up/", "/admin/reporting/report/scan/"
WHY = "Operation Northern Light"


@pytest.fixture
def officer(desk, client):
    return desk.unlocked(client, desk.officer)


def plated(desk, plate="KXQ 417"):
    content = told(transport={"vehicles": [{"plate": plate}]})
    report = make_report(content)
    links.write(report, content, desk.keys_of(desk.officer))
    return report


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def everything_stored(tmp_path):
    """All that the database holds, sessions included."""
    path = tmp_path / "dump.json"
    call_command("dumpdata", output=str(path), verbosity=0)
    return path.read_text()


def test_look_up_finds_by_plate(desk, officer):
    report = plated(desk)
    found = officer.post(LOOK_UP, {"typed": "kxq417", "kind": "", "reason": WHY})
    assert found.status_code == 200
    assert report.reference in text_of(found)
    assert "1 report found" in text_of(found)


def test_look_up_without_a_reason_finds_nothing(desk, officer):
    report = plated(desk)
    found = officer.post(LOOK_UP, {"typed": "kxq417", "reason": ""})
    assert report.reference not in text_of(found)
    assert not AuditEvent.objects.filter(event="found_by_identifier").exists()


@pytest.mark.parametrize("address", [LOOK_UP, SCAN])
def test_search_while_locked_asks_for_the_passphrase(desk, client, address):
    at_the_desk(client, desk.officer)
    typed = {"typed": "kxq417", "text": "kxq417", "reason": WHY}
    for answer in (client.get(address), client.post(address, typed)):
        assert answer.status_code == 302
        assert "/admin/unlock/" in answer["Location"]
        assert "kxq417" not in answer["Location"]


@pytest.mark.parametrize("address", [LOOK_UP, SCAN])
def test_search_as_custodian_does_not_exist(desk, client, address):
    desk.unlocked(client, desk.custodian)
    assert client.get(address).status_code == 404
    assert client.post(address, {"typed": "x", "text": "x", "reason": WHY}).status_code == 404


@pytest.mark.parametrize("address", [LOOK_UP, SCAN])
def test_search_as_administrator_does_not_exist(client, address):
    at_the_desk(client, UserFactory(system_administrator=True))
    assert client.get(address).status_code in (302, 404)


def test_scan_finds_and_finishes(desk, officer):
    report = make_report(told("A turquoise lorry."))
    make_report(told("Nothing of the kind."))
    found = text_of(officer.post(SCAN, {"text": "TURQUOISE", "reason": WHY}))
    assert report.reference in found
    assert "Finished: 2 reports were looked through" in found


def test_scan_goes_on_from_slice_to_slice_by_its_button(desk, officer, monkeypatch):
    monkeypatch.setattr(scanning.scan, "__kwdefaults__", {"after": None, "seconds": 0})
    reports = {make_report(told(f"turquoise {n}")).reference for n in range(3)}
    data, slices = {"text": "turquoise", "reason": WHY}, 0
    while True:
        page = officer.post(SCAN, data)
        slices += 1
        form = re.search(r"<form[^>]*data-scan-next>(.*?)</form>", page.content.decode(), re.S)
        if form is None:
            break
        data = {}
        for name, value in re.findall(r'name="(\w+)"(?: value="([^"]*)")?', form[1]):
            data.setdefault(name, []).append(value)
    assert slices == 4
    assert reports == set(re.findall(r"SR-\w+-\w+", text_of(page)))


def test_scan_shows_no_hit_that_the_officer_may_not_know(desk, officer):
    """A page that was tampered with names another report."""
    secret = make_report()
    Exclusion.objects.create(report=secret, user=desk.officer, excluded_by=desk.supervisor)
    after = make_report().pk
    data = {"text": "x", "reason": WHY, "after": str(after), "hit": f"{secret.pk.hex}:report"}
    page = officer.post(SCAN, data)
    assert page.status_code == 200
    assert secret.reference not in text_of(page)


def test_search_leaves_nothing_of_what_was_typed(desk, officer, tmp_path, caplog, capfd):
    plated(desk, "ZZTOP99")
    make_report(told("A quixotic zeppelin."))
    assert "1 report found" in text_of(
        officer.post(LOOK_UP, {"typed": "zztop99", "kind": "plate", "reason": WHY})
    )
    page = officer.post(SCAN, {"text": "quixotic zeppelin", "reason": WHY})
    assert "1 report found" in text_of(page)
    assert "no-store" in page["Cache-Control"]
    told_anywhere = everything_stored(tmp_path) + caplog.text + "".join(capfd.readouterr())
    told_anywhere += str(dict(officer.session))
    for secret in ("zztop99", "quixotic", "zeppelin"):
        assert secret not in told_anywhere.lower()
    assert WHY in told_anywhere


def test_search_records_every_result(desk, officer):
    report = plated(desk)
    officer.post(LOOK_UP, {"typed": "kxq417", "reason": WHY})
    officer.post(SCAN, {"text": "boxes", "reason": WHY})
    events = AuditEvent.objects.filter(target_id=str(report.pk), kind="consultation")
    assert {event.event for event in events} == {"found_by_identifier", "found_by_text"}
    assert {event.reason for event in events} == {WHY}


def test_compare_shows_reports_with_the_same_plate(desk, officer):
    one, other = plated(desk), plated(desk)
    address = f"/admin/reporting/report/{one.pk}/compare/"
    assert "/open/" in officer.get(address)["Location"]
    officer.post(f"/admin/reporting/report/{one.pk}/open/", {"reason": WHY})
    page = text_of(officer.get(address))
    assert other.reference in page
    assert "Number plate" in page
    assert AuditEvent.objects.get(event="linked").kind == "combination"
