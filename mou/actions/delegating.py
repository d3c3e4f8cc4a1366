"""A named signatory hands the signature over to another person of the same firm."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import course, notifications, signing_permissions
from mou.actions.locking import lock
from mou.lifecycle import VersionStatus
from mou.models import Delegation, Mou
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.models import Membership, User


@transaction.atomic
def delegate_signing(
    *, mou: Mou, delegate: Membership, function: str, reason: str, by: User
) -> Delegation:
    """From now on the delegate signs, and the named signatory does not; the last choice counts."""
    mou = lock(mou)
    if not signing_permissions.can_delegate_signing(by, mou):
        course.demand(course.course_of(mou), "delegate_signing")
        raise NotAllowed(
            _("Only the signatory whom the firm has named can hand the signature over.")
        )
    signatory = mou.signatory
    assert signatory is not None  # noqa: S101 - allowed otherwise not
    fits = delegate.organisation_id == mou.organisation_id and delegate.ended_at is None
    if not fits or delegate.role == "member" or delegate.user_id == by.pk:
        raise DomainError(_("Choose another person who is an owner or a signatory of the firm."))
    version = mou.versions.get(status=VersionStatus.SIGNING)
    live = Delegation.objects.filter(version=version, ended_at=None)
    live.update(ended_at=timezone.now())
    made = Delegation.objects.create(
        version=version,
        signatory=signatory,
        delegate=delegate,
        function=function,
        reason=reason,
    )
    audit.record(
        "signing_delegated",
        target=version,
        by=by,
        organisation=mou.organisation,
        reason=reason,
        delegate=delegate.user_id,
    )
    notifications.notify("signing_delegated", mou=mou)
    return made
