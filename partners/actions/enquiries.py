"""What is done with a firm's enquiry: asked, answered, asked back, handed over, closed, erased."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import enquiry_permissions as permissions
from partners import notifications, working_time
from partners.actions.enquiry_files import Enclosed
from partners.actions.enquiry_repeats import asked_already, written_already
from partners.lifecycle import ENQUIRY, EnquiryOutcome, EnquiryStatus
from partners.models import (
    Enquiry,
    EnquiryFile,
    EnquiryMessage,
    MessageKind,
    Post,
    Side,
)
from portal import audit, files, reference
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.lifecycle import after
from portal.models import Organisation, User

MOST_FILES = 5
# Of one firm at the same time, so that nobody fills a post's day.
MOST_OPEN = 20
ERASED_AT_ONCE = 200


@transaction.atomic
def ask(
    *,
    organisation: Organisation,
    post: Post,
    topic: str,
    subject: str,
    text: str,
    by: User,
    sent: Iterable[Enclosed] = (),
) -> Enquiry:
    """A firm asks a post; the clock runs by the post's own hours from now."""
    if not permissions.can_ask(by, organisation):
        raise NotAllowed(_("Only people of a firm whose agreement is in force ask a post."))
    if not permissions.asked_posts().filter(pk=post.pk).exists():
        raise DomainError(_("This post takes no questions now. Choose another one."))
    if topic not in dict(reference.choices("enquiry_topic")):
        raise DomainError(_("Choose a topic of the list."))
    # One after another, so that two at once do not pass the limit together.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    about: dict[str, Any] = {"organisation": organisation, "post": post, "topic": topic}
    brought = list(sent)
    known = asked_already(**about, subject=subject, text=text, by=by, sent=brought)
    if known is not None:
        return known
    if Enquiry.objects.open().filter(organisation=organisation).count() >= MOST_OPEN:
        raise DomainError(
            _("Your firm has %(count)d open enquiries. Wait for answers, or withdraw one.")
            % {"count": MOST_OPEN}
        )
    now = timezone.now()
    enquiry = Enquiry.objects.create(
        **about,
        subject=subject,
        asked_at=now,
        asked_by=by,
        waiting_since=now,
        due_at=working_time.answer_due(topic, since=now, post=post),
    )
    _write(enquiry, Side.FIRM, MessageKind.QUESTION, text, by, brought)
    _record("enquiry_asked", enquiry, by, post=post.code, topic=topic)
    notifications.tell_desk(enquiry)
    return enquiry


@transaction.atomic
def write_again(*, enquiry: Enquiry, text: str, by: User, sent: Iterable[Enclosed] = ()) -> Enquiry:
    """The firm adds something, or replies to what the post asked; the post's turn begins."""
    enquiry = _lock(enquiry)
    _demand(permissions.can_write_again(by, enquiry), "write_again", enquiry, by)
    brought = list(sent)
    if written_already(enquiry, text, by, brought):
        return enquiry
    enquiry.status = after(ENQUIRY, "write_again", enquiry)
    if enquiry.waiting_since is None:
        _start_clock(enquiry)
    _keep(enquiry, "status", "waiting_since", "due_at")
    _write(enquiry, Side.FIRM, MessageKind.QUESTION, text, by, brought)
    _record("enquiry_written_again", enquiry, by)
    notifications.tell_desk(enquiry)
    return enquiry


@transaction.atomic
def withdraw(*, enquiry: Enquiry, by: User) -> Enquiry:
    """The firm needs no answer any more."""
    enquiry = _lock(enquiry)
    _demand(permissions.can_withdraw(by, enquiry), "withdraw", enquiry, by)
    _end(enquiry, "withdraw", EnquiryOutcome.WITHDRAWN)
    _record("enquiry_withdrawn", enquiry, by)
    return enquiry


@transaction.atomic
def assign(*, enquiry: Enquiry, to: User, version: int, by: User) -> Enquiry:
    """Somebody who works for this post takes it on."""
    enquiry = _lock_seen(enquiry, version)
    _demand(permissions.can_lead(by, enquiry, "assign"), "assign", enquiry, by)
    if not permissions.can_lead(to, enquiry, "assign"):
        raise DomainError(_("This person does not work on enquiries to this post."))
    enquiry.status = after(ENQUIRY, "assign", enquiry)
    enquiry.assigned_to = to
    _keep(enquiry, "assigned_to")
    _record("enquiry_assigned", enquiry, by, to=to.pk)
    if to != by:
        notifications.tell_desk(enquiry)
    return enquiry


@transaction.atomic
def answer(
    *, enquiry: Enquiry, text: str, version: int, by: User, sent: Iterable[Enclosed] = ()
) -> Enquiry:
    """The post answers; the firm may still write again until it is closed."""
    enquiry = _lock_seen(enquiry, version)
    return _say(enquiry, "answer", MessageKind.ANSWER, text, by, sent)


@transaction.atomic
def ask_back(
    *, enquiry: Enquiry, text: str, version: int, by: User, sent: Iterable[Enclosed] = ()
) -> Enquiry:
    """The post needs to know more; its clock rests until the firm writes."""
    enquiry = _lock_seen(enquiry, version)
    return _say(enquiry, "ask_back", MessageKind.ASKED_BACK, text, by, sent)


@transaction.atomic
def hand_over(*, enquiry: Enquiry, post: Post, version: int, by: User) -> Enquiry:
    """Another post is the right one; it answers by its own hours, counted from the question."""
    enquiry = _lock_seen(enquiry, version)
    _demand(permissions.can_lead(by, enquiry, "hand_over"), "hand_over", enquiry, by)
    if post.pk == enquiry.post_id:
        raise DomainError(_("The enquiry is with this post already. Choose another one."))
    if not permissions.asked_posts().filter(pk=post.pk).exists():
        raise DomainError(_("This post takes no questions now. Choose another one."))
    enquiry.status = after(ENQUIRY, "hand_over", enquiry)
    before, enquiry.post, enquiry.assigned_to = enquiry.post, post, None
    if enquiry.waiting_since is not None:
        due = working_time.answer_due(enquiry.topic, since=enquiry.waiting_since, post=post)
        enquiry.due_at = due
    _keep(enquiry, "post", "assigned_to", "due_at")
    _record("enquiry_handed_over", enquiry, by, before=before.code, post=post.code)
    notifications.tell_desk(enquiry)
    notifications.tell_firm(enquiry)
    return enquiry


@transaction.atomic
def close(*, enquiry: Enquiry, outcome: str, version: int, by: User) -> Enquiry:
    """Nothing more is to be done; what came of it is a code, never words."""
    enquiry = _lock_seen(enquiry, version)
    _demand(permissions.can_lead(by, enquiry, "close"), "close", enquiry, by)
    if outcome not in desk_outcomes():
        raise DomainError(_("Choose what came of it."))
    if outcome == EnquiryOutcome.HELPED and enquiry.status == EnquiryStatus.WAITING:
        raise DomainError(_("The firm waits for an answer. Answer it first, or say otherwise."))
    _end(enquiry, "close", outcome)
    _record("enquiry_closed", enquiry, by, outcome=outcome)
    notifications.tell_firm(enquiry)
    return enquiry


def desk_outcomes() -> dict[str, str]:
    """What the desk may say came of it; only the firm itself withdraws."""
    withdrawn = EnquiryOutcome.WITHDRAWN
    return {code: str(label) for code, label in EnquiryOutcome.choices if code != withdrawn}


def erase_old(
    *, now: datetime | None = None, dry: bool = False, at_once: int | None = ERASED_AT_ONCE
) -> int:
    """Worker: words and files of what was closed long ago; codes stay for statistics."""
    kept = timedelta(days=settings.RETENTION_DAYS["enquiry"])
    before = (now or timezone.now()) - kept
    due = Enquiry.objects.filter(closed_at__lt=before, erased_at=None).order_by("closed_at")
    if dry:
        return due.count()
    ids = list(due.values_list("pk", flat=True)[:at_once])
    return sum(_erase(pk) for pk in ids)


def _erase(pk: int) -> bool:
    """One enquiry; run by two workers at once, one of them finds nothing left to do."""
    with transaction.atomic():
        locked = Enquiry.objects.select_for_update(of=("self",))
        enquiry = locked.filter(pk=pk, erased_at=None).first()
        if enquiry is None:
            return False
        # Bytes go first: a crash leaves rows that the next run finds, never bytes without rows.
        kept = EnquiryFile.objects.filter(message__enquiry=enquiry)
        for file in kept.only("uuid"):
            files.delete(file.path)
        # The worker may delete words and not read them, which a collecting delete would do.
        kept._raw_delete(kept.db)
        messages = EnquiryMessage.objects.filter(enquiry=enquiry)
        messages._raw_delete(messages.db)
        enquiry.erased_at, enquiry.subject, enquiry.asked_by = timezone.now(), "", None
        enquiry.save(update_fields=["erased_at", "subject", "asked_by"])
        _record("enquiry_erased", enquiry, None)
        return True


def _say(
    enquiry: Enquiry, verb: str, kind: MessageKind, text: str, by: User, sent: Iterable[Enclosed]
) -> Enquiry:
    _demand(permissions.can_lead(by, enquiry, verb), verb, enquiry, by)
    enquiry.status = after(ENQUIRY, verb, enquiry)
    enquiry.waiting_since = enquiry.due_at = None
    if enquiry.assigned_to is None:
        enquiry.assigned_to = by
    _keep(enquiry, "status", "waiting_since", "due_at", "assigned_to")
    _write(enquiry, Side.POST, kind, text, by, sent)
    events = {"answer": "enquiry_answered", "ask_back": "enquiry_asked_back"}
    _record(events[verb], enquiry, by)
    notifications.tell_firm(enquiry)
    return enquiry


def _write(
    enquiry: Enquiry, side: Side, kind: MessageKind, text: str, by: User, sent: Iterable[Enclosed]
) -> None:
    """Words and the files beside them, which were looked at before."""
    if not text.strip():
        raise DomainError(_("Write something first."))
    brought = list(sent)
    if len(brought) > MOST_FILES:
        raise DomainError(_("At most %(count)d files at a time.") % {"count": MOST_FILES})
    message = EnquiryMessage.objects.create(
        enquiry=enquiry, side=side, kind=kind, text=text, written_by=by
    )
    for one in brought:
        file = EnquiryFile(message=message, scan=one.scan, note=one.note, **asdict(one.known))
        files.put(file.path, one.data)
        file.save()


def _end(enquiry: Enquiry, verb: str, outcome: str) -> None:
    enquiry.status = after(ENQUIRY, verb, enquiry)
    enquiry.outcome, enquiry.closed_at = outcome, timezone.now()
    enquiry.waiting_since = enquiry.due_at = None
    _keep(enquiry, "status", "outcome", "closed_at", "waiting_since", "due_at")


def _start_clock(enquiry: Enquiry) -> None:
    enquiry.waiting_since = now = timezone.now()
    enquiry.due_at = working_time.answer_due(enquiry.topic, since=now, post=enquiry.post)


def _keep(enquiry: Enquiry, *fields: str) -> None:
    enquiry.version += 1
    enquiry.save(update_fields=[*fields, "version"])


def _lock(enquiry: Enquiry) -> Enquiry:
    return Enquiry.objects.with_post().select_for_update(of=("self",)).get(pk=enquiry.pk)


def _lock_seen(enquiry: Enquiry, version: int) -> Enquiry:
    """As the officer saw it; AlreadyDone when somebody wrote or acted in the meantime."""
    enquiry = _lock(enquiry)
    if enquiry.version != version:
        raise AlreadyDone(
            _("Something happened here since you opened the page. Read it, then send again.")
        )
    return enquiry


def _demand(allowed: bool, verb: str, enquiry: Enquiry, by: User) -> None:
    """Whoever may read it learns why not; for others it does not exist."""
    if allowed:
        return
    if permissions.can_read_enquiry(by, enquiry):
        after(ENQUIRY, verb, enquiry)
    raise NotAllowed(_("This is not yours to do."))


def _record(event: str, enquiry: Enquiry, by: User | None, **facts: Any) -> None:
    audit.record(event, target=enquiry, by=by, organisation=enquiry.organisation, **facts)
