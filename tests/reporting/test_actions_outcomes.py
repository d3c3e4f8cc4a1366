"""What comes of a report: reasons are sealed, merging links two, closing keeps promises."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.errors import DomainError, NotAllowed
from portal.models import AuditEvent
from reporting import opening
from reporting.actions import custody, outcomes
from reporting.lifecycle import Status
from reporting.models import Report
from tests.reporting import cases

pytestmark = pytest.mark.django_db


def read(report: Report) -> Report:
    return Report.objects.get(pk=report.pk)


def test_set_aside_seals_the_reason_and_records_none(desk):
    report = cases.brought_to(Status.TRIAGED, desk)
    outcomes.set_aside(report=report, by=desk.officer, reason="Kim was abroad that day.")
    assert (read(report).status, read(report).outcome) == (Status.NO_ACTION, Status.NO_ACTION)
    [note] = opening.read(report, desk.keys_of(desk.officer)).notes
    assert note.told["text"] == "Kim was abroad that day."
    assert note.told["statement"] == "assessment"
    told = AuditEvent.objects.filter(target_id=str(report.pk)).values_list("reason", "facts")
    assert "Kim" not in str(list(told))


def test_mark_malicious_takes_a_supervisor(desk):
    report = cases.brought_to(Status.ASSESSED, desk)
    with pytest.raises(NotAllowed):
        outcomes.mark_malicious(report=report, by=desk.officer, reason="Revenge.")
    outcomes.mark_malicious(report=report, by=desk.supervisor, reason="Revenge.")
    assert read(report).status == Status.MALICIOUS


def test_merge_links_both_and_is_recorded_on_both(desk):
    report, other = cases.filed()[0], cases.filed()[0]
    outcomes.merge(report=report, by=desk.officer, into=other)
    assert (read(report).status, read(report).merged_into) == (Status.MERGED, other)
    combined = AuditEvent.objects.filter(kind="combination").order_by("id")
    assert [(event.event, event.target_id) for event in combined] == [
        ("merged", str(report.pk)),
        ("took_in", str(other.pk)),
    ]


def test_merge_into_what_the_officer_may_not_know_is_refused(desk):
    report, other = cases.filed()[0], cases.filed()[0]
    custody.exclude(report=other, by=desk.supervisor, person=desk.officer)
    with pytest.raises(NotAllowed):
        outcomes.merge(report=report, by=desk.officer, into=other)
    assert read(report).merged_into is None


@pytest.mark.parametrize("status", [Status.MERGED, Status.ERASED])
def test_merge_into_what_goes_on_nowhere_is_refused(desk, status):
    report = Report.objects.create()
    with pytest.raises(DomainError, match="cannot take it in"):
        outcomes.merge(report=report, by=desk.officer, into=Report.objects.create(status=status))


def test_merge_into_itself_is_refused(desk):
    report = Report.objects.create()
    with pytest.raises(DomainError, match="itself"):
        outcomes.merge(report=report, by=desk.officer, into=report)


def test_close_without_the_feedback_that_the_law_promises_is_refused(desk):
    report = cases.brought_to(Status.NO_ACTION, desk, through_work=True)
    with pytest.raises(DomainError, match="promises"):
        outcomes.close(report=report, by=desk.officer)
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(DomainError, match="still to come"):
        outcomes.close(report=report, by=desk.officer, feedback_on=tomorrow)
    outcomes.close(report=report, by=desk.officer, feedback_on=timezone.localdate())
    assert read(report).status == Status.CLOSED
    assert timezone.localdate(read(report).feedback_at) == timezone.localdate()


def test_close_keeps_the_outcome_and_sets_the_review(desk):
    report = cases.brought_to(Status.CLOSED, desk)
    assert report.outcome == Status.NO_ACTION
    assert report.closed_at is not None
    assert report.review_due > timezone.localdate()


def test_reopen_lets_a_merged_report_stand_by_itself_again(desk):
    report = cases.brought_to(Status.MERGED, desk)
    outcomes.reopen(report=report, by=desk.officer, reason="Two different vans.")
    assert (read(report).status, read(report).merged_into) == (Status.ASSESSED, None)
    assert (read(report).outcome, read(report).closed_at) == ("", None)
