"""A named signatory hands the signature over to another person of the same firm."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import course, notifications, signing_permissions
from mou.actions.locking import lock
from mou.lifecycle import VersionStatus
from mou.models import Delegation, Mou
from mou.seats import Seat, Table, may_bind, table_of
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.models import Membership, User


@transaction.atomic
def delegate_signing(
    *, mou: Mou, delegate: Membership, function: str, reason: str, by: User
) -> Delegation:
    """From now on the delegate signs, and the named signatory does not; the last choice counts."""
    mou = lock(mou)
    seat = signing_permissions.seat_to_delegate(by, mou)
    if seat is None:
        course.demand(course.course_of(mou), "delegate_signing")
        raise NotAllowed(
            _("Only the signatory whom the firm has named can hand the signature over.")
        )
    version = mou.versions.get(status=VersionStatus.SIGNING)
    version.mou = mou
    _refuse_delegate(table_of(version), seat, delegate)
    live = Delegation.objects.filter(version=version, ended_at=None)
    of_either = Q(signatory=seat.signatory) | Q(delegate=delegate)
    live.filter(of_either).update(ended_at=timezone.now())
    made = Delegation.objects.create(
        version=version,
        signatory=seat.signatory,
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


def _refuse_delegate(table: Table, seat: Seat, delegate: Membership) -> None:
    """One who may bind the firm, and nobody twice: not beside a signature of their own."""
    delegate.refresh_from_db(fields=["role", "ended_at"])
    fits = delegate.organisation_id == seat.signatory.organisation_id and may_bind(delegate)
    if not fits or delegate.pk == seat.signatory.pk:
        raise DomainError(_("Choose another person who is an owner or a signatory of the firm."))
    others = [one for one in table.seats if one.signatory.pk != seat.signatory.pk]
    taken = {one.signatory.user_id for one in others} | {one.signer.user_id for one in others}
    if delegate.user_id in taken | {one.signer_id for one in table.live}:
        raise DomainError(
            _("%(name)s already signs for the firm, and nobody signs twice. Choose another person.")
            % {"name": delegate.user}
        )


@transaction.atomic
def take_delegation_back(*, mou: Mou, by: User) -> Delegation:
    """The named signatory signs after all; refused once the delegate's signature is being made."""
    mou = lock(mou)
    seat = signing_permissions.seat_to_delegate(by, mou)
    if seat is None or seat.delegation is None:
        course.demand(course.course_of(mou), "delegate_signing")
        raise NotAllowed(
            _("Only who handed the signature over takes it back, before the other has signed.")
        )
    delegation = seat.delegation
    delegation.ended_at = timezone.now()
    delegation.save(update_fields=["ended_at"])
    audit.record(
        "delegation_taken_back",
        target=delegation.version,
        by=by,
        organisation=mou.organisation,
        delegate=delegation.delegate.user_id,
    )
    notifications.notify("delegation_taken_back", mou=mou)
    return delegation
