"""Retention: erases by the table, obeys holds, leaves tombstones, and can be run dry or twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal import audit, expired, outbox
from portal import retention as kept
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import AuditEvent
from reporting import erasure, retention
from reporting.actions import clocks, retaining
from reporting.actions import retention as actions
from reporting.lifecycle import Status
from reporting.models import (
    Draft,
    DraftPart,
    Envelope,
    ExportRequest,
    Feedback,
    Firm,
    Grading,
    Identifier,
    IdentityRequest,
    Kind,
    Label,
    LegalHold,
    Pass,
    Referral,
    Report,
    Reporter,
    RetentionRule,
    RetentionRun,
    Slot,
    Tombstone,
)
from tests.databases import acting_as, postgresql
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
START = datetime(2026, 1, 15, 10, tzinfo=UTC)


@pytest.fixture
def supervisor():
    return UserFactory(supervisor=True)


def made(status=Status.CLOSED, **fields):
    """A report that nothing happened to since START."""
    fields.setdefault("received_hour", START)
    if status in (Status.CLOSED, Status.RETENTION_REVIEW):
        fields.setdefault("closed_at", START)
    return Report.objects.create(status=status, **fields)


def sealed(report, kind=Kind.REPORT, recipients=("unit:desk#1", "recovery#1")):
    envelope = Envelope.objects.create(report=report, kind=kind, ciphertext=b"sealed")
    for recipient in recipients:
        Slot.objects.create(envelope=envelope, recipient=recipient, sealed=b"key")
    return envelope


def run(day, **options):
    with time_machine.travel(datetime(day.year, day.month, day.day, 3, tzinfo=UTC), tick=False):
        return retaining.retain(day=day, **options)


def status_of(report):
    report.refresh_from_db()
    return report.status


# --- The table --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ({"status": Status.RECEIVED}, "unassessed"),
        ({"status": Status.ACKNOWLEDGED}, "unassessed"),
        ({"status": Status.TRIAGED}, "open"),
        ({"status": Status.ASSESSED}, "open"),
        ({"status": Status.ACTION}, "open"),
        ({"status": Status.REFERRED}, "open"),
        ({"status": Status.NO_ACTION}, "no_action"),
        ({"status": Status.OUT_OF_SCOPE}, "out_of_scope"),
        ({"status": Status.MALICIOUS}, "malicious"),
        ({"status": Status.CLOSED, "outcome": Status.ACTION}, "assessed"),
        ({"status": Status.CLOSED, "outcome": Status.REFERRED}, "assessed"),
        ({"status": Status.CLOSED, "outcome": Status.NO_ACTION}, "no_action"),
        ({"status": Status.RETENTION_REVIEW, "outcome": Status.MALICIOUS}, "malicious"),
        ({"status": Status.RETENTION_REVIEW}, "unassessed"),
        ({"status": Status.CLOSED, "source_grade": "B"}, "assessed"),
    ],
)
def test_rule_follows_from_what_came_of_a_report(fields, rule):
    assert retention.rule_of(Report(**fields)) == rule


def test_every_status_has_a_rule():
    for status in Status:
        if status != Status.ERASED:
            assert retention.rule_of(Report(status=status)) in {*retention.TABLE, "open"}


def test_unassessed_report_is_reviewed_after_six_months_and_erased_after_twelve():
    report = made(Status.RECEIVED)
    assert run(date(2026, 7, 14)).counts == {"unassessed": {"dated": 1}}
    assert status_of(report) == Status.RECEIVED
    run(date(2026, 7, 15))
    assert status_of(report) == Status.RETENTION_REVIEW
    assert report.review_due == date(2027, 1, 15)
    run(date(2027, 1, 14))
    assert status_of(report) == Status.RETENTION_REVIEW
    run(date(2027, 1, 15))
    assert status_of(report) == Status.ERASED


def test_assessed_report_is_kept_five_years_after_the_last_event():
    report = made(outcome=Status.ACTION)
    with time_machine.travel(START + timedelta(days=365), tick=False):
        audit.record("noted", target=report, by=None)
    run(date(2030, 10, 15))
    assert status_of(report) == Status.CLOSED
    assert report.review_due == date(2031, 10, 15)
    run(date(2031, 10, 15))
    assert (status_of(report), report.review_due) == (Status.RETENTION_REVIEW, date(2032, 1, 15))
    run(date(2032, 1, 15))
    assert status_of(report) == Status.ERASED
    assert Tombstone.objects.get(what="report").rule == "assessed"


def test_reading_a_report_keeps_it_no_longer():
    report = made(outcome=Status.OUT_OF_SCOPE)
    with time_machine.travel(START + timedelta(days=80), tick=False):
        audit.consult(target=report, by=None, reason="Looking")
    run(date(2026, 4, 15))
    assert status_of(report) == Status.RETENTION_REVIEW


@pytest.mark.parametrize("status", [Status.TRIAGED, Status.ASSESSED, Status.ACTION])
def test_open_report_is_flagged_and_never_erased(status):
    report = made(status, review_due=date(2027, 1, 15))
    for year in (2027, 2030, 2040):
        assert run(date(year, 2, 1)).counts == {"open": {"flagged": 1}}
    assert status_of(report) == status


def test_review_that_came_late_still_leaves_officers_time():
    report = made(outcome=Status.NO_ACTION)
    run(date(2030, 1, 1))
    assert status_of(report) == Status.RETENTION_REVIEW
    assert report.review_due == date(2030, 1, 31)


def test_rule_that_was_changed_counts_at_the_next_run(supervisor):
    actions.load_rules()
    actions.change_rule(
        code="out_of_scope", review_months=1, erase_months=2, reason="New policy", by=supervisor
    )
    report = made(outcome=Status.OUT_OF_SCOPE)
    run(date(2026, 2, 15))
    assert report.pk
    assert status_of(report) == Status.RETENTION_REVIEW
    assert AuditEvent.objects.get(event="retention_rule_changed").facts == {
        "before": [3, 6],
        "after": [1, 2],
    }


def test_load_rules_twice_keeps_what_was_changed(supervisor):
    assert actions.load_rules() == len(retention.TABLE)
    actions.change_rule(
        code="unassessed", review_months=2, erase_months=4, reason="Policy", by=supervisor
    )
    assert actions.load_rules() == 0
    assert RetentionRule.objects.get(code="unassessed").erase_months == 4


@pytest.mark.parametrize("months", [(0, 3), (5, 4)])
def test_change_rule_to_nonsense_is_refused(supervisor, months):
    actions.load_rules()
    with pytest.raises(DomainError):
        actions.change_rule(
            code="unassessed",
            review_months=months[0],
            erase_months=months[1],
            reason="x",
            by=supervisor,
        )


@pytest.mark.parametrize("role", ["triage_officer", "auditor", "system_administrator"])
def test_change_rule_by_others_is_refused(role):
    actions.load_rules()
    with pytest.raises(NotAllowed):
        actions.change_rule(
            code="unassessed",
            review_months=1,
            erase_months=1,
            reason="x",
            by=UserFactory(**{role: True}),
        )


# --- Erasing ----------------------------------------------------------------------------------


def full(supervisor):
    """A report with a row in every table that can hold one."""
    report = made(
        Status.RETENTION_REVIEW,
        outcome=Status.OUT_OF_SCOPE,
        review_due=date(2026, 8, 1),
        category="NARCOTICS",
        place="SEGOT",
        origin="CO",
        destination="SE",
        priority="P2",
        source_grade="A",
        information_grade="1",
        consent_note="By telephone",
        eu_finances=True,
        assigned_to=supervisor,
    )
    for kind in Kind:
        sealed(report, kind)
    Reporter.objects.create(report=report, tag="t" * 64, public=b"key")
    Firm.objects.create(report=report, tag="f" * 64)
    Feedback.objects.create(report=report, code="used", given_by=supervisor)
    Identifier.objects.create(report=report, kind="plate", digest=b"d" * 32)
    Grading.objects.create(
        report=report,
        source_grade="A",
        information_grade="1",
        handling="H0",
        graded_by=supervisor,
    )
    Referral.objects.create(
        report=report,
        receiver="OLAF",
        legal_basis="Art. 1",
        envelope_id=report.envelopes.first().pk,
        handling="H0",
        referred_by=supervisor,
    )
    report.exclusions.create(user=UserFactory(triage_officer=True), excluded_by=supervisor)
    report.labels.add(Label.objects.create(code="port", name="Port"))
    IdentityRequest.objects.create(
        report=report, reason="r", requested_by=supervisor, expires_at=timezone.now()
    )
    ExportRequest.objects.create(
        reason="r", requested_by=supervisor, expires_at=timezone.now()
    ).reports.add(report)
    LegalHold.objects.create(
        report=report,
        reason="r",
        placed_by=supervisor,
        lifted_at=timezone.now(),
        lifted_by=UserFactory(supervisor=True),
    )
    return report


def assert_nothing_is_left(report):
    report.refresh_from_db()
    assert report.status == Status.ERASED
    for relation in Report._meta.related_objects:
        if relation.get_accessor_name() not in erasure.STAYS:
            rows = relation.related_model.objects.filter(**{relation.field.name: report})
            assert not rows.exists(), relation
    assert not report.labels.exists()
    assert not ExportRequest.reports.through.objects.filter(report_id=report.pk).exists()
    for column, blank in erasure.BLANK.items():
        assert getattr(report, column) == blank, column


def test_erase_leaves_a_reference_and_a_tombstone(supervisor):
    report = full(supervisor)
    other = sealed(made())
    run(date(2026, 8, 1))
    assert_nothing_is_left(report)
    assert list(Envelope.objects.all()) == [other]
    assert Slot.objects.count() == 2
    tombstone = Tombstone.objects.get()
    assert (tombstone.reference, tombstone.what) == (report.reference, "report")
    assert tombstone.rule == "out_of_scope"
    event = AuditEvent.objects.get(event="erased")
    assert (event.kind, event.actor, event.facts) == ("erasure", "system", {"rule": "out_of_scope"})


def test_every_row_about_a_report_is_decided():
    relations = {relation.get_accessor_name() for relation in Report._meta.related_objects}
    assert relations == set(erasure.GONE) | erasure.STAYS


def test_every_column_of_a_report_is_decided():
    stays = {"id", "reference", "received_hour", "status", "unit"}
    # That it was dealt with, and when: no word of what.
    stays |= {"acknowledged_at", "feedback_at", "closed_at"}
    columns = {field.name for field in Report._meta.fields}
    assert columns == stays | set(erasure.BLANK)


@postgresql
def test_erase_with_the_rights_of_the_worker(roles, supervisor):
    report = full(supervisor)
    identity = made(outcome=Status.ACTION)
    sealed(identity, Kind.IDENTITY)
    day = date(2026, 8, 1)
    with acting_as("worker"):
        retaining.retain(day=day)
        retaining.clear_short_lived()
    assert_nothing_is_left(report)
    assert not identity.envelopes.exists()


def test_run_twice_on_a_day_does_the_work_once(supervisor):
    full(supervisor)
    first, second = run(date(2026, 8, 1)), run(date(2026, 8, 1))
    assert first.pk == second.pk
    assert second.counts["out_of_scope"] == {"erased": 1}
    assert AuditEvent.objects.filter(event="erased").count() == 1


def test_run_that_broke_off_goes_on_where_it_was(supervisor, monkeypatch):
    monkeypatch.setattr(retaining, "BATCH", 2)
    reports = [
        made(Status.RETENTION_REVIEW, outcome=Status.NO_ACTION, review_due=date(2026, 8, 1))
        for _ in range(5)
    ]
    assert run(date(2026, 8, 1), seconds=0).finished_at is None
    for _ in range(10):
        with time_machine.travel(datetime(2026, 8, 1, 3, tzinfo=UTC), tick=False):
            kept.go_on(RetentionRun.objects.get(), retaining.STEPS)
    assert {status_of(report) for report in reports} == {Status.ERASED}
    assert RetentionRun.objects.get().counts == {"no_action": {"erased": 5}}
    assert RetentionRun.objects.get().finished_at


def test_dry_run_says_what_would_be_done_and_changes_nothing(supervisor):
    report = full(supervisor)
    new = made(Status.RECEIVED)
    with time_machine.travel(datetime(2026, 8, 1, 3, tzinfo=UTC), tick=False):
        told = list(expired.table(dry=True))
    assert ("reports", "erased, out_of_scope", 1) in told
    assert ("reports", "review, unassessed", 1) in told
    assert (status_of(report), status_of(new)) == (Status.RETENTION_REVIEW, Status.RECEIVED)
    assert report.envelopes.count() == len(Kind)
    assert not Tombstone.objects.exists()
    assert RetentionRun.objects.get().dry


def test_dry_run_counts_what_the_run_then_does(supervisor):
    """Also where one erasure takes with it what another rule would erase."""
    for status in Status:
        if status not in (Status.ERASED, Status.MERGED):
            for due in (None, date(2026, 2, 1), date(2026, 8, 1), date(2026, 8, 2)):
                sealed(made(status, review_due=due), Kind.IDENTITY)
    for report in chain():
        sealed(report, Kind.IDENTITY)
    actions.place_hold(report=Report.objects.last(), reason="Court case", by=supervisor)
    for days in range(200, 1500, 260):
        day = START.date() + timedelta(days=days)
        dry = run(day, dry=True).counts
        assert dry == run(day).counts
        assert dry


# --- Holds and delays -------------------------------------------------------------------------


def test_hold_stops_every_erasure_until_it_is_lifted(supervisor):
    report = made(Status.RETENTION_REVIEW, outcome=Status.NO_ACTION, review_due=date(2026, 2, 1))
    sealed(report)
    sealed(report, Kind.IDENTITY)
    hold = actions.place_hold(report=report, reason="Court case", by=supervisor)
    counts = run(date(2030, 1, 1)).counts
    assert counts == {"no_action": {"held": 1}, "identity": {"held": 1}}
    assert report.envelopes.count() == 2
    actions.lift_hold(hold=hold, reason="Case closed", by=UserFactory(supervisor=True))
    run(date(2030, 1, 2))
    assert status_of(report) == Status.ERASED
    kinds = AuditEvent.objects.filter(event__startswith="hold_").order_by("pk")
    assert [(event.event, event.reason) for event in kinds] == [
        ("hold_placed", "Court case"),
        ("hold_lifted", "Case closed"),
    ]


def test_hold_on_a_merged_report_stops_its_target_too(supervisor):
    target = made(Status.RETENTION_REVIEW, outcome=Status.ACTION, review_due=date(2026, 2, 1))
    merged = made(Status.MERGED, merged_into=target)
    actions.place_hold(report=merged, reason="Court case", by=supervisor)
    run(date(2040, 1, 1))
    assert (status_of(target), status_of(merged)) == (Status.RETENTION_REVIEW, Status.MERGED)


def chain(length=4):
    """Reports merged one into the next; the last one is due to be erased."""
    reports = [made(Status.RETENTION_REVIEW, outcome=Status.ACTION, review_due=date(2026, 2, 1))]
    for _ in range(length - 1):
        reports.insert(0, made(Status.MERGED, merged_into=reports[0]))
    return reports


@pytest.mark.parametrize("held", range(4))
def test_hold_stops_whatever_was_merged_however_deep(supervisor, held):
    reports = chain()
    for report in reports:
        sealed(report, Kind.IDENTITY)
    actions.place_hold(report=reports[held], reason="Court case", by=supervisor)
    counts = run(date(2040, 1, 1)).counts
    assert counts == {"assessed": {"held": 1}, "identity": {"held": 4}}
    assert Envelope.objects.count() == 4


def test_hold_placed_while_a_run_looks_stops_the_erasure(supervisor, monkeypatch):
    *merged, target = chain(3)
    together = erasure.together

    def meanwhile(report):
        actions.place_hold(report=merged[0], reason="Court case", by=supervisor)
        return together(report)

    monkeypatch.setattr(erasure, "together", meanwhile)
    assert run(date(2040, 1, 1)).counts == {"assessed": {"held": 1}}
    assert status_of(target) == Status.RETENTION_REVIEW
    assert LegalHold.objects.exists()


@pytest.mark.parametrize("role", ["triage_officer", "auditor", "data_protection_officer"])
def test_hold_by_others_is_refused(role):
    with pytest.raises(NotAllowed):
        actions.place_hold(report=made(), reason="x", by=UserFactory(**{role: True}))


def test_hold_is_lifted_by_another_than_placed_it(supervisor):
    hold = actions.place_hold(report=made(), reason="Court case", by=supervisor)
    with pytest.raises(DomainError, match="Another supervisor"):
        actions.lift_hold(hold=hold, reason="Over", by=supervisor)
    with pytest.raises(NotAllowed):
        actions.lift_hold(hold=hold, reason="Over", by=UserFactory(triage_officer=True))
    other = UserFactory(supervisor=True)
    actions.lift_hold(hold=hold, reason="Over", by=other)
    with pytest.raises(AlreadyDone):
        actions.lift_hold(hold=hold, reason="Over", by=other)


def test_database_lets_nobody_lift_their_own_hold(supervisor):
    hold = actions.place_hold(report=made(), reason="Court case", by=supervisor)
    hold.lifted_at, hold.lifted_by = timezone.now(), supervisor
    with pytest.raises(IntegrityError, match="legalhold_takes_two"), transaction.atomic():
        hold.save()


def test_hold_twice_is_refused(supervisor):
    report = made()
    actions.place_hold(report=report, reason="x", by=supervisor)
    with pytest.raises(AlreadyDone):
        actions.place_hold(report=report, reason="x", by=supervisor)


def test_hold_without_a_reason_is_refused(supervisor):
    with pytest.raises(DomainError):
        actions.place_hold(report=made(), reason="  ", by=supervisor)


def test_merged_report_is_erased_with_its_target():
    target = made(Status.RETENTION_REVIEW, outcome=Status.ACTION, review_due=date(2031, 1, 15))
    merged = made(Status.MERGED, merged_into=target, review_due=date(2026, 2, 1))
    further = made(Status.MERGED, merged_into=merged)
    run(date(2031, 1, 14))
    assert status_of(merged) == Status.MERGED
    run(date(2031, 1, 15))
    assert {status_of(one) for one in (target, merged, further)} == {Status.ERASED}
    assert Tombstone.objects.count() == 3


def test_new_word_postpones_the_erasure():
    report = made(Status.RETENTION_REVIEW, outcome=Status.NO_ACTION, review_due=date(2027, 1, 15))
    with time_machine.travel(datetime(2027, 1, 14, 9, tzinfo=UTC), tick=False) as clock:
        outbox.enqueue("reporting.word_received", key="w", report_id=str(report.pk))
        outbox.deliver_open()
        clock.shift(timedelta(hours=1))
        outbox.deliver_open()
    run(date(2027, 1, 15))
    run(date(2027, 10, 13))
    assert status_of(report) == Status.CLOSED
    assert report.review_due == date(2027, 10, 14)


def test_new_word_on_what_was_merged_keeps_the_last_target(supervisor):
    *merged, target = chain()
    with time_machine.travel(datetime(2026, 1, 31, 9, tzinfo=UTC), tick=False):
        clocks.note_word(report_id=merged[0].pk)
    run(date(2026, 2, 1))
    assert status_of(target) == Status.CLOSED


def test_keep_holds_a_report_until_the_day_that_was_chosen(supervisor):
    report = made(Status.RETENTION_REVIEW, outcome=Status.NO_ACTION, review_due=date(2027, 1, 15))
    with time_machine.travel(datetime(2027, 1, 10, 9, tzinfo=UTC), tick=False):
        actions.keep(report=report, reason="Pattern", until=date(2027, 6, 1), by=supervisor)
    run(date(2027, 5, 31))
    assert status_of(report) == Status.CLOSED
    run(date(2027, 6, 1))
    assert status_of(report) == Status.RETENTION_REVIEW
    assert AuditEvent.objects.get(event="kept").reason == "Pattern"


def test_keep_until_yesterday_is_refused(supervisor):
    report = made(Status.RETENTION_REVIEW)
    with pytest.raises(DomainError):
        actions.keep(
            report=report, reason="x", until=timezone.localdate() - timedelta(days=1), by=supervisor
        )


def test_review_by_an_officer_starts_the_time_until_erasure(supervisor):
    report = made(outcome=Status.NO_ACTION)
    with time_machine.travel(datetime(2026, 3, 1, 9, tzinfo=UTC), tick=False):
        actions.review(report=report, by=supervisor)
    assert (status_of(report), report.review_due) == (Status.RETENTION_REVIEW, date(2027, 1, 15))


def test_review_by_a_stranger_is_refused():
    with pytest.raises(NotAllowed):
        actions.review(report=made(), by=UserFactory(auditor=True))


# --- Identity ---------------------------------------------------------------------------------


def test_identity_is_erased_three_months_after_closing_and_the_report_stays():
    report = made(outcome=Status.ACTION)
    sealed(report)
    sealed(report, Kind.IDENTITY, ("identity:custodian#1", "identity:supervisor#1"))
    run(date(2026, 4, 14))
    assert report.envelopes.count() == 2
    assert run(date(2026, 4, 15)).counts["identity"] == {"erased": 1}
    assert [envelope.kind for envelope in report.envelopes.all()] == [Kind.REPORT]
    assert Slot.objects.count() == 2
    assert Tombstone.objects.get().what == "identity"
    assert status_of(report) == Status.CLOSED


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.ASSESSED, Status.REFERRED])
def test_identity_of_an_open_report_stays(status):
    sealed(made(status, closed_at=START), Kind.IDENTITY)
    run(date(2026, 6, 1))
    assert Envelope.objects.count() == 1


def test_identity_of_a_merged_report_goes_with_its_target():
    target = made(Status.ASSESSED)
    merged = made(Status.MERGED, merged_into=target)
    sealed(merged, Kind.IDENTITY)
    run(date(2026, 6, 1))
    assert Envelope.objects.count() == 1
    Report.objects.filter(pk=target.pk).update(status=Status.CLOSED, closed_at=START)
    run(date(2026, 6, 2))
    assert not Envelope.objects.exists()


@postgresql
def test_identity_is_erased_under_the_lock_that_a_hold_takes():
    sealed(made(outcome=Status.ACTION), Kind.IDENTITY)
    with CaptureQueriesContext(connection) as asked:
        run(date(2026, 4, 15))
    said = [one["sql"] for one in asked]
    looked = max(at for at, sql in enumerate(said) if 'FROM "reporting_legalhold"' in sql)
    locks = [sql for sql in said[:looked] if 'FOR UPDATE OF "reporting_report"' in sql]
    assert '"reporting_report"."id" IN' in locks[-1]


def test_identity_goes_with_the_last_target_however_deep():
    *merged, target = chain()
    Report.objects.filter(pk=target.pk).update(status=Status.CLOSED, review_due=None)
    sealed(merged[0], Kind.IDENTITY)
    assert run(date(2026, 4, 15)).counts["identity"] == {"erased": 1}
    assert not Envelope.objects.exists()


# --- What lasts minutes or days ---------------------------------------------------------------


def test_clear_takes_what_has_run_out_and_nothing_else(supervisor):
    now = timezone.now()
    for name, left in (("old", -1), ("new", 60)):
        ends = now + timedelta(minutes=left)
        draft = Draft.objects.create(pk=name, box=b"b", expires_at=ends)
        DraftPart.objects.create(draft=draft, file=made().pk, copy="view", number=1, box=b"b")
        Pass.objects.create(pk=name, box=b"b", expires_at=ends)
        IdentityRequest.objects.create(
            report=made(), reason=name, requested_by=supervisor, expires_at=ends
        )
    for days in (1, 100):
        ExportRequest.objects.create(
            reason="r",
            requested_by=supervisor,
            requested_at=now - timedelta(days=days),
            expires_at=now,
        )
    assert sum(retaining.clear_short_lived().values()) == 4
    assert [draft.pk for draft in Draft.objects.all()] == ["new"]
    assert DraftPart.objects.count() == Pass.objects.count() == 1
    assert IdentityRequest.objects.get(expired_at=None).reason == "new"
    assert ExportRequest.objects.count() == 1
