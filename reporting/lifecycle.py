"""What a report goes through: statuses, priorities, and one table of verbs for the whole trade."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.errors import InvalidTransition


class Status(models.TextChoices):
    RECEIVED = "received", gettext_lazy("Received")
    ACKNOWLEDGED = "acknowledged", gettext_lazy("Acknowledged")
    TRIAGED = "triaged", gettext_lazy("Graded")
    ASSESSED = "assessed", gettext_lazy("Assessed")
    ACTION = "action", gettext_lazy("Action taken")
    REFERRED = "referred", gettext_lazy("Referred")
    MERGED = "merged", gettext_lazy("Merged into another")
    NO_ACTION = "no_action", gettext_lazy("No action")
    OUT_OF_SCOPE = "out_of_scope", gettext_lazy("Out of scope")
    MALICIOUS = "malicious", gettext_lazy("Knowingly false")
    CLOSED = "closed", gettext_lazy("Closed")
    RETENTION_REVIEW = "retention_review", gettext_lazy("Under retention review")
    ERASED = "erased", gettext_lazy("Erased")


class Plain(models.TextChoices):
    """The four states that the reporter is told."""

    RECEIVED = "received", gettext_lazy("Received")
    READ = "read", gettext_lazy("Read by an officer")
    WORKING = "working", gettext_lazy("Being worked on")
    CLOSED = "closed", gettext_lazy("Closed")


class Priority(models.TextChoices):
    P1 = "P1", gettext_lazy("P1: imminent, within one hour")
    P2 = "P2", gettext_lazy("P2: within 24 hours")
    P3 = "P3", gettext_lazy("P3: within five working days")
    P4 = "P4", gettext_lazy("P4: when there is time")


# How long a report of this priority may wait for its assessment; P3 counts working days.
WITHIN: dict[str, timedelta | None] = {
    Priority.P1: timedelta(hours=1),
    Priority.P2: timedelta(hours=24),
    Priority.P3: timedelta(days=5),
    Priority.P4: None,
}

S = Status
NEW = (S.RECEIVED, S.ACKNOWLEDGED)
OPEN = (*NEW, S.TRIAGED, S.ASSESSED, S.ACTION, S.REFERRED)
# Nothing has come of it yet; and of these, what still waits for its assessment.
TO_DO = (*NEW, S.TRIAGED, S.ASSESSED)
TO_ASSESS = (*NEW, S.TRIAGED)
OUTCOMES = (S.ACTION, S.REFERRED, S.MERGED, S.NO_ACTION, S.OUT_OF_SCOPE, S.MALICIOUS)
READABLE = tuple(status for status in S if status != S.ERASED)

# verb: {from: to}
TRANSITIONS: dict[str, Mapping[Status, Status]] = {
    "acknowledge": {S.RECEIVED: S.ACKNOWLEDGED},
    # Grading is the triage; grading again keeps the status and adds to the history.
    "grade": {
        S.RECEIVED: S.TRIAGED,
        S.ACKNOWLEDGED: S.TRIAGED,
        S.TRIAGED: S.TRIAGED,
        S.ASSESSED: S.ASSESSED,
        S.ACTION: S.ACTION,
        S.REFERRED: S.REFERRED,
    },
    "assess": {S.TRIAGED: S.ASSESSED},
    "act": {S.ASSESSED: S.ACTION},
    # More than one may be competent.
    "refer": dict.fromkeys((S.TRIAGED, S.ASSESSED, S.ACTION, S.REFERRED), S.REFERRED),
    "merge": dict.fromkeys((*NEW, S.TRIAGED, S.ASSESSED), S.MERGED),
    "set_aside": {S.TRIAGED: S.NO_ACTION, S.ASSESSED: S.NO_ACTION},
    "rule_out": dict.fromkeys((*NEW, S.TRIAGED, S.ASSESSED), S.OUT_OF_SCOPE),
    "mark_malicious": {S.TRIAGED: S.MALICIOUS, S.ASSESSED: S.MALICIOUS},
    "close": dict.fromkeys(OUTCOMES, S.CLOSED),
    "reopen": dict.fromkeys((*OUTCOMES, S.CLOSED, S.RETENTION_REVIEW), S.ASSESSED),
    "review": dict.fromkeys((*NEW, S.CLOSED, *OUTCOMES), S.RETENTION_REVIEW),
    "keep": {S.RETENTION_REVIEW: S.CLOSED},
    "erase": {S.RETENTION_REVIEW: S.ERASED},
}

PLAIN: dict[Status, Plain] = {
    S.RECEIVED: Plain.RECEIVED,
    S.ACKNOWLEDGED: Plain.READ,
    S.TRIAGED: Plain.WORKING,
    S.ASSESSED: Plain.WORKING,
    S.ACTION: Plain.WORKING,
    S.REFERRED: Plain.WORKING,
    S.MERGED: Plain.WORKING,
    S.NO_ACTION: Plain.WORKING,
    S.OUT_OF_SCOPE: Plain.WORKING,
    S.MALICIOUS: Plain.WORKING,
    S.CLOSED: Plain.CLOSED,
    S.RETENTION_REVIEW: Plain.CLOSED,
    S.ERASED: Plain.CLOSED,
}


def allows(verb: str, status: str) -> bool:
    return Status(status) in TRANSITIONS[verb]


def after(verb: str, status: str) -> Status:
    """The status after this verb; InvalidTransition with a sentence for the officer."""
    try:
        return TRANSITIONS[verb][Status(status)]
    except KeyError:
        raise InvalidTransition(
            _("A report that is “%(status)s” cannot be changed in this way.")
            % {"status": Status(status).label}
        ) from None
