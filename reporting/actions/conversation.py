"""Talking with the reporter: signed replies, coded feedback to firms, news that was read."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.errors import AlreadyDone, DomainError
from portal.keyring import Unlocked
from portal.models import Organisation, User
from portal.models.audit import AuditKind
from portal.sealing import Recipient, SealBroken
from reporting import envelopes, notifications, opening, permissions
from reporting.actions.holding import demand, held
from reporting.actions.notes import seal, signer
from reporting.models import Envelope, Feedback, FeedbackCode, Kind, Report, Reporter

# The reporter is never told who.
AUTHOR = "An officer"


@transaction.atomic
def reply(
    *,
    report: Report,
    keys: Unlocked,
    by: User,
    text: str,
    asks: bool = False,
    is_feedback: bool = False,
) -> Envelope:
    """Write to the reporter: sealed to the key that came with the report, signed by the unit."""
    report = held(report, by)
    demand(permissions.can_reply(by, report), "reply", report, by)
    envelope = seal(
        report,
        by,
        Kind.REPLY,
        {"text": text, "asks": asks, "author": AUTHOR},
        also=(_recipient(report, keys),),
        signer=signer(report, by, keys),
    )
    if asks:
        report.asked_at = timezone.now()
    if is_feedback:
        report.feedback_at = timezone.now()
    report.save(update_fields=["asked_at", "feedback_at"])
    audit.record(
        "replied",
        target=report,
        by=by,
        kind=AuditKind.DISCLOSURE,
        receiver="reporter",
        envelope=str(envelope.pk),
        asks=asks,
        is_feedback=is_feedback,
    )
    _tell_firm(report, keys)
    return envelope


def _recipient(report: Report, keys: Unlocked) -> Recipient:
    """The reporter; refused when the database names another key than the report does."""
    reporter = Reporter.objects.filter(report=report).first()
    if reporter is None:
        raise DomainError(_("There is nobody left to reply to."))
    try:
        return envelopes.recipient_of(opening.told(report, keys), bytes(reporter.public))
    except SealBroken as error:
        raise DomainError(
            _("The reporter’s key is not the one that came with the report. Nothing was sent.")
        ) from error


@transaction.atomic
def give_feedback(*, report: Report, by: User, code: str, keys: Unlocked | None = None) -> Feedback:
    """One sentence of the approved ones, to the firm on whose behalf the report was filed.

    Nothing goes into the inbox: whoever wrote for the firm and the firm itself read it at the
    same place.
    """
    report = held(report, by)
    demand(permissions.can_give_feedback(by, report), "give_feedback", report, by)
    feedback = Feedback.objects.create(report=report, code=FeedbackCode(code), given_by=by)
    report.feedback_at = timezone.now()
    report.save(update_fields=["feedback_at"])
    audit.record("feedback_given", target=report, by=by, kind=AuditKind.DISCLOSURE, code=code)
    _tell_firm(report, keys)
    return feedback


def _tell_firm(report: Report, keys: Unlocked | None) -> None:
    """Its owners get an empty letter. Which firm it is only the report says, while it is open."""
    if keys is None or not report.is_firms:
        return
    filed = opening.told(report, keys).get("filed", {})
    named = filed.get("organisation") or {}
    firm = Organisation.objects.filter(uuid=named["uuid"]).first() if named else None
    if firm is not None and filed.get("capacity") == "firm":
        notifications.tell_firm(firm)


def messages_of(report: Report) -> int:
    return Envelope.objects.filter(report=report, kind=Kind.MESSAGE).count()


@transaction.atomic
def read_news(*, report: Report, by: User, seen: int) -> Report:
    """What the reporter wrote was read, as far as the page showed it: so many messages."""
    report = held(report, by)
    demand(permissions.can_read_news(by, report), "read_news", report, by)
    if messages_of(report) > seen:
        raise AlreadyDone(_("Another word has come since you opened this page. Read it first."))
    report.news_at = None
    report.save(update_fields=["news_at"])
    audit.record("news_read", target=report, by=by)
    return report
