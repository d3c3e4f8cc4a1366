"""Retention at the desk: who changes rules, holds and keeps, and what the lists show."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone
from django.utils.html import strip_tags

from reporting.actions import retention
from reporting.lifecycle import Status
from reporting.models import LegalHold, Report, RetentionRule, RetentionRun
from tests.factories import UserFactory
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db


def text_of(response):
    return " ".join(strip_tags(response.content.decode()).split())


def report_url(report, verb):
    return f"/admin/reporting/report/{report.pk}/{verb}/"


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("supervisor", 200),
        ("data_protection_officer", 200),
        ("auditor", 404),
        ("triage_officer", 404),
        ("system_administrator", 404),
    ],
)
def test_change_rule_by_role(client, role, status):
    retention.load_rules()
    rule = RetentionRule.objects.get(code="unassessed")
    at_the_desk(client, UserFactory(**{role: True}))
    url = f"/admin/reporting/retentionrule/{rule.pk}/change_rule/"
    assert client.get(url).status_code == status
    client.post(url, {"review_months": 4, "erase_months": 8, "reason": "New policy"})
    rule.refresh_from_db()
    assert rule.erase_months == (8 if status == 200 else 12)


def test_change_rule_to_nonsense_says_so_and_keeps_what_was_typed(client):
    retention.load_rules()
    at_the_desk(client, UserFactory(supervisor=True))
    url = f"/admin/reporting/retentionrule/{RetentionRule.objects.first().pk}/change_rule/"
    page = client.post(url, {"review_months": 9, "erase_months": 2, "reason": "Typed"})
    assert "The review comes before the erasure" in page.content.decode()
    assert 'value="Typed"' in page.content.decode()


def test_hold_is_placed_on_the_report_and_lifted_in_the_list_by_another(client):
    supervisor, other = UserFactory(supervisor=True), UserFactory(supervisor=True)
    at_the_desk(client, supervisor)
    report = Report.objects.create(status=Status.CLOSED)
    client.post(report_url(report, "hold"), {"reason": "Court case"})
    hold = LegalHold.objects.get()
    assert "Court case" in text_of(client.get(f"/admin/reporting/report/{report.pk}/change/"))
    shown = f"/admin/reporting/legalhold/{hold.pk}/change/"
    lift = f"/admin/reporting/legalhold/{hold.pk}/lift/"
    assert lift not in client.get(shown).content.decode()
    assert client.post(lift, {"reason": "Over"}).status_code == 404
    at_the_desk(client, other)
    assert lift in client.get(shown).content.decode()
    client.post(lift, {"reason": "Over"})
    hold.refresh_from_db()
    assert hold.lifted_by == other


def test_hold_on_a_report_with_a_conflict_of_interest_is_not_shown(client):
    supervisor, other = UserFactory(supervisor=True), UserFactory(supervisor=True)
    report = Report.objects.create(status=Status.CLOSED)
    hold = retention.place_hold(report=report, reason="Court case", by=other)
    report.exclusions.create(user=supervisor, excluded_by=other)
    at_the_desk(client, supervisor)
    assert report.reference not in text_of(client.get("/admin/reporting/legalhold/"))
    lift = f"/admin/reporting/legalhold/{hold.pk}/lift/"
    assert client.post(lift, {"reason": "x"}).status_code == 404


def test_officer_reviews_and_keeps_a_report(client):
    at_the_desk(client, UserFactory(triage_officer=True))
    report = Report.objects.create(status=Status.CLOSED, outcome=Status.NO_ACTION)
    client.post(report_url(report, "review"))
    report.refresh_from_db()
    assert report.status == Status.RETENTION_REVIEW
    assert "1 Erased soon unless kept" in text_of(client.get("/admin/"))
    until = timezone.localdate() + timedelta(days=200)
    parts = {f"until_{n}": part for n, part in enumerate((until.day, until.month, until.year))}
    client.post(report_url(report, "keep"), {"reason": "A pattern", **parts})
    report.refresh_from_db()
    assert (report.status, report.review_due) == (Status.CLOSED, until)


def test_front_page_shows_what_lies_open_for_long(client):
    Report.objects.create(status=Status.ASSESSED, review_due=date(2026, 1, 1))
    Report.objects.create(status=Status.CLOSED, review_due=date(2026, 1, 1))
    at_the_desk(client, UserFactory(triage_officer=True))
    assert "1 Open for long without an event" in text_of(client.get("/admin/"))


def test_run_is_told_in_words(client):
    run = RetentionRun.objects.create(
        day=date(2026, 8, 1), counts={"no_action": {"erased": 3}, "open": {"flagged": 1}}
    )
    at_the_desk(client, UserFactory(auditor=True))
    page = text_of(client.get(f"/admin/reporting/retentionrun/{run.pk}/change/"))
    assert "Assessed, without action: 3 erased" in page
    assert "Open: 1 open for long" in page
