"""Reports at the desk in the browser: reasons, roles, the record, grades, identity, the end."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, expect

from portal.models import AuditEvent
from reporting import links
from reporting.actions import retaining, retention
from reporting.actions.filing import file_report
from reporting.lifecycle import Status
from reporting.models import Envelope, Grading, Report, Tombstone
from tests.canary import Canaries
from tests.factories import UserFactory
from tests.journeys.hands import PATIENCE, Hands
from tests.journeys.reports import (
    finds,
    opens,
    opens_inbox,
    reads_the_log,
    reports,
    signs_in,
    unlocks,
    work,
)
from tests.reporting import cases
from tests.reporting.test_canary import found, listening

pytestmark = pytest.mark.django_db(transaction=True)
TOLD = "A white van brings boxes"


@pytest.fixture(autouse=True)
def lists(db) -> None:
    call_command("load_reference", verbosity=0)
    call_command("load_directory", verbosity=0)


def submits(hands: Hands) -> None:
    hands.page.get_by_role("main").locator("[type=submit]").first.click()


def officer_at(sit_down, desk, person=None) -> Hands:
    hands = sit_down()
    signs_in(hands, person or desk.officer)
    return hands


def passphrase(desk, person=None) -> str:
    return desk.passphrases[(person or desk.officer).pk]


def address(report: Report, verb: str = "change") -> str:
    return f"/admin/reporting/report/{report.pk}/{verb}/"


def shows(hands: Hands, words: str) -> None:
    expect(hands.page.get_by_text(words).first).to_be_visible(timeout=PATIENCE)


def test_reporter_leaves_no_address_and_no_browser(desk, sit_down, browser: Browser, live_server):
    """Acceptance 7: after an anonymous report, no table or log holds an address or browser."""
    canaries = Canaries()
    source = "203.0.113.77"
    canaries.also("an address", source)
    context = browser.new_context(
        base_url=live_server.url,
        user_agent=f"Mozilla/5.0 {canaries.new()}",
        extra_http_headers={"X-Forwarded-For": source, "X-Real-IP": source},
    )
    with listening(canaries) as ear:
        receipt = reports(Hands(context.new_page(), keyboard=False, script=True, faults=[]))
    context.close()
    canaries.also("the receipt", receipt, receipt.replace("-", ""))
    work()
    assert ear.heard
    assert not ear.found
    assert not found(canaries)


def test_opening_without_a_reason_or_the_role_is_refused_and_read_in_the_log(desk, sit_down):
    """Acceptance 9: opening a report without a reason is refused and logged."""
    report, _told = cases.filed()
    officer = officer_at(sit_down, desk)
    finds(officer, report.reference)
    officer.follows("Open the report")
    unlocks(officer, passphrase(desk))
    officer.sees(f"Open {report.reference}")
    officer.presses("Open the report")
    shows(officer, "Give the reason")
    officer.goes_to(address(report))
    expect(officer.page.get_by_text(TOLD)).to_have_count(0)

    person = UserFactory(caseworker=True)
    stranger = officer_at(sit_down, desk, person)
    for verb in ("change", "open", "reply", "export"):
        answer = stranger.page.goto(address(report, verb))
        assert answer.status == 404
        expect(stranger.page.get_by_text(report.reference)).to_have_count(0)

    reader = officer_at(sit_down, desk, UserFactory(data_protection_officer=True))
    record = reads_the_log(reader)
    refused = AuditEvent.objects.filter(event="opening_refused", target_id=str(report.pk))
    assert refused.filter(facts__why="reason").exists()
    assert refused.filter(facts__why="right").exists()
    assert desk.officer.name in record
    assert person.name in record
    assert "refused" in record.lower()


def test_search_writes_what_was_found_into_the_record(desk, sit_down):
    """Acceptance 10: search results write consultation entries."""
    report, _told = cases.filed()
    links.write(report, cases.CONTENT, desk.keys_of(desk.officer))
    officer = officer_at(sit_down, desk)
    officer.goes_to("/admin/reporting/report/look-up/")
    unlocks(officer, passphrase(desk))
    officer.fills(re.compile("Number, plate"), "abc 123")
    officer.fills(re.compile("Why do you search"), "Operation Northern Light")
    submits(officer)
    shows(officer, "1 report found")
    shows(officer, report.reference)
    officer.goes_to("/admin/reporting/report/scan/")
    officer.fills(re.compile("Words to look for"), "WHITE van gate")
    officer.fills(re.compile("Why do you search"), "Operation Southern Light")
    submits(officer)
    shows(officer, report.reference)
    kept = AuditEvent.objects.filter(kind="consultation", target_id=str(report.pk))
    for reason in ("Operation Northern Light", "Operation Southern Light"):
        assert kept.filter(reason=reason).exists()

    reader = officer_at(sit_down, desk, UserFactory(data_protection_officer=True))
    record = reads_the_log(reader)
    assert "Operation Northern Light" in record
    assert "Operation Southern Light" in record
    assert "white van" not in record.lower()


def test_grade_again_keeps_the_history_and_only_a_supervisor_says_malicious(desk, sit_down):
    """Acceptance 12: regrading keeps history; only a supervisor sets MALICIOUS."""
    report, _told = cases.filed()
    officer = officer_at(sit_down, desk)
    opens(officer, report.reference, passphrase(desk))
    for source, information in (("B", "2"), ("C", "3")):
        officer.goes_to(address(report, "grade"))
        officer.page.locator(f"[name=source][value={source}]").check()
        officer.page.locator(f"[name=information][value='{information}']").check()
        submits(officer)
        officer.sees(report.reference)
    shows(officer, "C3")
    grades = Grading.objects.filter(report=report).order_by("id")
    assert [f"{one.source_grade}{one.information_grade}" for one in grades][-2:] == ["B2", "C3"]
    expect(officer.page.get_by_role("main")).to_contain_text("B2")
    expect(officer.page.get_by_text("malicious", exact=False)).to_have_count(0)
    assert officer.page.goto(address(report, "mark_malicious")).status == 404

    chief = officer_at(sit_down, desk, desk.supervisor)
    opens(chief, report.reference, passphrase(desk, desk.supervisor))
    chief.goes_to(address(report, "mark_malicious"))
    chief.page.locator("[name=reason]").fill("The reporter said that it was made up.")
    submits(chief)
    chief.sees(report.reference)
    assert Report.objects.get(pk=report.pk).status == Status.MALICIOUS
    assert Grading.objects.filter(report=report).count() == grades.count()


def test_answer_on_the_unions_money_offers_a_referral_to_olaf(desk, sit_down):
    """Acceptance 20: the EU-finances answer offers OLAF referral."""
    report, _told = cases.filed()
    officer = officer_at(sit_down, desk)
    opens(officer, report.reference, passphrase(desk))
    officer.goes_to(address(report, "classify"))
    expect(officer.page.locator("[name=eu_finances]")).to_be_checked()
    submits(officer)
    officer.sees(report.reference)
    for verb, name, text in (
        ("grade", "", ""),
        ("sanitise", "text", "Boxes come to a gate."),
    ):
        officer.goes_to(address(report, verb))
        if name:
            officer.page.locator(f"[name={name}]").fill(text)
        else:
            officer.page.locator("[name=handling][value=H0]").check()
        submits(officer)
        officer.sees(report.reference)
    shows(officer, "Refer it to OLAF")
    officer.goes_to(address(report, "refer"))
    expect(officer.page.locator("[name=receiver]")).to_have_value("OLAF")
    officer.page.locator("[name=legal_basis]").fill("Reg. 883/2013, Art. 8")
    submits(officer)
    officer.sees(report.reference)
    assert Report.objects.get(pk=report.pk).status == Status.REFERRED
    assert report.referrals.get().receiver == "OLAF"


def test_retention_erases_what_is_not_held_and_leaves_a_tombstone(desk, sit_down):
    """Acceptance 23: retention erases, obeys holds, leaves tombstones."""
    retention.load_rules()
    (gone, told), (held, held_told) = cases.filed(), cases.filed()
    chief = officer_at(sit_down, desk, desk.supervisor)
    finds(chief, held.reference)
    chief.goes_to(address(held, "hold"))
    chief.page.locator("[name=reason]").fill("Court case")
    submits(chief)
    chief.sees(held.reference)
    for days in (400, 900, 1500, 2200):
        moment = timezone.now() + timedelta(days=days)
        with time_machine.travel(moment, tick=False):
            retaining.retain(day=moment.date())
    assert Report.objects.get(pk=gone.pk).status == Status.ERASED
    assert Report.objects.get(pk=held.pk).status != Status.ERASED
    assert not Envelope.objects.filter(report=gone).exists()
    assert Envelope.objects.filter(report=held).exists()
    assert Tombstone.objects.filter(report_id=gone.pk).count() == 1

    opens(chief, held.reference, passphrase(desk, desk.supervisor))
    shows(chief, TOLD)
    witness = sit_down(script=False)
    opens_inbox(witness, told.receipt)
    shows(witness, "This report has been erased")
    other = sit_down(script=False)
    opens_inbox(other, held_told.receipt)
    shows(other, "There are no replies yet")


def test_system_administrator_is_refused_every_page_of_a_report(desk, sit_down):
    """Acceptance 24: a system administrator is refused report content, admin site included."""
    report, _told = cases.filed()
    person = UserFactory(system_administrator=True, is_superuser=True)
    hands = officer_at(sit_down, desk, person)
    hands.goes_to("/admin/")
    expect(hands.page.get_by_text("Suspicion reports")).to_have_count(0)
    verbs = ("change", "open", "reply", "refer", "export", "grade", "delete", "history", "compare")
    pages = [address(report, verb) for verb in verbs]
    pages += [f"/admin/reporting/{name}/" for name in ("report", "envelope", "slot", "reporter")]
    pages += ["/admin/reporting/report/look-up/", "/admin/reporting/report/scan/"]
    pages += ["/admin/reporting/report/statistics/", "/admin/reporting/identityrequest/"]
    for page in pages:
        answer = hands.page.goto(page)
        assert answer.status in (403, 404) or "/unlock/" in hands.page.url, page
        for secret in (report.reference, TOLD):
            expect(hands.page.get_by_text(secret)).to_have_count(0)
    refused = AuditEvent.objects.filter(event="opening_refused", target_id=str(report.pk))
    assert refused.filter(actor=f"user:{person.pk}").exists()


def test_identity_is_opened_by_two_people_at_two_windows(desk, sit_down):
    content = {**cases.CONTENT, "about": {"mode": "confidential"}}
    who = {"name": "Eva Holm", "phone": "+46 31 555 01 00"}
    filed = file_report(content=content, identity=who)
    report = Report.objects.get(reference=filed.reference)
    chief = officer_at(sit_down, desk, desk.supervisor)
    opens(chief, report.reference, passphrase(desk, desk.supervisor))
    chief.goes_to(address(report, "request_identity"))
    chief.page.locator("[name=reason]").fill("Testimony is needed in court")
    submits(chief)
    here = chief.page.url
    expect(chief.page.get_by_role("button", name="Open", exact=False)).to_have_count(0)

    keeper = officer_at(sit_down, desk, desk.custodian)
    keeper.goes_to(re.sub(r"^.*?/admin/", "/admin/", here))
    shows(keeper, "Testimony is needed in court")
    keeper.goes_to(re.sub(r"change/$", "release_identity/", here))
    unlocks(keeper, passphrase(desk, desk.custodian))
    keeper.presses("Release")
    expect(keeper.page.get_by_text("Eva Holm")).to_have_count(0)

    chief.goes_to(here)
    chief.page.locator("form[action$='/open_identity/'] [type=submit]").click()
    shows(chief, "Eva Holm")
    chief.goes_to(here)
    expect(chief.page.get_by_text("Eva Holm")).to_have_count(0)
    events = AuditEvent.objects.filter(event="identity_opened", target_id=str(report.pk))
    assert events.get().reason == "Testimony is needed in court"
