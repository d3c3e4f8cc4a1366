"""Triage at the desk: acknowledge, grade, prioritise, copy out, label; whose it is, who may not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from portal import reference_files
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import AuditEvent
from reporting.actions import custody, labels, triage
from reporting.lifecycle import Status
from reporting.models import Exclusion, Report
from tests.factories import UserFactory
from tests.people import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return UserFactory(triage_officer=True, name="Astrid")


@pytest.fixture
def supervisor():
    return UserFactory(supervisor=True)


@pytest.fixture
def report():
    return Report.objects.create()


def read(report: Report) -> Report:
    return Report.objects.get(pk=report.pk)


def recorded(report: Report) -> list[str]:
    events = AuditEvent.objects.filter(target_type="reporting.report", target_id=str(report.pk))
    return list(events.order_by("id").values_list("event", flat=True))


def test_acknowledge_stops_the_clock_and_is_recorded(officer, report):
    triage.acknowledge(report=report, by=officer)
    assert read(report).status == Status.ACKNOWLEDGED
    assert read(report).acknowledged_at is not None
    assert recorded(report) == ["acknowledged"]


def test_acknowledge_what_a_colleague_acknowledged_says_who_was_first(officer, report):
    triage.acknowledge(report=report, by=officer)
    with pytest.raises(AlreadyDone, match="Astrid was first"):
        triage.acknowledge(report=report, by=UserFactory(triage_officer=True))


@pytest.mark.django_db(transaction=True)
def test_acknowledge_by_two_at_once_is_done_once(report):
    people = [UserFactory(triage_officer=True) for _ in range(2)]
    waiting = list(people)
    done = at_once(lambda: triage.acknowledge(report=report, by=waiting.pop()), times=2)
    assert [type(one) for one in done if isinstance(one, DomainError)] == [AlreadyDone]
    assert recorded(report) == ["acknowledged"]


@pytest.mark.parametrize("role", ["supervisor", "caseworker", "system_administrator"])
def test_grade_without_the_role_is_refused_and_changes_nothing(report, role):
    with pytest.raises(NotAllowed):
        triage.grade(
            report=report,
            by=UserFactory(**{role: True}),
            source="A",
            information="1",
            handling="H0",
        )
    assert read(report).source_grade == ""
    assert recorded(report) == []


def test_grade_again_keeps_the_history(officer, report):
    triage.grade(report=report, by=officer, source="X", information="4", handling="H2")
    triage.grade(report=report, by=officer, source="B", information="2", handling="H1")
    told = report.gradings.order_by("id").values_list(
        "source_grade", "information_grade", "handling"
    )
    assert list(told) == [("X", "4", "H2"), ("B", "2", "H1")]
    assert (read(report).source_grade, read(report).information_grade) == ("B", "2")
    assert (read(report).status, read(report).handling) == (Status.TRIAGED, "H1")


def test_grade_by_a_scheme_that_is_not_ours_is_refused(officer, report):
    with pytest.raises(ValueError, match="F"):
        triage.grade(report=report, by=officer, source="F", information="6", handling="H2")


@pytest.mark.parametrize(("priority", "hours"), [("P1", 1), ("P2", 24)])
def test_prioritise_sets_the_clock_from_receipt(officer, report, priority, hours):
    triage.prioritise(report=report, by=officer, priority=priority)
    due = read(report).assess_due
    assert due is not None
    assert due - read(report).received_hour <= timedelta(hours=hours + 1)
    assert due > timezone.now()


def test_prioritise_as_backlog_stops_the_clock(officer, report):
    triage.prioritise(report=report, by=officer, priority="P1")
    triage.prioritise(report=report, by=officer, priority="P4")
    assert read(report).assess_due is None


def test_prioritise_as_a_supervisor_is_allowed(supervisor, report):
    triage.prioritise(report=report, by=supervisor, priority="P2")
    assert read(report).priority == "P2"


def test_classify_copies_codes_of_lists_only(officer, report):
    reference_files.load()
    triage.classify(report=report, by=officer, category="NARCOTICS", mode="3", eu_finances=True)
    assert (read(report).category, read(report).mode) == ("NARCOTICS", "3")
    assert read(report).eu_finances
    with pytest.raises(DomainError, match="A man called Kim"):
        triage.classify(report=report, by=officer, category="A man called Kim")


def test_classify_copies_countries_by_their_codes_only(officer, report):
    triage.classify(report=report, by=officer, origin="NL", destination="AU")
    assert (read(report).origin, read(report).destination) == ("NL", "AU")
    event = AuditEvent.objects.get(event="classified")
    assert (event.facts["origin"], event.facts["destination"]) == ("NL", "AU")
    for wrong in ("XX", "Kim", "au"):
        with pytest.raises(DomainError, match=wrong):
            triage.classify(report=report, by=officer, destination=wrong)


def test_label_from_the_list_once(officer, supervisor, report):
    label = labels.add_label(by=supervisor, code="port", name="Port")
    for _ in range(2):
        triage.label(report=report, by=officer, label=label)
    assert list(report.labels.all()) == [label]
    triage.unlabel(report=report, by=officer, label=label)
    assert recorded(report) == ["labelled", "unlabelled"]


def test_label_that_was_retired_is_refused(officer, supervisor, report):
    label = labels.add_label(by=supervisor, code="port", name="Port")
    retired = labels.retire_label(label=label, by=supervisor)
    with pytest.raises(DomainError, match="not used any more"):
        triage.label(report=report, by=officer, label=retired)


def test_keep_the_list_of_labels_without_the_role_is_refused(officer, supervisor):
    with pytest.raises(NotAllowed):
        labels.add_label(by=officer, code="port", name="Port")
    label = labels.add_label(by=supervisor, code="port", name="Port")
    with pytest.raises(NotAllowed):
        labels.retire_label(label=label, by=officer)
    with pytest.raises(AlreadyDone):
        labels.add_label(by=supervisor, code="port", name="Another")


# --- Whose it is --------------------------------------------------------------------------------


def test_take_what_a_colleague_took_says_who(officer, report):
    custody.take(report=report, by=officer)
    with pytest.raises(AlreadyDone, match="Astrid"):
        custody.take(report=report, by=UserFactory(triage_officer=True))
    assert read(report).assigned_to == officer


def test_assign_to_a_colleague_and_back(officer, supervisor, report):
    custody.assign(report=report, by=supervisor, to=officer)
    assert read(report).assigned_to == officer
    custody.unassign(report=report, by=officer)
    assert read(report).assigned_to is None
    assert recorded(report) == ["assigned", "unassigned"]


@pytest.mark.parametrize("role", ["caseworker", "supervisor", "system_administrator"])
def test_assign_to_somebody_who_does_not_work_on_reports_is_refused(officer, report, role):
    with pytest.raises(DomainError, match="cannot be given"):
        custody.assign(report=report, by=officer, to=UserFactory(**{role: True}))


def test_assign_to_somebody_with_a_conflict_says_nothing_of_it(officer, supervisor, report):
    colleague = UserFactory(triage_officer=True)
    custody.exclude(report=report, by=supervisor, person=colleague)
    with pytest.raises(DomainError, match="cannot be given"):
        custody.assign(report=report, by=officer, to=colleague)


def test_exclude_shuts_out_at_once_and_takes_the_report_away(officer, supervisor, report):
    custody.take(report=report, by=officer)
    custody.exclude(report=report, by=supervisor, person=officer)
    assert not Report.objects.visible_to(officer).exists()
    assert read(report).assigned_to is None
    with pytest.raises(NotAllowed):
        triage.acknowledge(report=report, by=officer)


def test_exclude_a_supervisor_shuts_out_the_supervisor(supervisor, report):
    other = UserFactory(supervisor=True)
    custody.exclude(report=report, by=supervisor, person=other)
    assert not Report.objects.visible_to(other).exists()
    with pytest.raises(NotAllowed):
        custody.lift_exclusion(report=report, by=other, person=other)


def test_exclude_oneself_is_allowed_and_others_is_not(officer, report):
    with pytest.raises(NotAllowed):
        custody.exclude(report=report, by=officer, person=UserFactory(triage_officer=True))
    custody.exclude(report=report, by=officer, person=officer)
    assert Exclusion.objects.get().user == officer


def test_exclude_never_hides_a_report_from_everybody(officer, supervisor, report):
    """Else nobody could work on it, nobody could lift it, and its time would run out."""
    UserFactory(supervisor=True, system_administrator=True)
    UserFactory(supervisor=True, is_active=False)
    UserFactory(auditor=True)
    custody.exclude(report=report, by=supervisor, person=supervisor)
    with pytest.raises(DomainError, match="Nobody would be left"):
        custody.exclude(report=report, by=officer, person=officer)
    assert Report.objects.visible_to(officer).exists()
    other = UserFactory(triage_officer=True)
    custody.exclude(report=report, by=officer, person=officer)
    with pytest.raises(DomainError):
        custody.exclude(report=report, by=other, person=other)


def test_lift_an_exclusion_shows_the_report_again(officer, supervisor, report):
    custody.exclude(report=report, by=supervisor, person=officer)
    custody.lift_exclusion(report=report, by=supervisor, person=officer)
    assert Report.objects.visible_to(officer).get() == report
    custody.exclude(report=report, by=supervisor, person=officer)
    assert recorded(report) == ["excluded", "exclusion_lifted", "excluded"]
