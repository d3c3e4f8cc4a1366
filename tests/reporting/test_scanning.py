"""Search in what was told: everything said is found, nothing sought is kept."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from portal.errors import DomainError
from portal.models import AuditEvent
from reporting import scanning
from reporting.envelopes import SIGNED
from reporting.models import Envelope, Exclusion, Kind
from reporting.scanning import Choice
from tests.reporting.sealed import add, make_report, told

pytestmark = pytest.mark.django_db


def scan(desk, text, *, by=None, reason="case 7", **more):
    by = by or desk.officer
    more.setdefault("choice", Choice())
    more.setdefault("seconds", 60)
    return scanning.scan(text=text, keys=desk.keys_of(by), by=by, reason=reason, **more)


def found(desk, text, **more):
    return [hit.report for hit in scan(desk, text, **more).hits]


@pytest.mark.parametrize("typed", ["zlute vozidlo", "VOZIDLO  ŽLUTÉ", "luté vozi"])
def test_scan_finds_words_in_any_order_accent_and_case(desk, typed):
    report = make_report(told("Ve skladu stálo žluté vozidlo."))
    make_report(told("Nothing yellow here."))
    assert found(desk, typed) == [report]


@pytest.mark.parametrize(
    ("said", "typed"), [("Straße", "STRASSE"), ("Sjømann", "sjomann"), ("Łódź", "lodz")]
)
def test_scan_finds_letters_that_are_written_in_two_ways(desk, said, typed):
    report = make_report(told(said))
    assert found(desk, typed) == [report]


@pytest.mark.parametrize(
    ("kind", "part"),
    [
        (Kind.MESSAGE, {"text": "the blue lorry again", "files": []}),
        (Kind.REPLY, {"text": "which blue lorry?", "asks": True, "author": "An officer"}),
        (Kind.NOTE, {"text": "blue lorry known", "statement": "fact", "source": ""}),
        (Kind.SANITISED, {"text": "a blue lorry"}),
        (Kind.REFERRAL, {"text": "blue lorry", "receiver": "unit:drugs"}),
    ],
)
def test_scan_finds_what_was_said_later_and_says_where(desk, kind, part):
    report = make_report()
    signer = desk.keys_of(desk.officer).signer("unit:desk") if kind in SIGNED else None
    add(report, kind, json.dumps(part).encode(), signer=signer)
    (hit,) = scan(desk, "blue lorry").hits
    assert (hit.report, hit.kinds) == (report, [kind])


def test_scan_finds_names_of_people_and_files(desk):
    report = make_report(
        told(who=[{"name": "Eva Holm"}], files=[{"name": "manifest-77.pdf", "sha256": "cafe"}])
    )
    assert found(desk, "holm manifest-77") == [report]
    assert found(desk, "cafe") == []


def test_scan_leaves_sensitive_data_out(desk):
    make_report(told(about={"risk": "diabetes", "mode": "anonymous"}))
    assert found(desk, "diabetes") == []


def test_scan_leaves_out_a_report_the_officer_may_not_know(desk):
    report = make_report(told("a blue lorry"))
    Exclusion.objects.create(report=report, user=desk.officer, excluded_by=desk.supervisor)
    slice_ = scan(desk, "lorry")
    assert (slice_.hits, slice_.looked) == ([], 0)
    assert found(desk, "lorry", by=desk.supervisor) == [report]


def test_scan_as_custodian_opens_nothing(desk):
    make_report(told("a blue lorry"))
    assert scan(desk, "lorry", by=desk.custodian).looked == 0


def test_scan_keeps_to_what_was_chosen(desk):
    now = datetime.now(UTC)
    old = make_report(told("a lorry"), at=now - timedelta(days=40))
    new = make_report(told("a lorry"), at=now, category="TOBACCO", status="triaged")
    month = (now - timedelta(days=30)).date()
    assert found(desk, "lorry") == [new, old]
    assert found(desk, "lorry", choice=Choice(since=month)) == [new]
    assert found(desk, "lorry", choice=Choice(until=month)) == [old]
    assert found(desk, "lorry", choice=Choice(status="received")) == [old]
    assert found(desk, "lorry", choice=Choice(category="TOBACCO")) == [new]


def test_scan_in_slices_finds_the_same_once(desk, monkeypatch):
    monkeypatch.setattr(scanning, "BATCH", 3)
    reports = [make_report(told(f"lorry {n}")) for n in range(8)]
    hits, after, slices = [], None, 0
    while True:
        slice_ = scan(desk, "lorry", after=after, seconds=0)
        assert slice_.looked <= 1
        hits += [hit.report for hit in slice_.hits]
        after, slices = slice_.after, slices + 1
        if after is None:
            break
        assert 0 <= slice_.done <= 1
    assert slices == 9
    assert hits == sorted(reports, key=lambda report: report.pk, reverse=True)


def test_scan_skips_what_does_not_open_and_says_so(desk):
    report = make_report(told("a lorry"))
    good = make_report(told("a lorry"))
    envelope = Envelope.objects.get(report=report)
    broken = bytes(envelope.ciphertext)[:-1] + b"\x00"
    Envelope.objects.filter(pk=envelope.pk).update(ciphertext=broken)
    slice_ = scan(desk, "lorry")
    assert ([hit.report for hit in slice_.hits], slice_.unreadable) == ([good], 1)


def test_scan_records_each_report_found_and_never_the_words(desk):
    report = make_report(told("a turquoise lorry"))
    scan(desk, "turquoise")
    events = list(AuditEvent.objects.filter(kind="consultation"))
    assert {(e.event, e.target_id) for e in events} == {
        ("text_searched", str(desk.officer.pk)),
        ("found_by_text", str(report.pk)),
    }
    assert {e.reason for e in events} == {"case 7"}
    assert not any("turquoise" in str(vars(e)) for e in AuditEvent.objects.all())


@pytest.mark.parametrize(("text", "reason"), [("", "case 7"), ("lorry", " ")])
def test_scan_without_words_or_reason_is_refused(desk, text, reason):
    with pytest.raises(DomainError):
        scan(desk, text, reason=reason)


def test_scan_costs_the_same_however_many_there_are(desk, django_assert_num_queries):
    keys = desk.keys_of(desk.officer)

    def ask():
        scanning.scan(
            text="lorry", choice=Choice(), keys=keys, by=desk.officer, reason="r", seconds=60
        )

    make_report(told("a lorry"))
    ask()
    with django_assert_num_queries(4):
        ask()
    for _again in range(4):
        make_report(told("a lorry"))
    with django_assert_num_queries(4):
        ask()
