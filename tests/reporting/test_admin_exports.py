"""Exports at the desk: sealed and printed, with limits on every page; several by two people."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from datetime import timedelta
from io import BytesIO

import pikepdf
import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone

from portal.errors import DomainError, NotAllowed
from portal.models import AuditEvent
from reporting import copies
from reporting.actions import exports
from reporting.models import Exclusion, ExportRequest, Kind
from tests.factories import UserFactory
from tests.reporting.sealed import add, make_report, told
from tests.reporting.test_exports import open_

pytestmark = pytest.mark.django_db(transaction=True)

WHY = "For the prosecutor in case 7"
ASKED = {
    "form": "zip",
    "what": "everything",
    "with_files": "on",
    "recipient": "Inspector Berg",
    "reason": WHY,
}


def report_with_a_file():
    report = make_report(told("Cartons with Żółć."), handling="H1")
    parts = [add(report, Kind.PART, data, version=n) for n, data in enumerate((b"ab", b"c"), 1)]
    file = {
        "id": "b7f8e3a2-0000-4000-8000-000000000001",
        "name": "../manifest.pdf",
        "kind": "pdf",
        "size": 3,
        "sha256": hashlib.sha256(b"abc").hexdigest(),
        "scan": "clean",
        "original": [str(part.pk) for part in parts],
        "view": [],
    }
    content = told("Cartons with Żółć.", files=[file])
    report.envelopes.filter(kind=Kind.REPORT).delete()
    add(report, Kind.REPORT, json.dumps(content).encode())
    add(report, Kind.NOTE, json.dumps({"text": "A known firm", "statement": "fact"}).encode())
    return report


def sanitised(desk, report, text="Cartons were moved.", **about):
    signer = desk.keys_of(desk.officer).signer("unit:desk")
    add(report, Kind.SANITISED, json.dumps({"text": text}).encode(), signer=signer, **about)
    return report


def of(report, *more):
    return "/".join(("/admin/reporting/report", str(report.pk), "export", *more)) + "/"


def take(client, address, data):
    """Through the page that shows the passphrase: what was shown, and the file."""
    page = client.post(address, data)
    html = page.content.decode()
    passphrase = re.search(r'finding-secret">([0-9A-Z-]+)<', html)[1]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', html))
    action = re.search(r'<form method="post" action="([^"]+/(?:sealed|make_export)/)"', html)[1]
    answer = client.post(action, hidden)
    return passphrase, b"".join(answer.streaming_content), answer, (action, hidden)


def pages_of(pdf):
    command = ["pdftotext", "-layout", "-", "-"]
    text = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    return [" ".join(page.split()) for page in text.split("\f")[:-1]]


def test_export_sealed_opens_with_the_passphrase_that_was_shown(desk, client, tmp_path):
    report = report_with_a_file()
    desk.unlocked(client, desk.officer)
    passphrase, data, answer, _again = take(client, of(report), ASKED)
    found, done = open_(tmp_path, data, passphrase)
    assert done.returncode == 0, done.stderr
    folder = report.reference
    assert found[f"{folder}/originals/01 manifest.pdf"] == b"abc"
    assert "Cartons with Żółć." in found[f"{folder}/report.txt"].decode()
    assert json.loads(found[f"{folder}/notes.json"])[0]["text"] == "A known firm"
    assert "no-store" in answer["Cache-Control"]
    assert b"manifest.pdf" not in data


def test_export_is_recorded_as_disclosed_to_whom_and_why(desk, client):
    report = report_with_a_file()
    desk.unlocked(client, desk.officer)
    take(client, of(report), ASKED)
    event = AuditEvent.objects.get(event="exported")
    assert (event.kind, event.reason, event.target_id) == ("disclosure", WHY, str(report.pk))
    assert event.facts["recipient"] == "Inspector Berg"
    assert AuditEvent.objects.filter(event="opened", reason=WHY).exists()


def test_export_without_files_leaves_them_out(desk, client, tmp_path):
    report = report_with_a_file()
    desk.unlocked(client, desk.officer)
    passphrase, data, *_rest = take(client, of(report), {**ASKED, "with_files": ""})
    assert not any("originals" in name for name in open_(tmp_path, data, passphrase)[0])


def test_export_sanitised_holds_no_clue(desk, client, tmp_path):
    report = sanitised(desk, report_with_a_file())
    desk.unlocked(client, desk.officer)
    passphrase, data, *_rest = take(client, of(report), {**ASKED, "what": "sanitised"})
    found, _done = open_(tmp_path, data, passphrase)
    assert set(found) == {f"{report.reference}/{name}" for name in ("about.json", "sanitised.txt")}
    assert not any("Żółć".encode() in text or b"known firm" in text for text in found.values())


@pytest.mark.parametrize("whole", [True, False])
def test_export_of_h2_waits_for_consent(desk, whole):
    report = sanitised(desk, make_report(handling="H2"))
    asked = {"recipient": "OLAF", "reason": WHY, "form": "zip", "sanitised": not whole}
    with pytest.raises(DomainError, match="consent"):
        exports.export(report=report, keys=desk.keys_of(desk.officer), by=desk.officer, **asked)
    report.consent_at = timezone.now()
    exports.export(report=report, keys=desk.keys_of(desk.officer), by=desk.officer, **asked)


def test_export_under_a_passphrase_shown_for_another_is_refused(desk, client):
    report = report_with_a_file()
    desk.unlocked(client, desk.officer)
    _passphrase, _data, _answer, (action, hidden) = take(client, of(report), ASKED)
    other = make_report(handling="H1")
    assert client.post(of(other, "sealed"), hidden).status_code == 404
    assert client.post(action, {**hidden, "shown": "forged"}).status_code == 302


def test_export_passphrase_stays_nowhere(desk, client, tmp_path, caplog, capfd):
    report = report_with_a_file()
    desk.unlocked(client, desk.officer)
    passphrase, *_rest = take(client, of(report), ASKED)
    path = tmp_path / "dump.json"
    call_command("dumpdata", output=str(path), verbosity=0)
    stored = path.read_text() + str(dict(client.session)) + caplog.text
    stored += "".join(capfd.readouterr())
    for spelling in (passphrase, passphrase.replace("-", "")):
        assert spelling not in stored


@pytest.mark.parametrize("what", ["everything", "sanitised"])
def test_print_has_code_and_limits_on_every_page(desk, client, what):
    report = make_report(told("Cartons at the quay.\n" * 120), handling="H1")
    sanitised(desk, report)
    sanitised(desk, report, "Cartons.\n" * 150, version=2)
    desk.unlocked(client, desk.officer)
    answer = client.post(of(report), {**ASKED, "form": "pdf", "what": what})
    assert answer["Content-Type"] == "application/pdf"
    pages = pages_of(answer.content)
    assert len(pages) >= 3
    for number, page in enumerate(pages, start=1):
        assert "H1: not in court without leave" in page
        assert "without the leave of who provided it" in page
        assert report.reference in page
        assert f"Page {number} of {len(pages)}" in page
    with pikepdf.open(BytesIO(answer.content)) as file:
        assert bool(file.Root.MarkInfo.Marked)
        assert str(file.Root.Lang) == "en"
        assert file.Root.StructTreeRoot.K
    assert ("quay" in " ".join(pages)) == (what == "everything")
    assert AuditEvent.objects.get(event="exported").facts["form"] == "pdf"


def test_export_page_warns_of_h2_without_consent(desk, client):
    report = make_report(handling="H2")
    desk.unlocked(client, desk.officer)
    assert "has not agreed" in client.get(of(report)).content.decode()
    page = client.post(of(report), {**ASKED, "form": "pdf"}, follow=True).content.decode()
    assert "consent is recorded" in page


def test_export_with_a_conflict_of_interest_does_not_exist(desk, client):
    report = make_report(handling="H1")
    Exclusion.objects.create(report=report, user=desk.officer, excluded_by=desk.supervisor)
    desk.unlocked(client, desk.officer)
    assert client.get(of(report)).status_code == 404
    assert client.post(of(report), ASKED).status_code == 404


# --- Several --------------------------------------------------------------------------------


def ask(desk, *reports, by=None):
    return exports.request_export(
        reports=reports or (report_with_a_file(), make_report(handling="H1")),
        recipient="The archive",
        reason=WHY,
        by=by or desk.officer,
    )


def approve(desk, asked, by=None):
    by = by or desk.supervisor
    return exports.approve_export(request=asked, keys=desk.keys_of(by), by=by)


def test_export_several_when_another_approved(desk, client, tmp_path):
    asked = ask(desk)
    approve(desk, asked)
    desk.unlocked(client, desk.officer)
    address = f"/admin/reporting/exportrequest/{asked.pk}/make_export/"
    passphrase, data, _answer, (action, hidden) = take(client, address, {})
    found, done = open_(tmp_path, data, passphrase)
    assert done.returncode == 0
    references = {report.reference for report in asked.reports.all()}
    assert {name.split("/")[0] for name in found} == references
    disclosed = AuditEvent.objects.filter(event="exported", kind="disclosure")
    assert disclosed.count() == 2
    assert {event.facts["approved_by"] for event in disclosed} == {desk.supervisor.pk}
    assert client.post(action, hidden).status_code == 404


def test_export_several_without_approval_does_not_exist(desk, client):
    asked = ask(desk)
    desk.unlocked(client, desk.officer)
    address = f"/admin/reporting/exportrequest/{asked.pk}/make_export/"
    assert client.post(address).status_code == 404
    with pytest.raises(NotAllowed):
        exports.make_export(request=asked, keys=desk.keys_of(desk.officer), by=desk.officer)


def test_approve_ones_own_request_is_refused(desk):
    asked = ask(desk, by=desk.supervisor)
    with pytest.raises(NotAllowed):
        approve(desk, asked)


def test_approve_as_another_officer_is_refused(desk):
    other = UserFactory(triage_officer=True)
    desk.join(other)
    with pytest.raises(NotAllowed):
        approve(desk, ask(desk), by=other)


def test_approve_with_a_conflict_of_interest_in_one_report_is_refused(desk):
    asked = ask(desk)
    report = asked.reports.first()
    Exclusion.objects.create(report=report, user=desk.supervisor, excluded_by=desk.officer)
    with pytest.raises(DomainError):
        approve(desk, asked)
    assert ExportRequest.objects.get().approved_at is None


def test_request_of_a_report_that_the_officer_may_not_know_is_refused(desk):
    report = make_report(handling="H1")
    Exclusion.objects.create(report=report, user=desk.officer, excluded_by=desk.supervisor)
    with pytest.raises(NotAllowed):
        ask(desk, report, make_report(handling="H1"))


def test_refuse_with_a_conflict_of_interest_is_left_to_others(desk):
    asked = ask(desk)
    report = asked.reports.first()
    Exclusion.objects.create(report=report, user=desk.supervisor, excluded_by=desk.officer)
    with pytest.raises(DomainError, match="Leave it to others"):
        exports.refuse_export(request=asked, by=desk.supervisor, reason="Far too many")


def test_refuse_ends_the_request(desk):
    asked = ask(desk)
    exports.refuse_export(request=asked, by=desk.supervisor, reason="Far too many")
    with pytest.raises(NotAllowed):
        approve(desk, asked)
    assert ExportRequest.objects.get().refusal == "Far too many"


@pytest.mark.parametrize(("approved", "after"), [(False, 8 * 24), (True, 25)])
def test_requests_run_out(desk, approved, after):
    asked = ask(desk)
    keys = desk.keys_of(desk.officer)
    if approved:
        approve(desk, asked)
    with time_machine.travel(timezone.now() + timedelta(hours=after)):
        with pytest.raises(NotAllowed):
            exports.make_export(request=asked, keys=keys, by=desk.officer)
        with pytest.raises(NotAllowed):
            approve(desk, asked)


def test_approve_and_refuse_through_the_pages(desk, client):
    asked = ask(desk)
    desk.unlocked(client, desk.supervisor)
    page = f"/admin/reporting/exportrequest/{asked.pk}/"
    html = client.get(f"{page}change/").content.decode()
    assert f"{page}approve_export/" in html
    assert WHY in html
    assert client.post(f"{page}approve_export/").status_code == 302
    assert ExportRequest.objects.get().approved_by == desk.supervisor


def test_seal_names_limits_of_all(desk):
    asked = ask(desk, make_report(handling="H3"), make_report(handling="H1"))
    code, limits = copies.limits(asked.reports.all())
    assert code == "H1, H3"
    assert "court" in limits
    assert "Other limits" in limits
