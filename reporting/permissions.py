"""Who may do what to a report: one predicate a verb, asked by actions and templates.

Triage officers work on reports, supervisors lead; a system administrator may nothing here. Whoever
is shut out of a report for a conflict of interest, supervisors included, may nothing with it.
"""

from __future__ import annotations

from portal.models import StaffRole, User
from portal.permissions import may_see, may_write
from reporting import lifecycle
from reporting.lifecycle import OPEN, Status
from reporting.models import ExportRequest, IdentityRequest, Label, LegalHold, Report

READERS = (StaffRole.TRIAGE_OFFICER, StaffRole.SUPERVISOR)


def can_list(user: User) -> bool:
    """A system administrator reads no report, whatever other roles were granted."""
    return may_see(user, "report") and not user.has_role(StaffRole.SYSTEM_ADMINISTRATOR)


def can_see(user: User, report: Report) -> bool:
    """Know that it exists, and its plain columns."""
    return can_list(user) and user.pk not in report.shut_out


def can_open(user: User, report: Report) -> bool:
    """Read what was told; the reason is asked besides."""
    return can_see(user, report) and report.status != Status.ERASED


def _works(user: User, report: Report) -> bool:
    return may_write(user, "report") and can_see(user, report)


def _leads(user: User, report: Report) -> bool:
    return user.has_role(StaffRole.SUPERVISOR) and can_see(user, report)


def _handles(user: User, report: Report) -> bool:
    return _works(user, report) or _leads(user, report)


def _works_on(user: User, report: Report) -> bool:
    """Besides knowing it, there is something left to do for it."""
    return _works(user, report) and report.status in OPEN


def _may(verb: str, user: User, report: Report) -> bool:
    return _works(user, report) and lifecycle.allows(verb, report.status)


# --- The way of a report ----------------------------------------------------------------------


def can_acknowledge(user: User, report: Report) -> bool:
    return _may("acknowledge", user, report)


def can_grade(user: User, report: Report) -> bool:
    return _may("grade", user, report)


def can_assess(user: User, report: Report) -> bool:
    return _may("assess", user, report)


def can_act(user: User, report: Report) -> bool:
    return _may("act", user, report)


def can_refer(user: User, report: Report) -> bool:
    return _may("refer", user, report)


def can_merge(user: User, report: Report) -> bool:
    return _may("merge", user, report)


def can_set_aside(user: User, report: Report) -> bool:
    return _may("set_aside", user, report)


def can_rule_out(user: User, report: Report) -> bool:
    return _may("rule_out", user, report)


def can_mark_malicious(user: User, report: Report) -> bool:
    """A grave word about a person: the supervisor's alone."""
    return _leads(user, report) and lifecycle.allows("mark_malicious", report.status)


def can_close(user: User, report: Report) -> bool:
    return _may("close", user, report)


def can_reopen(user: User, report: Report) -> bool:
    return _handles(user, report) and lifecycle.allows("reopen", report.status)


# --- Whose it is --------------------------------------------------------------------------------


def can_take(user: User, report: Report) -> bool:
    return _works_on(user, report) and report.assigned_to_id != user.pk


def can_assign(user: User, report: Report) -> bool:
    return _handles(user, report) and report.status in OPEN


def can_be_assigned(user: User, report: Report) -> bool:
    """To whom it may be given: somebody who works on reports and may know this one."""
    return _works(user, report)


def can_unassign(user: User, report: Report) -> bool:
    if report.assigned_to_id is None:
        return False
    return _leads(user, report) or (_works(user, report) and report.assigned_to_id == user.pk)


def can_exclude(user: User, report: Report, person: User) -> bool:
    """Supervisors shut out anybody; everybody may declare a conflict of their own."""
    if person.pk in report.shut_out:
        return False
    return _leads(user, report) or (can_see(user, report) and user.pk == person.pk)


def can_lift_exclusion(user: User, report: Report, person: User | None = None) -> bool:
    """Never the person's own: who is shut out does not even see the report.

    Without a person: whether there is anybody whose exclusion could be lifted.
    """
    named = bool(report.shut_out) if person is None else person.pk in report.shut_out
    return _leads(user, report) and named


# --- What is copied out and written down ----------------------------------------------------------


def can_prioritise(user: User, report: Report) -> bool:
    return _handles(user, report) and report.status in OPEN


def can_classify(user: User, report: Report) -> bool:
    return _works(user, report) and report.status != Status.ERASED


def can_label(user: User, report: Report) -> bool:
    return _works(user, report) and report.status != Status.ERASED


def can_keep_labels(user: User, label: Label | None = None) -> bool:
    """The list of labels; one that was retired stays as it is."""
    return user.has_role(StaffRole.SUPERVISOR) and (label is None or label.retired_at is None)


def can_add_note(user: User, report: Report) -> bool:
    return can_open(user, report)


def can_categorise(user: User, report: Report) -> bool:
    """Say whether a person is a suspect, a witness … (Directive (EU) 2016/680, Art. 6)."""
    return _works(user, report) and report.status != Status.ERASED


def can_sanitise(user: User, report: Report) -> bool:
    return _works(user, report) and report.status not in (Status.MERGED, Status.ERASED)


def can_record_consent(user: User, report: Report) -> bool:
    """The source has let it be passed on, or has said so on what terms."""
    return _works_on(user, report) and report.consent_at is None


def can_withdraw_consent(user: User, report: Report) -> bool:
    """Also when it is closed: what was handed over may still lie with a partner's desk."""
    live = report.status not in (Status.MERGED, Status.ERASED)
    return _works(user, report) and live and report.consent_at is not None


# --- Talking with the reporter ---------------------------------------------------------------


def can_reply(user: User, report: Report) -> bool:
    return _works(user, report) and report.status in lifecycle.READABLE


def can_give_feedback(user: User, report: Report) -> bool:
    """In code, to the firm on whose behalf the report was filed; asks whether there is one."""
    return _works(user, report) and report.status in lifecycle.READABLE and report.is_firms


def can_read_news(user: User, report: Report) -> bool:
    return can_open(user, report) and report.news_at is not None


# --- How long it is kept ---------------------------------------------------------------------


def can_review(user: User, report: Report) -> bool:
    """Look at its retention before its date."""
    return _handles(user, report) and lifecycle.allows("review", report.status)


def can_keep(user: User, report: Report) -> bool:
    return _handles(user, report) and lifecycle.allows("keep", report.status)


def can_place_hold(user: User, report: Report) -> bool:
    return _leads(user, report) and report.status != Status.ERASED


def can_hold(user: User, report: Report) -> bool:
    """See who holds it and why."""
    return _leads(user, report)


def can_lift_hold(user: User, hold: LegalHold) -> bool:
    """Another person than placed it."""
    may = can_hold(user, hold.report) and hold.lifted_at is None
    return may and hold.placed_by_id != user.pk


def can_change_rules(user: User) -> bool:
    return user.has_role(StaffRole.SUPERVISOR, StaffRole.DATA_PROTECTION_OFFICER)


# --- Found, handed out, counted --------------------------------------------------------------


def can_search(user: User) -> bool:
    """By what was told; each result is narrowed to what the officer may know."""
    return can_list(user)


def can_export(user: User, report: Report) -> bool:
    return can_open(user, report)


def can_request_export(user: User) -> bool:
    return can_list(user)


def _waits(request: ExportRequest) -> bool:
    return request.is_live and request.approved_at is None


def can_approve_export(user: User, request: ExportRequest) -> bool:
    """Another person than asked, and a supervisor; the action asks of every report besides."""
    return (
        user.has_role(StaffRole.SUPERVISOR)
        and user.pk != request.requested_by_id
        and _waits(request)
    )


def can_refuse_export(user: User, request: ExportRequest) -> bool:
    """Whoever could approve it; who asked takes it back."""
    asked = can_list(user) and user.pk == request.requested_by_id
    return _waits(request) and (asked or can_approve_export(user, request))


def can_make_export(user: User, request: ExportRequest) -> bool:
    """Whoever asked for it, once, when another approved."""
    return (
        can_list(user)
        and user.pk == request.requested_by_id
        and request.is_live
        and request.approved_at is not None
    )


def can_read_statistics(user: User) -> bool:
    return can_list(user) or user.has_role(StaffRole.AUDITOR, StaffRole.DATA_PROTECTION_OFFICER)


# --- Who reported ----------------------------------------------------------------------------


def can_request_identity(user: User, report: Report) -> bool:
    return _leads(user, report) and report.status != Status.ERASED


def can_release_identity(user: User, request: IdentityRequest) -> bool:
    """A custodian: another person than asked, and one without a conflict of interest."""
    return (
        user.has_role(StaffRole.IDENTITY_CUSTODIAN)
        and user.pk != request.requested_by_id
        and user.pk not in request.report.shut_out
        and request.is_live
        and request.released_at is None
    )


def can_refuse_identity(user: User, request: IdentityRequest) -> bool:
    return can_release_identity(user, request)


def can_open_identity(user: User, request: IdentityRequest) -> bool:
    """The supervisor who asked, and only for the report that was asked for."""
    return (
        _leads(user, request.report)
        and user.pk == request.requested_by_id
        and request.is_live
        and request.released_at is not None
    )
