"""The transition table of reports: every pair of verb and status, by the actions themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from portal.errors import DomainError, InvalidTransition
from reporting import lifecycle
from reporting.actions import outcomes, triage
from reporting.lifecycle import OUTCOMES, TRANSITIONS, Status
from reporting.management.commands.draw_report_lifecycle import drawn
from reporting.models import Report

PAIRS = [(verb, status) for verb in TRANSITIONS for status in Status]
BECAUSE = {"reason": "Seen to."}
# Verb → the action and what else it is told; `refer` needs a sanitised version and is tested there.
ACTIONS: dict[str, tuple[Any, dict[str, Any]]] = {
    "acknowledge": (triage.acknowledge, {}),
    "grade": (triage.grade, {"source": "B", "information": "2", "handling": "H1"}),
    "assess": (outcomes.assess, {}),
    "act": (outcomes.act, {}),
    "set_aside": (outcomes.set_aside, BECAUSE),
    "rule_out": (outcomes.rule_out, BECAUSE),
    "mark_malicious": (outcomes.mark_malicious, BECAUSE),
    "close": (outcomes.close, {}),
    "reopen": (outcomes.reopen, BECAUSE),
}


@pytest.mark.parametrize(("verb", "status"), PAIRS)
def test_after_follows_the_table_for_every_pair(verb, status):
    if status in TRANSITIONS[verb]:
        assert lifecycle.allows(verb, status)
        assert lifecycle.after(verb, status) == TRANSITIONS[verb][status]
    else:
        assert not lifecycle.allows(verb, status)
        with pytest.raises(InvalidTransition, match=str(status.label)):
            lifecycle.after(verb, status)


@pytest.mark.parametrize("verb", ACTIONS)
@pytest.mark.django_db
def test_action_moves_where_the_table_says_and_nowhere_else(desk, verb):
    act, told = ACTIONS[verb]
    by = desk.supervisor if verb == "mark_malicious" else desk.officer
    for status in Status:
        report = Report.objects.create(status=status)
        if status in TRANSITIONS[verb]:
            act(report=report, by=by, **told)
            assert Report.objects.get(pk=report.pk).status == TRANSITIONS[verb][status]
        else:
            with pytest.raises(DomainError):
                act(report=report, by=by, **told)
            assert Report.objects.get(pk=report.pk).status == status


def test_every_status_is_reached_and_left_but_the_last():
    reached = {to for moves in TRANSITIONS.values() for to in moves.values()}
    left = {status for moves in TRANSITIONS.values() for status in moves}
    assert set(Status) == reached | {Status.RECEIVED}
    assert set(Status) - left == {Status.ERASED}


def test_erasing_comes_after_a_review_alone():
    assert TRANSITIONS["erase"] == {Status.RETENTION_REVIEW: Status.ERASED}


def test_reporter_is_told_one_of_four_states_in_every_status():
    assert set(lifecycle.PLAIN) == set(Status)
    assert set(lifecycle.PLAIN.values()) == set(lifecycle.Plain)
    # What came of it is nothing that the inbox tells.
    assert len({lifecycle.PLAIN[status] for status in OUTCOMES}) == 1


def test_docs_show_the_table_as_it_is():
    page = Path(settings.BASE_DIR, "docs", "lifecycle-reports.md")
    assert page.read_text() == drawn()
