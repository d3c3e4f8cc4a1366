"""What an exchange with a partner goes through: statuses, and one table of verbs a direction.

No ORM. The diagrams in docs/lifecycle-exchanges.md are drawn from these tables.
"""

from __future__ import annotations

from collections.abc import Mapping

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.errors import InvalidTransition


class Direction(models.TextChoices):
    OUT = "out", gettext_lazy("To the partner")
    IN = "in", gettext_lazy("From the partner")


class Status(models.TextChoices):
    DRAFT = "draft", gettext_lazy("Draft")
    APPROVED = "approved", gettext_lazy("Approved")
    SENT = "sent", gettext_lazy("Sent")
    RECEIVED = "received", gettext_lazy("Received")
    ACKNOWLEDGED = "acknowledged", gettext_lazy("Acknowledged")
    CLARIFICATION = "clarification", gettext_lazy("Clarification asked")
    PARTLY_ANSWERED = "partly_answered", gettext_lazy("Answered in part")
    ANSWERED = "answered", gettext_lazy("Answered in full")
    REFUSED = "refused", gettext_lazy("Refused")
    CLOSED = "closed", gettext_lazy("Closed")
    RETENTION_REVIEW = "retention_review", gettext_lazy("Under review of retention")
    ERASED = "erased", gettext_lazy("Erased")


S = Status
# On its way: the partner has it, or we have the partner's.
RUNNING = (S.SENT, S.RECEIVED, S.ACKNOWLEDGED, S.CLARIFICATION, S.PARTLY_ANSWERED)
OPEN = (S.DRAFT, S.APPROVED, *RUNNING, S.ANSWERED, S.REFUSED)
# Somebody still owes the other side a word, so a clock may run.
AWAITS_ANSWER = RUNNING

Table = Mapping[str, Mapping[Status, Status]]


def _stays(*statuses: Status) -> dict[Status, Status]:
    return {status: status for status in statuses}


_ENDED = (S.CLOSED, S.RETENTION_REVIEW)
# How long it is kept (partners/exchange_retention.py); the worker erases, officers never.
_KEPT: Table = {
    # What came of it decides how long it is kept, and often comes out long after it was closed.
    "record_outcome": dict.fromkeys(_ENDED, S.CLOSED),
    "review": {S.CLOSED: S.RETENTION_REVIEW},
    "keep": {S.RETENTION_REVIEW: S.CLOSED},
    "erase": {S.RETENTION_REVIEW: S.ERASED},
}

_THEIRS_TO_DO = (S.SENT, S.ACKNOWLEDGED, S.CLARIFICATION, S.PARTLY_ANSWERED)
# The partner may have told us something by then, perhaps in part before it asked or refused.
_SUPPLIED = (*_THEIRS_TO_DO[1:], S.ANSWERED, S.REFUSED)
# verb: {from: to}. What we ask, or send unasked.
OUTGOING: Table = {
    # What was approved and is changed has to be approved again.
    "edit": {S.DRAFT: S.DRAFT, S.APPROVED: S.DRAFT},
    "approve": {S.DRAFT: S.APPROVED},
    "send": {S.APPROVED: S.SENT},
    "discard": dict.fromkeys((S.DRAFT, S.APPROVED), S.CLOSED),
    "confirm": _stays(*_THEIRS_TO_DO, S.ANSWERED, S.REFUSED),
    "acknowledge": {S.SENT: S.ACKNOWLEDGED},
    # The partner asks, and we explain.
    "ask_clarification": dict.fromkeys(
        (S.SENT, S.ACKNOWLEDGED, S.PARTLY_ANSWERED), S.CLARIFICATION
    ),
    # What we explain is told as what we ask: worded by one, approved by another.
    "draft_answer": _stays(S.CLARIFICATION),
    "approve_answer": _stays(S.CLARIFICATION),
    "clarify": {S.CLARIFICATION: S.ACKNOWLEDGED},
    "pause": _stays(*_THEIRS_TO_DO),
    "resume": _stays(*_THEIRS_TO_DO),
    "answer_in_part": dict.fromkeys(_THEIRS_TO_DO, S.PARTLY_ANSWERED),
    "answer": dict.fromkeys(_THEIRS_TO_DO, S.ANSWERED),
    "refuse": dict.fromkeys(_THEIRS_TO_DO, S.REFUSED),
    # Often asked only when a court wants it, long after the closing.
    "record_consent": _stays(*_SUPPLIED, *_ENDED),
    # Whoever supplied something may take the leave back at any time, also after the closing.
    "withdraw_consent": _stays(*_SUPPLIED, *_ENDED),
    "close": {
        S.PARTLY_ANSWERED: S.CLOSED,
        S.ANSWERED: S.CLOSED,
        S.REFUSED: S.CLOSED,
        # What was sent unasked wants no answer.
        S.SENT: S.CLOSED,
        S.ACKNOWLEDGED: S.CLOSED,
    },
    **_KEPT,
}

_OURS_TO_DO = (S.RECEIVED, S.ACKNOWLEDGED, S.CLARIFICATION, S.PARTLY_ANSWERED)
# What a partner asks of us, or tells us unasked.
INCOMING: Table = {
    # Entered twice, or under a wrong partner or code: entered anew.
    "set_aside": {S.RECEIVED: S.CLOSED},
    "confirm": _stays(*_OURS_TO_DO, S.ANSWERED, S.REFUSED),
    "acknowledge": {S.RECEIVED: S.ACKNOWLEDGED},
    # An incomplete request may be completed while work has begun.
    "ask_clarification": dict.fromkeys(
        (S.RECEIVED, S.ACKNOWLEDGED, S.PARTLY_ANSWERED), S.CLARIFICATION
    ),
    "clarify": {S.CLARIFICATION: S.ACKNOWLEDGED},
    "pause": _stays(*_OURS_TO_DO),
    "resume": _stays(*_OURS_TO_DO),
    # Whatever of ours leaves takes two people, as a request of our own does.
    "draft_answer": _stays(*_OURS_TO_DO),
    "draft_question": _stays(S.RECEIVED, S.ACKNOWLEDGED, S.PARTLY_ANSWERED),
    "draft_notice": _stays(*_OURS_TO_DO),
    "draft_refusal": _stays(*_OURS_TO_DO),
    "approve_answer": _stays(*_OURS_TO_DO),
    "approve_question": _stays(S.RECEIVED, S.ACKNOWLEDGED, S.PARTLY_ANSWERED),
    "approve_notice": _stays(*_OURS_TO_DO),
    "approve_refusal": _stays(*_OURS_TO_DO),
    "answer_in_part": dict.fromkeys(_OURS_TO_DO, S.PARTLY_ANSWERED),
    "answer": dict.fromkeys(_OURS_TO_DO, S.ANSWERED),
    "refuse": dict.fromkeys(_OURS_TO_DO, S.REFUSED),
    "record_consent": _stays(*_OURS_TO_DO, S.ANSWERED, S.REFUSED, *_ENDED),
    "withdraw_consent": _stays(*_OURS_TO_DO, S.ANSWERED, S.REFUSED, *_ENDED),
    "close": {
        S.PARTLY_ANSWERED: S.CLOSED,
        S.ANSWERED: S.CLOSED,
        S.REFUSED: S.CLOSED,
        # What came unasked wants no answer.
        S.ACKNOWLEDGED: S.CLOSED,
    },
    **_KEPT,
}
TABLES: dict[str, Table] = {Direction.OUT: OUTGOING, Direction.IN: INCOMING}
# From these only what was sent unasked is closed.
UNANSWERED = (S.SENT, S.ACKNOWLEDGED)


def allows(verb: str, direction: str, status: str) -> bool:
    return Status(status) in TABLES[direction].get(verb, {})


def after(verb: str, direction: str, status: str) -> Status:
    """The status after this verb; InvalidTransition with a sentence for the officer."""
    try:
        return TABLES[direction][verb][Status(status)]
    except KeyError:
        raise InvalidTransition(
            _("An exchange that is “%(status)s” cannot be changed in this way.")
            % {"status": Status(status).label}
        ) from None
