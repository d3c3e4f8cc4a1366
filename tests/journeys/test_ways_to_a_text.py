"""One offer to each holder, and a text that rests on a survey or on a reason, in the browser."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import expect

from mou.models import MouOffer, MouVersion
from mou.questionnaire import questionnaire
from portal import reference_files
from tests.factories import UserFactory
from tests.journeys.hands import PATIENCE, Hands
from tests.journeys.test_agreement import (  # noqa: F401 - one is a fixture
    FIRM,
    import_certificates,
    sign_in,
    sit_down,
    work,
)
from tests.mou import flows
from tests.people import with_codes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

WAY = {"script": True, "keyboard": False}
# What a firm answers, by the kind of field that its browser shows.
LINE = {"mode": "sea", "volume": "40"}


def test_grant_a_status_twice_and_offer_once(sit_down, tmp_path):  # noqa: F811
    """Acceptance test 1."""
    call_command("load_reference", verbosity=0)
    call_command("load_agreements", verbosity=0)
    desk = sit_down(**WAY)
    sign_in(desk, with_codes(UserFactory(caseworker=True)))
    import_certificates(desk, tmp_path)
    status = MouOffer.objects.get().trust_status

    desk.goes_to(f"/admin/mou/truststatus/{status.pk}/revoke/")
    desk.page.fill("[name=reason]", "Asked to be taken off")
    desk.page.get_by_role("button", name="Revoke").click()
    import_again(desk, tmp_path)

    desk.goes_to("/admin/mou/mouoffer/")
    expect(desk.page.get_by_role("link", name=FIRM)).to_have_count(1)
    assert MouOffer.objects.count() == 1


def import_again(officer: Hands, folder) -> None:
    """Granted anew soon after: another number, the same holder."""
    path = folder / "again.csv"
    first = (folder / "certificates.csv").read_text(encoding="utf-8")
    again = first.replace("SEAEOF0000001", "SEAEOF0000002").replace("2026-01-15", "2026-02-16")
    path.write_text(again, encoding="utf-8")
    officer.goes_to("/admin/mou/certificateimport/import/")
    officer.page.set_input_files("input[type=file]", path)
    officer.presses("Compare with the register")
    work()
    officer.page.get_by_role("button", name="Apply this list").click(timeout=PATIENCE)
    work()
    expect(officer.page.get_by_text("Applied", exact=True)).to_be_visible(timeout=PATIENCE)


def test_draft_on_a_survey_of_all_three_flows_or_on_a_reason(sit_down):  # noqa: F811
    """Acceptance test 3."""
    reference_files.load()
    cast = flows.named()
    owner, desk = sit_down(**WAY), sit_down(**WAY)
    sign_in(owner, with_codes(cast.owner))
    sign_in(desk, with_codes(cast.caseworker))
    draft(desk, cast.agreement.pk)
    expect(desk.page.get_by_role("link", name="Enter why no survey was made")).to_be_visible()
    assert not MouVersion.objects.exists()

    answer_the_survey(owner, cast.agreement.uuid)
    desk.goes_to(f"/admin/mou/mou/{cast.agreement.pk}/survey/")
    desk.presses("Accept the survey")
    draft(desk, cast.agreement.pk)
    desk.sees(re.compile("The text of"))
    assert MouVersion.objects.get().content["survey_note"] == ""


def draft(officer: Hands, mou: int) -> None:
    officer.goes_to(f"/admin/mou/mou/{mou}/draft/")
    officer.presses("Draft")


def answer_the_survey(owner: Hands, mou: object) -> None:
    owner.goes_to(f"/mou/{mou}/survey/")
    owner.presses("Begin the survey")
    for section in questionnaire().sections:
        owner.goes_to(f"/mou/{mou}/survey/{section.code}/")
        for question in section.questions:
            answer(owner, question.code)
        owner.presses("Save")
        expect(owner.page.locator(".govuk-error-summary")).to_have_count(0)
    owner.goes_to(f"/mou/{mou}/survey/check/")
    owner.presses("Send the survey")
    owner.sees("Survey of your flows")


def answer(owner: Hands, code: str) -> None:
    """Whatever kind of field it is: the first choice, a seven, a sentence, one line of a table."""
    question = owner.page.locator(f"#q-{code}")
    if not question.count():
        return
    chosen = question.locator(f"input[name={code}]:is([type=radio],[type=checkbox])")
    typed = question.locator(f"input#{code}, textarea#{code}")
    line = question.locator(".survey-table__row").first.locator("input")
    if chosen.count():
        chosen.first.check()
    elif typed.count():
        number = typed.first.get_attribute("inputmode") == "numeric"
        typed.first.fill("7" if number else "In May, without a fault.")
    else:
        for field in line.all():
            name = (field.get_attribute("name") or "").rpartition("_")[2]
            field.fill(LINE.get(name, "Göteborg"))
