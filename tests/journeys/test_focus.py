"""Focus areas in the browser: whoever owns one hears that a report matches it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from partners import focus_files
from partners.models import FocusArea
from portal import reference, reference_files
from portal.models import ReferenceItem
from tests.journeys.hands import PATIENCE
from tests.journeys.reports import opens, signs_in
from tests.partners.factories import PartnerFactory
from tests.people import link_in, read_mail
from tests.reporting.sealed import make_report, told
from tests.sealing_kit import make_desk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def area():
    """The first focus area, as it is shipped; only the lists that it needs."""
    for name in ("commodity", "direction", "transport_mode"):
        ReferenceItem.objects.bulk_create(
            reference_files.read(reference_files.FOLDER / f"{name}.csv")
        )
    reference.forget()
    PartnerFactory(code="ABF", country="AU")
    focus_files.load()
    return FocusArea.objects.get(code="synthetic-drugs-export-post-australia")


def copies_out(officer, report, destination):
    """Synthetic drugs, export, post; and where they go."""
    officer.goes_to(f"/admin/reporting/report/{report.pk}/classify/")
    for label, code in (
        ("Kind of goods", "SYNTHETIC_DRUGS"),
        ("Direction", "EXPORT"),
        ("Mode of transport", "5"),
        ("Country of destination", destination),
    ):
        officer.page.get_by_label(label).first.select_option(code)
    officer.page.get_by_role("main").locator("[type=submit]").first.click()
    officer.sees(report.reference)


def letters_to(owner):
    """What the owner is sent when the hour is full."""
    with time_machine.travel(timezone.now() + timedelta(hours=1, minutes=1)):
        return [one for one in read_mail() if one.to == [owner.email]]


def test_report_that_matches_a_focus_area_tells_its_owner(sit_down, area):
    """Acceptance 21: a report of synthetic drugs, export, post, Australia tells the owner."""
    desk = make_desk()
    FocusArea.objects.filter(pk=area.pk).update(owner=desk.liaison)
    reports = [make_report(told("Tablets leave by parcel post.")) for _ in range(2)]
    officer = sit_down()
    signs_in(officer, desk.officer)
    opens(officer, reports[0].reference, desk.passphrases[desk.officer.pk])
    copies_out(officer, reports[0], "NZ")
    assert letters_to(desk.liaison) == []
    copies_out(officer, reports[1], "AU")
    (letter,) = letters_to(desk.liaison)
    assert area.name in letter.body
    for report in reports:
        assert report.reference not in letter.body
    owner = sit_down(width=320)
    signs_in(owner, desk.liaison)
    owner.goes_to(link_in(letter))
    owner.goes_to(f"/admin/partners/focusarea/{area.pk}/change/")
    for words in (area.name, "Australia; a report without a noted country matches as well"):
        expect(owner.page.get_by_role("main").get_by_text(words).first).to_be_visible(
            timeout=PATIENCE
        )
