"""An agreement that ends: notice by either side, at once for cause, on its last day."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import lifecycle, notifications, permissions, terms
from mou.actions import amendments, covers, offers, papers, standings
from mou.actions.locking import lock
from mou.lifecycle import ReviewStatus
from mou.models import Mou, Notice, Review, ReviewOutcome
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.models import User


def demand(verb: str, mou: Mou, allowed: bool, otherwise: str) -> None:
    """InvalidTransition where the status forbids the verb, else NotAllowed with these words."""
    if not allowed:
        lifecycle.after(lifecycle.MOU, verb, mou.status)
        raise NotAllowed(otherwise)


@transaction.atomic
def give_notice(*, mou: Mou, reason: str, by: User) -> Notice:
    """Either side ends the agreement; until the notice has run out it is in force as before."""
    mou = lock(mou)
    demand(
        "give_notice",
        mou,
        permissions.can_give_notice(by, mou),
        _("Only an owner of the firm or a caseworker gives notice."),
    )
    if Notice.objects.live().filter(mou=mou, last_day__isnull=False).exists():
        raise DomainError(_("Notice has been given already. Reload the page to see when it ends."))
    notice = Notice.objects.create(
        mou=mou,
        party=permissions.party_of(by, mou),
        reason=_given(reason),
        given_by=by,
        last_day=terms.notice_runs_until(timezone.localdate()),
    )
    _record("notice_given", mou, by, notice.reason, party=notice.party)
    notifications.notify("notice_given", mou=mou)
    return notice


@transaction.atomic
def take_notice_back(*, mou: Mou, by: User) -> Notice:
    """Whichever side gave it takes it back, while it runs."""
    mou = lock(mou)
    notice = Notice.objects.live().filter(mou=mou, last_day__isnull=False).first()
    allowed = notice is not None and permissions.can_take_notice_back(by, notice)
    demand("take_notice_back", mou, allowed, _("Only the side that gave notice takes it back."))
    assert notice is not None  # noqa: S101 - allowed otherwise not
    _close(notice, by)
    _record("notice_taken_back", mou, by)
    notifications.notify("notice_taken_back", mou=mou)
    return notice


@transaction.atomic
def propose_termination(*, mou: Mou, reason: str, by: User) -> Notice:
    """A caseworker asks to end an agreement at once, for cause; a supervisor decides."""
    mou = lock(mou)
    demand(
        "propose_termination",
        mou,
        permissions.can_propose_termination(by, mou),
        _("Only a caseworker asks for this."),
    )
    if Notice.objects.live().filter(mou=mou, last_day=None).exists():
        raise DomainError(_("A supervisor has been asked already."))
    notice = Notice.objects.create(
        mou=mou, party=permissions.party_of(by, mou), reason=_given(reason), given_by=by
    )
    # The firm reads the record of its agreement: not of what was only considered.
    audit.record("termination_proposed", target=notice, by=by)
    notifications.notify("termination_proposed", mou=mou)
    return notice


@transaction.atomic
def approve_termination(*, mou: Mou, by: User) -> Mou:
    """A supervisor, another person than asked: the agreement ends now."""
    mou = lock(mou)
    notice = _proposal(mou, by, "approve_termination")
    notice.approved_at, notice.approved_by = timezone.now(), by
    notice.save(update_fields=["approved_at", "approved_by"])
    return _end(mou, "approve_termination", "terminated", notice.reason, by)


@transaction.atomic
def refuse_termination(*, mou: Mou, by: User) -> Notice:
    """A supervisor lets the agreement be."""
    mou = lock(mou)
    notice = _proposal(mou, by, "refuse_termination")
    _close(notice, by)
    audit.record("termination_refused", target=notice, by=by)
    notifications.notify("termination_refused", mou=mou)
    return notice


@transaction.atomic
def terminate(*, mou: Mou) -> None:
    """Clock: the notice has run out. May run twice."""
    mou = lock(mou)
    today = timezone.localdate()
    notice = Notice.objects.live().filter(mou=mou, last_day__lt=today).first()
    if notice is not None and lifecycle.allows(lifecycle.MOU, "terminate", mou.status):
        _end(mou, "terminate", "terminated", notice.reason, None)


@transaction.atomic
def expire(*, mou: Mou) -> None:
    """Clock: the last day is over and nothing newer was signed. May run twice."""
    mou = lock(mou)
    over = mou.ends_on is not None and mou.ends_on < timezone.localdate()
    if permissions.is_signed_by_both(mou):
        return  # What both have signed is being archived, and may move the last day.
    if over and lifecycle.allows(lifecycle.MOU, "expire", mou.status):
        _end(mou, "expire", "expired", _("Its time has run out."), None)


def _end(mou: Mou, verb: str, event: str, reason: str, by: User | None) -> Mou:
    """What every end does, in the caller's transaction."""
    amendments.end_with(mou, by)
    papers.void(mou)
    mou.status = lifecycle.after(lifecycle.MOU, verb, mou.status)
    mou.ended_at, mou.end_reason = timezone.now(), reason
    mou.save(update_fields=["status", "ended_at", "end_reason"])
    now = mou.ended_at
    mou.suspensions.filter(lifted_at=None).update(lifted_at=now, lifted_by=by)
    Review.objects.filter(mou=mou).exclude(status=ReviewStatus.CLOSED).update(
        status=ReviewStatus.CLOSED,
        outcome=ReviewOutcome.END,
        minutes=_("The agreement has ended."),
        closed_at=now,
        closed_by=by,
    )
    standings.follow(mou)
    covers.end_with(mou, by)
    offers.end_with(mou)
    _record(event, mou, by, reason)
    notifications.notify(event, mou=mou)
    return mou


def _proposal(mou: Mou, by: User, verb: str) -> Notice:
    notice = Notice.objects.live().filter(mou=mou, last_day=None, approved_at=None).first()
    allowed = notice is not None and permissions.can_decide_termination(by, notice)
    demand(verb, mou, allowed, _("A supervisor decides, and not the person who asked."))
    assert notice is not None  # noqa: S101 - allowed otherwise not
    return notice


def _close(notice: Notice, by: User) -> None:
    notice.taken_back_at, notice.taken_back_by = timezone.now(), by
    notice.save(update_fields=["taken_back_at", "taken_back_by"])


def _record(event: str, mou: Mou, by: User | None, reason: str = "", **facts: str) -> None:
    audit.record(event, target=mou, by=by, organisation=mou.organisation, reason=reason, **facts)


def _given(reason: str) -> str:
    reason = reason.strip()
    if not reason:
        raise DomainError(_("Give the reason: the other side reads it."))
    return reason
