"""What becomes of some invented firms' agreements once they are in force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from mou.actions import life, reviews, standing, trust
from mou.demonstration import covering
from mou.lifecycle import MouStatus
from mou.models import Basis, Mou, Notice, ReviewCause, Suspension
from portal.models import User

Lives = Callable[[Mou, User, User], None]


def _suspended(mou: Mou, owner: User, caseworker: User) -> None:
    """With the certificate that it rests on."""
    status = mou.trust_status
    if mou.status != MouStatus.IN_FORCE or status is None or status.events.count() > 1:
        return
    trust.suspend_trust(
        status=status,
        component=mou.required_component,
        effective_on=timezone.localdate(),
        reason="Decision 26-114: security conditions not met",
        by=caseworker,
    )


def _reinstated(mou: Mou, owner: User, caseworker: User) -> None:
    """Suspended before, and in force again."""
    status = mou.trust_status
    if status is None or status.events.count() > 1:
        return
    _suspended(mou, owner, caseworker)
    trust.reinstate_trust(
        status=status,
        component=mou.required_component,
        effective_on=timezone.localdate(),
        reason="Decision 26-131: conditions met again",
        by=caseworker,
    )
    standing.reinstate(mou=mou, reason="Certificate valid again", by=caseworker)


def _under_notice(mou: Mou, owner: User, caseworker: User) -> None:
    if not Notice.objects.filter(mou=mou).exists():
        life.give_notice(mou=mou, reason="The terminal closes at the end of the year.", by=owner)


def _under_review(mou: Mou, owner: User, caseworker: User) -> None:
    if mou.reviews.exists():
        return
    due = timezone.localdate() + timedelta(days=14)
    before = reviews.open_review(mou=mou, cause=ReviewCause.SUSPENSION, due_on=due)
    minutes = "The gate was seen together; the seals are counted by two people now."
    reviews.close_review(review=before, minutes=minutes, outcome="continue", by=caseworker)
    review = reviews.open_review(mou=mou, cause=ReviewCause.YEARLY, due_on=due)
    answer = "Two drills were held, and the gate has a camera now. One seal was reported in May."
    reviews.answer_review(review=review, answer=answer, by=owner)


def _suspended_for_cause(mou: Mou, owner: User, caseworker: User) -> None:
    if not Suspension.objects.filter(mou=mou).exists():
        reason = "Three alerts in a row were not acknowledged."
        until = timezone.localdate() + timedelta(days=30)
        standing.suspend_for_cause(mou=mou, reason=reason, until=until, by=caseworker)


def _rebased(mou: Mou, owner: User, caseworker: User) -> None:
    if mou.basis == Basis.TRUST_STATUS:
        reason = "The firm gives its certificate up and wants to go on."
        standing.rebase(mou=mou, basis=Basis.INTEREST, reason=reason, by=caseworker)
        due = timezone.localdate() + timedelta(days=30)
        reviews.open_review(mou=mou, cause=ReviewCause.YEARLY, due_on=due)


def _terminated(mou: Mou, owner: User, caseworker: User) -> None:
    if mou.status == MouStatus.TERMINATED:
        return
    if not Notice.objects.live().filter(mou=mou).exists():
        reason = "Alerts were passed on to a third party."
        life.propose_termination(mou=mou, reason=reason, by=caseworker)
    supervisor = User.objects.get(email="supervisor@customs.example")
    life.approve_termination(mou=mou, by=supervisor)


def _expired(mou: Mou, owner: User, caseworker: User) -> None:
    """An association whose agreement has run out, and with it the place of its member."""
    if mou.status == MouStatus.EXPIRED:
        return
    covering.cover(mou, caseworker, covering.LAST_MEMBERS)
    # Nobody can sign for a time that is over: the day alone is set back.
    Mou.objects.filter(pk=mou.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    life.expire(mou=mou)


TARGETS: dict[str, Lives] = {
    "suspended": _suspended,
    "reinstated": _reinstated,
    "under_notice": _under_notice,
    "under_review": _under_review,
    "suspended_for_cause": _suspended_for_cause,
    "rebased": _rebased,
    "terminated": _terminated,
    "expired": _expired,
}


def live(mou: Mou, target: str, owner: User, caseworker: User) -> None:
    """Lead this agreement there by the real actions; done before, it stays as it is."""
    TARGETS[target](mou, owner, caseworker)
