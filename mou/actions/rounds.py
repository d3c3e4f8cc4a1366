"""A round of signing that ends without signatures: somebody declines, or its time runs out."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mou import course, notifications, signing_permissions
from mou.actions import papers, stages
from mou.actions.locking import lock
from mou.lifecycle import SignatureStatus, VersionStatus
from mou.models import Mou, MouVersion
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.models import User


@transaction.atomic
def decline_to_sign(*, mou: Mou, reason: str, by: User) -> Mou:
    """Who should sign now says no and why; signatures so far are void and the text goes back."""
    mou = lock(mou)
    if not signing_permissions.can_decline_to_sign(by, mou):
        course.demand(course.course_of(mou), "decline_to_sign")
        raise NotAllowed(_("Only a person who is to sign now can decline to sign."))
    reason = reason.strip()
    if not reason:
        raise DomainError(_("Give the reason: the other side reads it."))
    _end_round(mou, "decline_to_sign", "signing_declined", reason, by)
    return mou


def expire_signing(*, mou: Mou) -> None:
    """The clock: a round whose last day is past is void. May run twice, and never breaks a
    signature that is being made: that one is looked at again a little later.
    """
    with transaction.atomic():
        mou = lock(mou)
        version = _overdue(mou)
        if version is None or version.sign_by is None:
            return
        day = date_format(version.sign_by, "j F Y")
        words = _("The time for signing ran out on %(day)s.") % {"day": day}
        _end_round(mou, "expire_signing", "signing_expired", words, None)


def _overdue(mou: Mou) -> MouVersion | None:
    being_made = [SignatureStatus.AUTHORISED, SignatureStatus.SIGNED]
    return (
        mou.versions.filter(status=VersionStatus.SIGNING, sign_by__lt=timezone.localdate())
        .exclude(signatures__status__in=being_made)
        .first()
    )


def _end_round(mou: Mou, verb: str, event: str, reason: str, by: User | None) -> None:
    papers.void(mou)
    stages.lead(course.course_of(mou), verb, remark=reason)
    audit.record(event, target=mou, by=by, organisation=mou.organisation, reason=reason)
    notifications.notify(event, mou=mou)
