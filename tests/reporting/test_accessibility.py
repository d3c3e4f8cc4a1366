"""The desk's pages of reports, and what else a reporter may see, in a browser: under axe."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from partners import directory_files
from portal import reference_files
from portal.actions import registers
from portal.models.registers import Regime, RightsKind, Route
from reporting import opening
from reporting.actions import conversation, exports, identities, labels, notes, retention, triage
from reporting.actions.filing import file_report
from reporting.admin_views.table import VERBS
from reporting.models import Label, Report
from tests.factories import MembershipFactory, UserFactory
from tests.people import at_the_desk
from tests.portal.test_accessibility import (
    faults,
    faults_of_shown,
    open_page,  # noqa: F401 - a fixture
)
from tests.reporting import cases
from tests.reporting.intake import Reporter, url
from tests.reporting.test_passes import arrived
from tests.sealing_kit import Desk, make_desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
IDENTITY = {"name": "Ellen Fors", "phone": "+46 70 000 00 01", "email": "", "address": ""}


@pytest.fixture
def desk() -> Desk:
    """With keys of its own, since these tests leave nothing to roll back."""
    reference_files.load()
    directory_files.load()
    return make_desk()


@pytest.fixture
def report(desk: Desk) -> Report:
    """With everything on its page: a file, words both ways, notes, labels, a grade."""
    content = {**cases.CONTENT, "about": {"mode": "confidential"}}
    told = file_report(content=content, identity=IDENTITY, files=(cases.picture(),))
    report = Report.objects.get(reference=told.reference)
    by, keys = desk.officer, desk.keys_of(desk.officer)
    opening.open_report(report=report, keys=keys, by=by, reason="First assessment")
    triage.acknowledge(report=report, by=by)
    triage.grade(report=report, by=by, source="B", information="2", handling="H0")
    conversation.reply(report=report, keys=keys, by=by, text="At which gate?", asks=True)
    notes.add_note(report=report, by=by, text="Seen.", statement="fact", source="A", keys=keys)
    label = labels.add_label(by=desk.supervisor, code="gate-4", name="Gate 4")
    triage.label(report=report, by=by, label=label)
    cases.refer(report, desk)
    return Report.objects.get(pk=report.pk)


def page_of(name: str, *args: Any) -> str:
    return reverse(f"admin:reporting_{name}", args=args)


def opened(desk: Desk, user: Any, report: Report) -> Client:
    """Unlocked, and with a reason given."""
    client = desk.unlocked(Client(), user)
    client.post(page_of("report_open", report.pk), {"reason": "First assessment"})
    return client


def found_on(page: Any, addresses: list[str]) -> str:
    return "\n".join(fault for address in addresses for fault in faults(page, address))


def test_report_has_no_fault_closed_or_open(
    desk: Desk,
    report: Report,
    open_page: Callable[..., Any],  # noqa: F811
) -> None:
    erased = cases.brought_to("erased", desk)
    sealed = open_page(desk.unlocked(Client(), desk.officer))
    addresses = [page_of("report_change", report.pk), page_of("report_open", report.pk)]
    assert found_on(sealed, [*addresses, page_of("report_change", erased.pk)]) == ""
    page = open_page(opened(desk, desk.officer, report))
    addresses = [page_of("report_changelist"), addresses[0], page_of("statistics")]
    assert found_on(page, addresses) == ""
    page.goto(page_of("report_change", report.pk))
    assert "At which gate?" in page.inner_text("#conversation")


def test_verbs_of_a_report_have_no_fault(
    desk: Desk,
    report: Report,
    open_page: Callable[..., Any],  # noqa: F811
) -> None:
    other = cases.brought_to("triaged", desk)
    found, seen = [], set()
    for one in (report, other):
        client = opened(desk, desk.supervisor, one)
        asked = [
            page_of(f"report_{verb.name}", one.pk)
            for verb in VERBS.values()
            if verb.form is not None and verb.name not in seen and verb.may(desk.supervisor, one)
        ]
        seen |= {address.split("/")[-2] for address in asked}
        pages = ["export", "compare", "request_identity"] if one == report else []
        asked += [page_of(f"report_{name}", one.pk) for name in pages]
        found.append(found_on(open_page(client), asked))
    assert found == ["", ""]


def test_search_and_requests_have_no_fault(
    desk: Desk,
    report: Report,
    open_page: Callable[..., Any],  # noqa: F811
) -> None:
    hold = retention.place_hold(report=report, reason="A case", by=desk.supervisor)
    told = identities.request_identity(report=report, by=desk.supervisor, reason="The court asks")
    copies = exports.request_export(
        reports=[report], recipient="Prosecutor", reason="A case file", by=desk.officer
    )
    label = Label.objects.get()
    page = open_page(opened(desk, desk.supervisor, report))
    addresses = [
        page_of("report_look_up"),
        page_of("report_scan"),
        page_of("exportrequest_change", copies.pk),
        page_of("identityrequest_change", told.pk),
        page_of("legalhold_change", hold.pk),
        page_of("label_change", label.pk),
        reverse("admin:officers"),
        reverse("admin:desk_key"),
        reverse("admin:index"),
    ]
    assert found_on(page, addresses) == ""
    custodian = open_page(desk.unlocked(Client(), desk.custodian))
    release = page_of("identityrequest_release_identity", told.pk)
    assert found_on(custodian, [page_of("identityrequest_change", told.pk), release]) == ""
    locked = open_page(at_the_desk(Client(), desk.officer))
    assert found_on(locked, [reverse("admin:unlock")]) == ""


def test_registers_have_no_fault(open_page: Callable[..., Any]) -> None:  # noqa: F811
    by = UserFactory(data_protection_officer=True)
    asked = registers.receive_request(
        kind=RightsKind.ACCESS,
        regime=Regime.GDPR,
        route=Route.DIRECT,
        person="Nora Lind",
        wish="What is held?",
        received_on=timezone.localdate(),
        by=by,
    )
    page = open_page(at_the_desk(Client(), by))
    addresses = [
        reverse("admin:index"),
        reverse("admin:portal_rightsrequest_change", args=[asked.pk]),
        reverse("admin:portal_auditevent_changelist"),
        page_of("statistics"),
    ]
    assert found_on(page, addresses) == ""


def test_inbox_has_no_fault(
    desk: Desk,
    open_page: Callable[..., Any],  # noqa: F811
) -> None:
    report, told = cases.filed()
    keys = desk.keys_of(desk.officer)
    conversation.reply(report=report, keys=keys, by=desk.officer, text="At which gate?", asks=True)
    client = Client()
    client.post(reverse("inbox"), {"code": told.receipt})
    page = open_page()
    carry(client, page)
    assert found_on(page, [reverse("inbox"), reverse("inbox_files")]) == ""
    page.goto(reverse("inbox"))
    assert "At which gate?" in page.inner_text("main")


def test_ways_that_are_over_have_no_fault(
    desk: Desk,
    open_page: Callable[..., Any],  # noqa: F811
) -> None:
    """The pages that say no: each has to lead on to something."""
    page = open_page()
    assert faults(page, url("check"), expects=410) == []
    assert faults(page, url("receipt"), expects=404) == []
    assert faults(page, url("ours"), expects=410) == []
    assert faults(page, url("nothing"), expects=404) == []
    page.goto(url("what"))
    page.evaluate("document.querySelector('textarea').value = 'x'.repeat(4000000)")
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_role("heading", name="That was too much at once")).to_be_visible()
    page.console.clear()
    assert faults_of_shown(page) == []


def test_partner_pages_have_no_fault(
    desk: Desk,
    open_page: Callable[..., Any],  # noqa: F811
) -> None:
    member = MembershipFactory(owner=True)
    reporter: Reporter = arrived(member)
    page = open_page()
    carry(reporter.client, page)
    assert found_on(page, [url(), url("what"), url("check")]) == ""
    assert reporter.tell().status_code == 302
    assert reporter.send().status_code == 302
    owner = arrived(member, "ours")
    carry(owner.client, page)
    assert found_on(page, [url("ours")]) == ""


def carry(client: Client, page: Any) -> None:
    """The browser has the cookies of this client, wherever they are sent."""
    for name, cookie in client.cookies.items():
        path = cookie["path"] or "/"
        page.context.add_cookies(
            [{"name": name, "value": cookie.value, "domain": "localhost", "path": path}]
        )
