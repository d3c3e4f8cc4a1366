"""All that the page of one report shows beside what is sealed: history, grades, referrals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from portal import reference
from portal.models import AuditEvent, StaffRole, User
from reporting import due, grades, receivers
from reporting.lifecycle import Priority, Status
from reporting.models import Report

# More than this is in the access log.
SHOWN = 100

STATUS_COLOURS: dict[str, str] = {
    Status.RECEIVED: "orange",
    Status.ACKNOWLEDGED: "yellow",
    Status.TRIAGED: "blue",
    Status.ASSESSED: "blue",
    Status.ACTION: "green",
    Status.REFERRED: "purple",
    Status.MALICIOUS: "red",
}
PRIORITY_COLOURS: dict[str, str] = {Priority.P1: "red", Priority.P2: "orange"}
# Event of the record → what officers read.
EVENTS: dict[str, Any] = {
    "received": gettext_lazy("Received"),
    "word_received": gettext_lazy("New word from the reporter"),
    "opened": gettext_lazy("Opened"),
    "opening_refused": gettext_lazy("Opening refused"),
    "acknowledged": gettext_lazy("Acknowledged"),
    "graded": gettext_lazy("Graded"),
    "prioritised": gettext_lazy("Priority set"),
    "classified": gettext_lazy("Codes copied out"),
    "focus_area_told": gettext_lazy("Owner of a focus area told that a report matches"),
    "labelled": gettext_lazy("Labelled"),
    "unlabelled": gettext_lazy("Label removed"),
    "taken": gettext_lazy("Taken"),
    "assigned": gettext_lazy("Assigned"),
    "unassigned": gettext_lazy("Given back"),
    "excluded": gettext_lazy("Conflict of interest declared"),
    "exclusion_lifted": gettext_lazy("Conflict of interest lifted"),
    "note_added": gettext_lazy("Note added"),
    "categorised": gettext_lazy("Person categorised"),
    "sanitised": gettext_lazy("Sanitised version written"),
    "consent_recorded": gettext_lazy("Consent recorded"),
    "consent_withdrawn": gettext_lazy("Consent taken back"),
    "referred": gettext_lazy("Referred"),
    "merged": gettext_lazy("Merged into another"),
    "took_in": gettext_lazy("Another report merged into this one"),
    "assessed": gettext_lazy("Assessed"),
    "acted": gettext_lazy("Action taken"),
    "set_aside": gettext_lazy("Set aside"),
    "ruled_out": gettext_lazy("Out of scope"),
    "marked_malicious": gettext_lazy("Marked as knowingly false"),
    "closed": gettext_lazy("Closed"),
    "reopened": gettext_lazy("Reopened"),
    "replied": gettext_lazy("Reply sent"),
    "feedback_given": gettext_lazy("Feedback given"),
    "news_read": gettext_lazy("New word read"),
    "file_shown": gettext_lazy("File viewed"),
    "original_taken": gettext_lazy("Original file taken out"),
    "escalated": gettext_lazy("Escalated to the supervisor"),
    "found_by_identifier": gettext_lazy("Found by an identifier"),
    "linked": gettext_lazy("Compared with other reports"),
}


@dataclass(frozen=True)
class Happening:
    """One line of what has happened."""

    text: str
    at: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class Grade:
    """A grading, and what other schemes would call it."""

    native: str
    in_6x6: str
    in_3x5x2: str
    at: datetime
    by: str


def facts(report: Report, user: User) -> dict[str, Any]:
    """The plain side of the page."""
    return {
        "colour": STATUS_COLOURS.get(report.status, "grey"),
        "priority_colour": PRIORITY_COLOURS.get(report.priority, "grey"),
        "clocks": due.clocks(report),
        "grade": grade_of(report),
        "gradings": _gradings(report),
        "labels": list(report.labels.order_by("name")),
        "referrals": _referrals(report, user),
        "merged": list(Report.objects.visible_to(user).filter(merged_into=report)),
        "merged_into": _merged_into(report, user),
        "shut_out": _shut_out(report, user),
        "copied": _copied(report),
        "feedback": list(report.feedback.select_related("given_by").order_by("-id")),
        "history": history(report),
    }


def grade_of(report: Report) -> str:
    """“X4/H2”; nothing before the first grading."""
    if not report.source_grade:
        return ""
    return f"{report.source_grade}{report.information_grade}/{report.handling}"


def _gradings(report: Report) -> list[Grade]:
    return [
        Grade(
            f"{one.source_grade}{one.information_grade}/{one.handling}",
            grades.in_6x6(one.source_grade, one.information_grade),
            grades.in_3x5x2(one.source_grade, one.information_grade, one.handling),
            one.graded_at,
            str(one.graded_by),
        )
        for one in report.gradings.select_related("graded_by").order_by("-id")
    ]


def _referrals(report: Report, user: User) -> list[dict[str, Any]]:
    found = list(report.referrals.select_related("referred_by").order_by("-id"))
    names = receivers.names((one.receiver for one in found), user)
    return [
        {
            "receiver": names[one.receiver],
            "legal_basis": one.legal_basis,
            "handling": one.handling,
            "at": one.referred_at,
            "by": one.referred_by,
            "envelope_id": one.envelope_id,
        }
        for one in found
    ]


def _merged_into(report: Report, user: User) -> Report | None:
    if report.merged_into_id is None:
        return None
    return Report.objects.visible_to(user).filter(pk=report.merged_into_id).first()


def _shut_out(report: Report, user: User) -> list[User]:
    """For supervisors alone."""
    if not report.shut_out or not user.has_role(StaffRole.SUPERVISOR):
        return []
    return list(User.objects.filter(pk__in=report.shut_out).order_by("name"))


def _copied(report: Report) -> list[tuple[str, str]]:
    told = [
        (_("Kind of goods"), reference.label("commodity", report.category)),
        (_("Direction"), reference.label("direction", report.direction)),
        (_("Mode of transport"), reference.label("transport_mode", report.mode)),
        (_("Place"), reference.label("locode", report.place)),
        (_("Country of origin"), countries.name(report.origin)),
        (_("Country of destination"), countries.name(report.destination)),
        (_("The Union’s money or staff"), _("Yes") if report.eu_finances else ""),
    ]
    return [(label, value) for label, value in told if value]


def history(report: Report) -> list[Happening]:
    """What happened, the newest first."""
    events = AuditEvent.objects.filter(
        target_type=report._meta.label_lower, target_id=str(report.pk)
    )
    newest = list(events.order_by("-id")[:SHOWN])
    people = named(_user_id(event.actor) for event in newest)
    return [
        Happening(
            str(EVENTS.get(event.event, event.event.replace("_", " ").capitalize())),
            event.at,
            people.get(_user_id(event.actor), _("The system")),
            event.reason,
        )
        for event in newest
    ]


def named(ids: Iterable[int | None]) -> dict[int | None, str]:
    """What to call these people."""
    known = User.objects.in_bulk({pk for pk in ids if pk is not None})
    return {pk: str(person) for pk, person in known.items()}


def _user_id(actor: str) -> int | None:
    kind, _colon, pk = actor.partition(":")
    return int(pk) if kind == "user" and pk.isdigit() else None
