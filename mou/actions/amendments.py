"""Amendments: opened while the agreement is alive, dropped without a trace on what binds."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import course, lifecycle, notifications, permissions
from mou.actions import negotiation, papers, stages
from mou.actions.locking import lock
from mou.models import Amendment, Mou
from portal import audit
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import User


@transaction.atomic
def open_amendment(*, mou: Mou, kind: str, reason: str, by: User) -> Amendment:
    """A caseworker opens the way for a new version; what is signed goes on to bind meanwhile."""
    mou = lock(mou)
    if not permissions.can_open_amendment(by, mou):
        lifecycle.after(lifecycle.MOU, "amend", mou.status)
        if course.course_of(mou) is not mou:
            raise AlreadyDone(_("A new version is in work already. Reload the page to see it."))
        raise NotAllowed(_("Only a caseworker opens an amendment."))
    if not reason.strip():
        raise DomainError(_("Give the reason: the firm reads it."))
    amendment = Amendment.objects.create(mou=mou, kind=kind, reason=reason.strip(), opened_by=by)
    audit.record(
        "amendment_opened",
        target=mou,
        by=by,
        organisation=mou.organisation,
        reason=amendment.reason,
        kind_of_amendment=kind,
    )
    notifications.notify("amendment_opened", mou=mou)
    return amendment


@transaction.atomic
def drop(*, mou: Mou, reason: str, by: User) -> Amendment:
    """Either side lets it go: its version is void, the agreement is as it was."""
    mou = lock(mou)
    found = course.course_of(mou)
    if not isinstance(found, Amendment):
        raise DomainError(_("No new version is in work now. Reload the page."))
    if not permissions.can_drop(by, mou):
        course.demand(found, "drop")
        if permissions.is_signed_by_both(mou):
            raise DomainError(_("Both parties have signed: the new version cannot be dropped."))
        raise NotAllowed(_("Only a caseworker or an owner of the firm drops a new version."))
    if not reason.strip():
        raise DomainError(_("Give the reason: the other side reads it."))
    _drop(found, reason.strip(), by)
    notifications.notify("amendment_dropped", mou=mou)
    return found


def end_with(mou: Mou, by: User | None) -> None:
    """In the caller's transaction: the agreement ends, and what is in work ends with it.

    What both have signed is archived all the same: it is a document of an agreement that ended.
    """
    found = course.course_of(mou)
    if isinstance(found, Amendment) and not permissions.is_signed_by_both(mou):
        _drop(found, _("The agreement has ended."), by)


def _drop(amendment: Amendment, reason: str, by: User | None) -> None:
    mou = amendment.mou
    papers.void(mou)
    negotiation.lapse(mou)
    stages.lead(
        amendment, "drop", closed_at=timezone.now(), closed_by=by, drop_reason=reason, remark=""
    )
    audit.record(
        "amendment_dropped", target=mou, by=by, organisation=mou.organisation, reason=reason
    )
