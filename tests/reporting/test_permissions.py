"""Who may do what to a report: every predicate by role, by status, and despite a conflict."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from portal.models import StaffRole, User
from reporting import lifecycle, permissions
from reporting.lifecycle import OPEN, READABLE, Status
from reporting.models import ExportRequest, IdentityRequest, Label, LegalHold, Report

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
    "withdraw_consent": (
        {OFFICER},
        ALIVE - {Status.MERGED},
        {"consent_at": "2026-11-25T10:00Z"},
    ),
    "reply": ({OFFICER}, ALIVE, {}),
    "give_feedback": ({OFFICER}, ALIVE, {}),
    "read_news": (DESK, ALIVE, {"news_at": "2026-11-25T10:00Z"}),
    "mark_malicious": ({SUPERVISOR}, {Status.TRIAGED, Status.ASSESSED}, {}),
    "reopen": (DESK, set(lifecycle.TRANSITIONS["reopen"]), {}),
    "review": (DESK, set(lifecycle.TRANSITIONS["review"]), {}),
    "keep": (DESK, set(lifecycle.TRANSITIONS["keep"]), {}),
    "place_hold": ({SUPERVISOR}, ALIVE, {}),
    "hold": ({SUPERVISOR}, ANY, {}),
    "export": (DESK, ALIVE, {}),
    "request_identity": ({SUPERVISOR}, ALIVE, {}),
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
    assert permissions.can_unassign(person(SUPERVISOR), a_report()) is False


def test_take_what_one_has_is_nothing_to_do():
    assert not permissions.can_take(person(OFFICER), a_report(assigned_to_id=1))
    assert permissions.can_take(person(OFFICER), a_report(assigned_to_id=2))


def test_record_consent_once():
    report = a_report(consent_at="2026-11-25T10:00Z")
    assert not permissions.can_record_consent(person(OFFICER), report)


def test_read_news_where_there_is_none_is_nothing_to_do():
    assert not permissions.can_read_news(person(OFFICER), a_report())


@pytest.mark.parametrize(
    ("placed_by", "lifted_at", "may"),
    [(2, None, True), (1, None, False), (2, "2026-11-25T10:00Z", False)],
)
def test_lift_hold_takes_another_supervisor_than_placed_it(placed_by, lifted_at, may):
    hold = LegalHold(report=a_report(), placed_by_id=placed_by, lifted_at=lifted_at)
    assert permissions.can_lift_hold(person(SUPERVISOR), hold) is may
    assert not permissions.can_lift_hold(person(OFFICER), hold)


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
    assert permissions.can_exclude(person(SUPERVISOR), report, person(OFFICER, pk=2)) is False


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
    assert readers == set(permissions.READERS) == DESK
    assert not permissions.can_list(person(OFFICER, StaffRole.SYSTEM_ADMINISTRATOR))


def test_person_of_a_firm_may_nothing():
    owner = User(pk=9, is_staff=False)
    assert not any(predicate(verb)(owner, a_report(s)) for verb in TABLE for s in Status)


def test_every_verb_of_the_way_has_its_predicate_in_the_table():
    # Erasing is the daily run's alone.
    assert set(lifecycle.TRANSITIONS) - set(TABLE) == {"erase"}


def test_every_predicate_of_a_report_is_in_the_table():
    asked = {
        name.removeprefix("can_")
        for name, found in vars(permissions).items()
        if name.startswith("can_") and list(inspect.signature(found).parameters)[1:] == ["report"]
    }
    assert asked <= set(TABLE)


# --- Whatever no single report is asked for ---------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "roles"),
    [
        ("search", DESK),
        ("request_export", DESK),
        ("change_rules", {SUPERVISOR, StaffRole.DATA_PROTECTION_OFFICER}),
        ("read_statistics", {*DESK, StaffRole.AUDITOR, StaffRole.DATA_PROTECTION_OFFICER}),
    ],
)
def test_role_may_what_is_asked_of_no_report(verb, roles):
    assert {r for r in StaffRole if getattr(permissions, f"can_{verb}")(person(r))} == roles


# --- Exports ----------------------------------------------------------------------------------

LATER = timezone.now() + timedelta(days=3)
OVER = {"expires_at": timezone.now() - timedelta(days=1)}
DONE = {"exported_at": "2026-11-25T10:00Z"}
REFUSED = {"refused_at": "2026-11-25T10:00Z"}
APPROVED = {"approved_at": "2026-11-25T10:00Z"}


def export(**fields):
    """What officer 1 asked for."""
    return ExportRequest(requested_by_id=1, **{"expires_at": LATER, **fields})


def roles_that(verb, asked, pk):
    return {r for r in StaffRole if getattr(permissions, f"can_{verb}")(person(r, pk=pk), asked)}


@pytest.mark.parametrize(
    ("verb", "pk", "roles"),
    [
        ("approve_export", 1, set()),
        ("approve_export", 2, {SUPERVISOR}),
        ("refuse_export", 1, DESK),
        ("refuse_export", 2, {SUPERVISOR}),
    ],
)
def test_answer_an_export_takes_another_supervisor_or_whoever_asked(verb, pk, roles):
    assert roles_that(verb, export(), pk) == roles
    for fields in (OVER, DONE, REFUSED, APPROVED):
        assert roles_that(verb, export(**fields), pk) == set()


def test_make_an_export_that_was_approved_is_for_whoever_asked():
    assert roles_that("make_export", export(**APPROVED), 1) == DESK
    assert roles_that("make_export", export(**APPROVED), 2) == set()
    for fields in ({}, APPROVED | OVER, APPROVED | DONE, APPROVED | REFUSED):
        assert roles_that("make_export", export(**fields), 1) == set()


# --- Who reported -----------------------------------------------------------------------------

RELEASED = {"released_at": "2026-11-25T10:00Z"}
OPENED = {"opened_at": "2026-11-25T10:00Z"}


def identity(report=None, **fields):
    """What supervisor 1 asked for."""
    report = report or a_report()
    return IdentityRequest(report=report, requested_by_id=1, **{"expires_at": LATER, **fields})


@pytest.mark.parametrize("verb", ["release_identity", "refuse_identity"])
def test_answer_a_request_for_an_identity_takes_a_custodian_who_did_not_ask(verb):
    assert roles_that(verb, identity(), 2) == {StaffRole.IDENTITY_CUSTODIAN}
    assert roles_that(verb, identity(), 1) == set()
    assert roles_that(verb, identity(a_report(shut_out=(2,))), 2) == set()
    for fields in (RELEASED, OVER, OPENED, REFUSED):
        assert roles_that(verb, identity(**fields), 2) == set()


def test_open_an_identity_that_was_released_is_for_the_supervisor_who_asked():
    assert roles_that("open_identity", identity(**RELEASED), 1) == {SUPERVISOR}
    assert roles_that("open_identity", identity(**RELEASED), 2) == set()
    assert roles_that("open_identity", identity(a_report(shut_out=(1,)), **RELEASED), 1) == set()
    for fields in ({}, RELEASED | OVER, RELEASED | OPENED, RELEASED | REFUSED):
        assert roles_that("open_identity", identity(**fields), 1) == set()
