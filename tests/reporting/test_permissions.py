"""Who may do what to a report: every predicate by role, by status, and despite a conflict."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from portal.models import StaffRole, User
from reporting import lifecycle, permissions
from reporting.lifecycle import OPEN, READABLE, Status
from reporting.models import Label, Report

OFFICER, SUPERVISOR = StaffRole.TRIAGE_OFFICER, StaffRole.SUPERVISOR
DESK = {OFFICER, SUPERVISOR}
ALIVE = set(READABLE)
ANY = set(Status)


def person(*roles: str, pk: int = 1) -> User:
    """Somebody with these roles; nobody asks the database for them."""
    user = User(pk=pk, is_staff=True, email=f"officer{pk}@customs.example")
    user._roles = frozenset(roles)
    return user


def a_report(status: str = Status.RECEIVED, *, shut_out: tuple[int, ...] = (), **fields) -> Report:
    report = Report(status=status, **fields)
    report.__dict__ |= {"shut_out": frozenset(shut_out), "is_firms": True}
    return report


# Predicate → who may, in which statuses, and what else the report has to be for it.
TABLE: dict[str, tuple[set[str], set[str], dict[str, object]]] = {
    "see": (DESK, ANY, {}),
    "open": (DESK, ALIVE, {}),
    "take": ({OFFICER}, set(OPEN), {}),
    "assign": (DESK, set(OPEN), {}),
    "be_assigned": ({OFFICER}, ANY, {}),
    "unassign": (DESK, ANY, {"assigned_to_id": 1}),
    "prioritise": (DESK, set(OPEN), {}),
    "classify": ({OFFICER}, ALIVE, {}),
    "label": ({OFFICER}, ALIVE, {}),
    "add_note": (DESK, ALIVE, {}),
    "categorise": ({OFFICER}, ALIVE, {}),
    "sanitise": ({OFFICER}, ALIVE - {Status.MERGED}, {}),
    "record_consent": ({OFFICER}, set(OPEN), {}),
    "reply": ({OFFICER}, ALIVE, {}),
    "give_feedback": ({OFFICER}, ALIVE, {}),
    "read_news": (DESK, ALIVE, {"news_at": "2026-11-25T10:00Z"}),
    "mark_malicious": ({SUPERVISOR}, {Status.TRIAGED, Status.ASSESSED}, {}),
    "reopen": (DESK, set(lifecycle.TRANSITIONS["reopen"]), {}),
}
for verb in ("acknowledge", "grade", "assess", "act", "refer", "merge", "set_aside", "rule_out"):
    TABLE[verb] = ({OFFICER}, set(lifecycle.TRANSITIONS[verb]), {})
TABLE["close"] = ({OFFICER}, set(lifecycle.TRANSITIONS["close"]), {})

CASES = [(verb, role) for verb in TABLE for role in StaffRole]


def predicate(verb: str) -> Callable[[User, Report], bool]:
    return getattr(permissions, f"can_{verb}")


@pytest.mark.parametrize(("verb", "role"), CASES)
def test_role_may_what_the_table_says_in_each_status(verb, role):
    roles, statuses, fields = TABLE[verb]
    allowed = {s for s in Status if predicate(verb)(person(role), a_report(s, **fields))}
    assert allowed == (statuses if role in roles else set())


@pytest.mark.parametrize("verb", TABLE)
def test_conflict_of_interest_shuts_out_whatever_the_roles(verb):
    _roles, statuses, fields = TABLE[verb]
    for status in statuses:
        shut_out = a_report(status, shut_out=(1,), **fields)
        assert not predicate(verb)(person(OFFICER, SUPERVISOR), shut_out)


@pytest.mark.parametrize("verb", TABLE)
def test_system_administrator_may_nothing_whatever_other_roles_were_granted(verb):
    _roles, statuses, fields = TABLE[verb]
    many = person(*StaffRole.values)
    assert not any(predicate(verb)(many, a_report(status, **fields)) for status in statuses)


def test_unassign_what_is_somebody_elses_takes_a_supervisor():
    others = a_report(assigned_to_id=2)
    assert not permissions.can_unassign(person(OFFICER), others)
    assert permissions.can_unassign(person(SUPERVISOR), others)
    assert not permissions.can_unassign(person(SUPERVISOR), a_report())


def test_take_what_one_has_is_nothing_to_do():
    assert not permissions.can_take(person(OFFICER), a_report(assigned_to_id=1))
    assert permissions.can_take(person(OFFICER), a_report(assigned_to_id=2))


def test_record_consent_once():
    report = a_report(consent_at="2026-11-25T10:00Z")
    assert not permissions.can_record_consent(person(OFFICER), report)


def test_read_news_where_there_is_none_is_nothing_to_do():
    assert not permissions.can_read_news(person(OFFICER), a_report())


def test_give_feedback_on_a_report_of_no_firm_is_refused():
    report = a_report(Status.ASSESSED)
    report.__dict__["is_firms"] = False
    assert not permissions.can_give_feedback(person(OFFICER), report)


@pytest.mark.parametrize(
    ("role", "whom", "may"),
    [(SUPERVISOR, 2, True), (SUPERVISOR, 1, True), (OFFICER, 1, True), (OFFICER, 2, False)],
)
def test_exclude_others_takes_a_supervisor_and_oneself_nobody_else(role, whom, may):
    assert permissions.can_exclude(person(role), a_report(), person(OFFICER, pk=whom)) is may


def test_exclude_somebody_twice_is_refused():
    report = a_report(shut_out=(2,))
    assert not permissions.can_exclude(person(SUPERVISOR), report, person(OFFICER, pk=2))


@pytest.mark.parametrize("role", [StaffRole.CASEWORKER, StaffRole.AUDITOR])
def test_exclude_oneself_from_what_one_may_not_know_is_refused(role):
    assert not permissions.can_exclude(person(role), a_report(), person(role))


def test_lift_an_exclusion_takes_a_supervisor_who_is_not_shut_out():
    officer, report = person(OFFICER, pk=2), a_report(shut_out=(2,))
    assert permissions.can_lift_exclusion(person(SUPERVISOR), report, officer)
    assert permissions.can_lift_exclusion(person(SUPERVISOR), report)
    assert not permissions.can_lift_exclusion(person(OFFICER), report, officer)
    assert not permissions.can_lift_exclusion(person(SUPERVISOR), report, person(OFFICER, pk=3))
    assert not permissions.can_lift_exclusion(person(SUPERVISOR), a_report())
    itself = a_report(shut_out=(1,))
    assert not permissions.can_lift_exclusion(person(SUPERVISOR), itself, person(SUPERVISOR))


def test_keep_the_list_of_labels_takes_a_supervisor():
    retired = Label(retired_at="2026-11-25T10:00Z")
    assert permissions.can_keep_labels(person(SUPERVISOR))
    assert permissions.can_keep_labels(person(SUPERVISOR), Label())
    assert not permissions.can_keep_labels(person(SUPERVISOR), retired)
    assert not permissions.can_keep_labels(person(OFFICER), Label())


def test_list_reports_is_for_the_desk():
    readers = {role for role in StaffRole if permissions.can_list(person(role))}
    assert readers == DESK
    assert not permissions.can_list(person(OFFICER, StaffRole.SYSTEM_ADMINISTRATOR))


def test_person_of_a_firm_may_nothing():
    owner = User(pk=9, is_staff=False)
    assert not any(predicate(verb)(owner, a_report(s)) for verb in TABLE for s in Status)


def test_every_verb_of_the_way_has_its_predicate_in_the_table():
    # A daily task sends to review; keeping and erasing are tested with retention.
    assert set(lifecycle.TRANSITIONS) - set(TABLE) == {"review", "keep", "erase"}
