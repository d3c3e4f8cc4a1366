"""Exchanges with partners in the browser: acceptance tests 13 to 15, by officer and supervisor."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from partners.actions import exchange_clocks
from partners.exchange_lifecycle import Status
from partners.models import Exchange
from portal.models import ReferenceItem, User
from reporting.actions import notes, triage
from tests.journeys.hands import PATIENCE, Hands
from tests.journeys.reports import signs_in, unlocks
from tests.partners import exchange_flows as flows
from tests.reporting.sealed import make_report, told

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/partners/exchange/"
CLEAN = "A load is expected at a northern port."


@pytest.fixture
def cast():
    return flows.cast()


def sits_down(sit_down, cast: flows.Cast, person: User, **how: object) -> Hands:
    """At the desk, signed in and unlocked."""
    hands = sit_down(**how)
    signs_in(hands, person)
    hands.goes_to("/admin/unlock/")
    unlocks(hands, cast.desk.passphrases[person.pk])
    expect(hands.page.get_by_text("Unlocked until").first).to_be_visible(timeout=PATIENCE)
    return hands


def opens(hands: Hands, exchange: Exchange) -> None:
    hands.goes_to(f"{LIST}{exchange.pk}/change/")
    hands.follows("Open the exchange")
    hands.fills(re.compile("Why do you open"), "answering the partner")
    hands.presses("Open the exchange")
    hands.sees(exchange.reference)


def approves(hands: Hands, exchange: Exchange) -> None:
    opens(hands, exchange)
    hands.follows("Approve")
    hands.sees("Approve")
    hands.ticks("I have read it")
    hands.presses("Approve")


def shows(hands: Hands, words: str) -> None:
    expect(hands.page.get_by_text(words).first).to_be_visible(timeout=PATIENCE)


def test_request_is_sent_only_under_an_instrument_in_force(sit_down, cast):
    """Acceptance 14: sending to a partner without an instrument in force is blocked."""
    officer = sits_down(sit_down, cast, cast.officer)
    supervisor = sits_down(sit_down, cast, cast.supervisor, width=320)
    officer.goes_to(LIST)
    officer.follows("Write a request")
    officer.sees("Write a request")
    page = officer.page
    page.get_by_label("Partner", exact=True).select_option(str(cast.partner.pk))
    page.get_by_label("Purpose", exact=True).select_option("investigation")
    officer.chooses("Urgent, directly accessible: 8 hours")
    officer.fills("Object and reason", "Who collected the trailer")
    officer.fills("Summary of the facts", flows.SECRET)
    officer.presses("Seal it")
    exchange = Exchange.objects.get()
    officer.sees(exchange.reference)
    approves(supervisor, exchange)
    shows(supervisor, "Choose the instrument under which it passes")

    opens(officer, exchange)
    shows(officer, flows.SECRET)
    officer.follows("Change")
    page.get_by_label("Instrument", exact=True).select_option(str(cast.instrument.pk))
    officer.presses("Seal it")
    supervisor.goes_to(f"{LIST}{exchange.pk}/change/")
    supervisor.follows("Approve")
    supervisor.ticks("I have read it")
    supervisor.presses("Approve")
    supervisor.sees(exchange.reference)

    yesterday = timezone.localdate() - timedelta(days=1)
    type(cast.instrument).objects.filter(pk=cast.instrument.pk).update(ended_on=yesterday)
    officer.goes_to(f"{LIST}{exchange.pk}/send/")
    page.get_by_label("By which channel did it leave?").select_option("siena")
    officer.presses("Keep it")
    shows(officer, "It cannot be sent under")
    exchange.refresh_from_db()
    assert (exchange.status, exchange.sent_at) == (Status.APPROVED, None)
    type(cast.instrument).objects.filter(pk=cast.instrument.pk).update(ended_on=None)
    officer.presses("Keep it")
    officer.sees(exchange.reference)
    shows(officer, "due in 7 h")


def test_clock_of_a_partners_request_runs_from_receipt_through_the_weekend(sit_down, cast):
    """Acceptance 15: the desk's queue counts down from receipt, whatever day it is."""
    friday = timezone.now() - timedelta(hours=7, minutes=30)
    urgent = flows.registered(cast, friday, urgency="urgent_direct")
    flows.registered(cast, friday, urgency="urgent_indirect")
    flows.registered(cast, friday, urgency="other")
    due = {one.urgency: one.due_at - friday for one in Exchange.objects.all()}
    assert due["urgent_direct"] == timedelta(hours=8)
    assert exchange_clocks.remind_due() == 1
    officer = sits_down(sit_down, cast, cast.officer)
    officer.goes_to("/admin/")
    officer.page.get_by_role("link", name=re.compile("1 Exchanges due within a day")).click()
    officer.sees("Exchanges")
    shows(officer, urgent.reference)
    expect(officer.page.locator("#result_list tbody tr")).to_have_count(1)
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        assert exchange_clocks.remind_due() == 1


def test_report_is_referred_with_its_sanitised_version_and_h2_waits_for_consent(sit_down, cast):
    """Acceptance 13: H2 information cannot leave before consent is recorded."""
    ReferenceItem.objects.create(list="organisation", code="OLAF", label="OLAF")
    cast.partner.code = "OLAF"
    cast.partner.save()
    triager = cast.desk.officer
    report = make_report(told("My neighbour Ove brings boxes at night."))
    triage.grade(report=report, by=triager, source="B", information="2", handling="H2")
    notes.sanitise(report=report, keys=cast.keys(triager), by=triager, text=CLEAN)
    officer = sits_down(sit_down, cast, triager)
    page = f"/admin/reporting/report/{report.pk}"
    officer.goes_to(f"{page}/open/")
    officer.fills(re.compile("Why do you open"), "handing it over")
    officer.presses("Open the report")
    officer.goes_to(f"{page}/refer/?receiver=OLAF")
    officer.fills("Legal basis", "Naples II, Art. 17")
    officer.presses("Refer")
    shows(officer, "consent is recorded")
    assert not Exchange.objects.exists()
    officer.goes_to(f"{page}/record_consent/")
    officer.chooses("Written in the inbox")
    officer.page.get_by_role("main").locator("[type=submit]").first.click()
    officer.goes_to(f"{page}/refer/?receiver=OLAF")
    officer.fills("Legal basis", "Naples II, Art. 17")
    officer.presses("Refer")
    officer.sees(report.reference)
    exchange = Exchange.objects.get()

    liaison = sits_down(sit_down, cast, cast.officer)
    opens(liaison, exchange)
    shows(liaison, CLEAN)
    shows(liaison, "H2")
    expect(liaison.page.get_by_text("neighbour")).to_have_count(0)
