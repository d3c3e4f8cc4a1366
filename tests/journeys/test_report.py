"""Reporting a suspicion in the browser: by ear, by keyboard, without script, and back again."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from reporting.models import Draft, Report
from tests.factories import MembershipFactory
from tests.journeys.hands import PATIENCE
from tests.journeys.reports import (
    NARRATIVE,
    begins,
    has_no_sideways_scrolling,
    keeps_receipt,
    opens,
    opens_inbox,
    photo,
    reports,
    signs_in,
    solves,
    solves_by_ear,
    takes_time,
    to_the_end,
    types,
    work,
)

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def lists(db) -> None:
    call_command("load_reference", verbosity=0)


def reference() -> str:
    return Report.objects.get().reference


def test_report_without_script_by_ear_until_the_answer_is_read(desk, sit_down, tmp_path):
    witness = sit_down(script=False, keyboard=True)
    begins(witness)
    witness.presses("Save and continue")
    witness.sees("What is it about?")
    witness.goes_to("/report/files/")
    witness.sees("Photos and documents")
    solves_by_ear(witness)
    witness.presses("I want to add files")
    witness.page.set_input_files("input[type=file]", photo(tmp_path))
    witness.presses("Add")
    expect(witness.page.get_by_text("van behind the gate.jpg").first).to_be_visible()
    witness.goes_to("/report/check/")

    # A wrong answer keeps every other answer and the file.
    takes_time(witness)
    types(witness, "challenge_answer", "WRONG")
    witness.presses("Send the report")
    expect(witness.page.get_by_text("Not sent yet").first).to_be_visible()
    assert not Report.objects.exists()
    for kept in (NARRATIVE, "van behind the gate.jpg"):
        expect(witness.page.get_by_text(kept).first).to_be_visible()
    solves_by_ear(witness)
    witness.presses("Send the report")
    receipt = keeps_receipt(witness)
    assert not witness.page.context.cookies()
    work()

    officer = sit_down()
    signs_in(officer, desk.officer)
    opens(officer, reference(), desk.passphrases[desk.officer.pk])
    expect(officer.page.get_by_text(NARRATIVE).first).to_be_visible()
    expect(officer.page.get_by_text("van behind the gate.jpg").first).to_be_visible()
    officer.follows("Reply")
    officer.fills(re.compile("Your reply"), "Thank you. At what hour does the van come?")
    officer.page.get_by_role("main").locator("[type=submit]").first.click()
    officer.sees(reference())

    later = sit_down(script=False, keyboard=True)
    opens_inbox(later, receipt)
    later.sees("Your inbox")
    expect(later.page.get_by_text("At what hour does the van come?")).to_be_visible()
    later.fills("Your message", "Always at ten in the evening.")
    later.presses("Send")
    expect(later.page.get_by_text("Your message has been sent")).to_be_visible(timeout=PATIENCE)
    work()
    officer.page.reload()
    expect(officer.page.get_by_text("Always at ten in the evening.")).to_be_visible()


def test_report_by_keyboard_without_script_needs_a_sentence_and_the_challenge(desk, sit_down):
    """Acceptance 6: narrative plus captcha suffices to report, by keyboard, without scripts."""
    witness = sit_down(script=False, keyboard=True)
    begins(witness)
    to_the_end(witness)
    solves(witness)
    witness.presses("Send the report")
    keeps_receipt(witness)
    assert Report.objects.count() == 1
    assert not Draft.objects.filter(size__gt=0).exists()


def test_report_with_script_shows_work_and_stands_every_inspection(desk, sit_down):
    """Every page under axe at 320 pixels, none wider; the browser's work is shown and taken."""
    witness = sit_down(width=320)
    begins(witness)
    for heading in (
        "What is it about?",
        "Signs",
        "Who takes part in it?",
        "Where is it?",
        "When?",
        "How does it travel?",
        "How do you know?",
        "Photos and documents",
        "About you",
        "Check your answers and send",
    ):
        has_no_sideways_scrolling(witness.page)
        continued = witness.page.get_by_role("button", name=re.compile("ontinue$")).first
        continued.click()
        witness.sees(heading)
    has_no_sideways_scrolling(witness.page)
    work_done = witness.page.locator('[name="challenge_work"]')
    expect(work_done).not_to_have_value("", timeout=PATIENCE)
    solves(witness)
    witness.presses("Send the report")
    receipt = keeps_receipt(witness)
    opens_inbox(witness, receipt)
    witness.sees("Your inbox")
    has_no_sideways_scrolling(witness.page)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_challenge_in_words_and_anew_keeps_the_report(desk, sit_down, script):
    witness = sit_down(script=script, width=320)
    begins(witness)
    to_the_end(witness)
    witness.presses("Ask me a question in words instead")
    witness.sees("Check your answers and send")
    expect(witness.page.get_by_role("button", name="Get a new question")).to_be_visible()
    if script:
        has_no_sideways_scrolling(witness.page)
    witness.presses("Use a picture or sound instead")
    before = witness.page.locator("img.portal-challenge__picture").get_attribute("src")
    witness.presses("Get a new picture")
    expect(witness.page.locator("img.portal-challenge__picture")).not_to_have_attribute(
        "src", str(before)
    )
    expect(witness.page.get_by_text(NARRATIVE).first).to_be_visible()
    solves(witness)
    witness.presses("Send the report")
    keeps_receipt(witness)


@pytest.mark.parametrize("way", ["click", "escape", "no script"])
def test_leave_quickly_deletes_what_was_written(desk, sit_down, way, settings, live_server):
    witness = sit_down(script=way != "no script")
    # A page that needs no net; how it looks is not the matter here.
    elsewhere = f"{live_server.url}/accessibility/"
    settings.INTAKE_EXIT_URL = elsewhere
    begins(witness)
    witness.presses("Save and continue")
    witness.sees("What is it about?")
    assert Draft.objects.exists()
    if way == "escape":
        for _press in range(3):
            witness.page.keyboard.press("Escape")
    else:
        witness.page.get_by_role("link", name="Leave quickly").click()
    witness.page.wait_for_url(elsewhere)
    assert not Draft.objects.exists()
    assert not witness.page.context.cookies()
    witness.goes_to("/report/what/")
    expect(witness.page.locator("[name=narrative]")).to_have_value("")


def test_receipt_opens_its_inbox_after_many_guesses(desk, sit_down):
    """Acceptance 8: the receipt reopens the inbox; guessing gains nothing and locks nobody out."""
    witness = sit_down(script=False)
    receipt = reports(witness)
    guesser = sit_down(script=False)
    guesses = [receipt[:-1] + end for end in "0123456789" if end != receipt[-1]]
    guesses += ["", "-----", "x" * 500, "AAAAA-AAAAA-AAAAA-AAAAA-AAAAA"]
    for guess in guesses:
        guesser.goes_to("/report/inbox/")
        guesser.fills("Your code", guess)
        guesser.presses("Open")
        guesser.sees("Open your inbox")
        expect(guesser.page.get_by_text(reference())).to_have_count(0)
    # From the same place, at once, without any challenge.
    opens_inbox(guesser, receipt)
    guesser.sees("Your inbox")
    expect(guesser.page.get_by_text(reference())).to_be_visible()


def test_partner_reports_for_the_firm_and_its_owner_reads_nothing_of_it(desk, sit_down):
    """Acceptance 11, the first half: from the firm's pages, by a pass, to the firm's list."""
    owner = MembershipFactory(owner=True)
    hands = sit_down()
    signs_in(hands, owner.user)
    hands.goes_to("/start/report/")
    hands.sees("Report a suspicion")
    hands.presses("Report on behalf of the firm")
    hands.presses("Continue to the report form")
    hands.sees("Report a suspicion")
    expect(hands.page.get_by_text(f"on behalf of {owner.organisation.legal_name}")).to_be_visible()
    hands.page.get_by_role("button", name=re.compile("^(Start|Go on with it)$")).first.click()
    types(hands, "narrative", NARRATIVE)
    hands.presses("Save and continue")
    hands.goes_to("/report/about/")
    hands.chooses("Confidential")
    hands.presses("Save and continue")
    types(hands, "phone", "+46 8 555 01 00")
    to_the_end(hands)
    hands.sees("Check your answers and send")
    expect(hands.page.get_by_text("Sent on behalf of")).to_be_visible()
    solves(hands)
    hands.presses("Send the report")
    keeps_receipt(hands)

    hands.goes_to("/start/report/")
    hands.presses("See the firm’s reports")
    hands.presses("Continue to the list")
    hands.sees("Your firm’s reports")
    expect(hands.page.get_by_text(reference())).to_be_visible()
    expect(hands.page.get_by_text("white van")).to_have_count(0)


def test_administrator_of_a_firm_cannot_see_the_report_of_an_employee(desk, sit_down):
    """Acceptance 11: a firm's administrator cannot see an employee's report, own name or none."""
    owner = MembershipFactory(owner=True)
    employee = MembershipFactory(organisation=owner.organisation)
    hands = sit_down()
    signs_in(hands, employee.user)
    for mode in ("Anonymous", "Confidential"):
        hands.goes_to("/start/report/")
        hands.presses("Report in my own name")
        hands.presses("Continue to the report form")
        hands.page.get_by_role("button", name=re.compile("^(Start|Go on with it)$")).first.click()
        types(hands, "narrative", NARRATIVE)
        hands.presses("Save and continue")
        hands.goes_to("/report/about/")
        hands.chooses(mode)
        hands.presses("Save and continue")
        if mode == "Confidential":
            types(hands, "phone", "+46 8 555 01 00")
            hands.presses("Save and continue")
        hands.sees("Check your answers and send")
        solves(hands)
        hands.presses("Send the report")
        keeps_receipt(hands)
    assert Report.objects.count() == 2

    chief = sit_down()
    signs_in(chief, owner.user)
    chief.goes_to("/start/report/")
    chief.presses("See the firm’s reports")
    chief.presses("Continue to the list")
    chief.sees("Your firm’s reports")
    expect(chief.page.get_by_text("There are no reports yet")).to_be_visible()
    for report in Report.objects.all():
        for address in (
            f"/admin/reporting/report/{report.pk}/change/",
            f"/admin/reporting/report/{report.pk}/open/",
        ):
            answer = chief.page.goto(address)
            assert answer.status == 404 or "/admin/" not in chief.page.url
            expect(chief.page.get_by_text(report.reference)).to_have_count(0)
