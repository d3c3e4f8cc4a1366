"""What becomes of some invented firms' agreements once they are in force."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from mou.actions import amendments, drafting, life, reviews, standing
from mou.lifecycle import MouStatus
from mou.models import Basis, Mou, Notice, ReviewCause, Suspension
from portal.models import User

Lives = Callable[[Mou, User, User], None]


def _under_notice(mou: Mou, owner: User, caseworker: User) -> None:
    if not Notice.objects.filter(mou=mou).exists():
        life.give_notice(mou=mou, reason="The terminal closes at the end of the year.", by=owner)


def _under_review(mou: Mou, owner: User, caseworker: User) -> None:
    if mou.reviews.exists():
        return
    due = timezone.localdate() + timedelta(days=14)
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


def _terminated(mou: Mou, owner: User, caseworker: User) -> None:
    if mou.status == MouStatus.TERMINATED:
        return
    if not Notice.objects.live().filter(mou=mou).exists():
        reason = "Alerts were passed on to a third party."
        life.propose_termination(mou=mou, reason=reason, by=caseworker)
    supervisor = User.objects.get(email="supervisor@customs.example")
    life.approve_termination(mou=mou, by=supervisor)


def _amending(mou: Mou, owner: User, caseworker: User) -> None:
    """A new version that the firm reads now, beside the one that is signed."""
    if mou.amendments.exists():
        return
    reason = "The yard at the north quay was added, and reports are to be quicker."
    amendments.open_amendment(mou=mou, kind="amendment", reason=reason, by=caseworker)
    version = mou.signed
    assert version is not None  # noqa: S101 - it is in force
    note = "The survey follows once the new yard is open."
    draft = drafting.draft(mou=mou, template=version.template, survey_note=note, by=caseworker)
    drafting.propose(mou=mou, content_hash=draft.content_hash, by=caseworker)


TARGETS: dict[str, Lives] = {
    "under_notice": _under_notice,
    "under_review": _under_review,
    "suspended_for_cause": _suspended_for_cause,
    "rebased": _rebased,
    "terminated": _terminated,
    "amending": _amending,
}


def live(mou: Mou, target: str, owner: User, caseworker: User) -> None:
    """Lead this agreement there by the real actions; done before, it stays as it is."""
    TARGETS[target](mou, owner, caseworker)
