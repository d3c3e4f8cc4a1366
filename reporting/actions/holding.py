"""What every verb begins with: the report under lock, as this officer may know it."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from portal import who_was_first
from portal.errors import NotAllowed
from portal.models import User
from reporting import lifecycle, permissions, retention
from reporting.lifecycle import OPEN, OUTCOMES, Status
from reporting.models import Report

# What moving a report along is called in the record.
MOVED = (
    "acknowledged",
    "graded",
    "assessed",
    "acted",
    "referred",
    "merged",
    "set_aside",
    "ruled_out",
    "marked_malicious",
    "closed",
    "reopened",
)


def held(report: Report, by: User) -> Report:
    """The report, read again under lock; for whoever may not know it there is none."""
    visible = Report.objects.visible_to(by).select_for_update(of=("self",))
    found = visible.filter(pk=report.pk).first()
    if found is None:
        raise NotAllowed(_("There is no such report."))
    return found


def held_both(report: Report, other: Report, by: User) -> tuple[Report, Report]:
    """Two reports under lock, always in the same order: nobody waits for one who waits."""
    found = {one.pk: held(one, by) for one in sorted((report, other), key=lambda one: one.pk)}
    return found[report.pk], found[other.pk]


def demand(allowed: bool, verb: str, report: Report, by: User) -> None:
    """Refuse what a predicate did not allow: by its state with a sentence, else as unknown."""
    if allowed:
        return
    if permissions.can_see(by, report) and verb in lifecycle.TRANSITIONS:
        if not lifecycle.allows(verb, report.status):
            who_was_first.tell(report, moved=MOVED, by=by)
        lifecycle.after(verb, report.status)
    raise NotAllowed(_("You may not do this."))


def move(report: Report, verb: str) -> list[str]:
    """Set the status after this verb, and what hangs on it; returns the fields to save."""
    report.status = lifecycle.after(verb, report.status)
    if report.status in OUTCOMES:
        report.outcome = report.status
    elif report.status in OPEN:
        report.outcome = ""
    report.closed_at = timezone.now() if report.status == Status.CLOSED else None
    report.review_due = retention.next_review(report, since=timezone.localdate())
    return ["status", "outcome", "closed_at", "review_due"]
