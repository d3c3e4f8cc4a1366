"""Whether an agreement applies: suspended with its certificate or by an officer, and reinstated."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import components, lifecycle, notifications, permissions
from mou.actions import components as named
from mou.actions import covers, reviews, standings
from mou.actions.locking import lock
from mou.lifecycle import MouStatus, SignatureStatus
from mou.models import (
    Basis,
    Mou,
    ReviewCause,
    Signature,
    Suspension,
    SuspensionCause,
    TrustStatus,
)
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.models import User

RESTING = [MouStatus.SIGNING, MouStatus.IN_FORCE, MouStatus.SUSPENDED]


def follow_trust(*, status: TrustStatus, by: User | None) -> None:
    """In the caller's transaction: whatever rests on a fallen component is suspended or stopped.

    The agreement is not ended (domain: status and agreement are independent); a review is opened
    and an officer decides.
    """
    named.follow_certificate(status=status, by=by)
    resting = Mou.objects.select_for_update(of=("self",)).filter(
        trust_status=status, status__in=RESTING
    )
    for mou in resting.order_by("pk"):
        if status.holds(mou.required_component):
            continue
        if mou.status == MouStatus.SIGNING:
            _stop_signatures(
                mou, _("The certificate that the agreement rests on is not valid now.")
            )
        else:
            _suspend(mou, SuspensionCause.TRUST, by=by)


@transaction.atomic
def suspend_for_cause(*, mou: Mou, reason: str, until: date | None, by: User) -> Mou:
    """A caseworker suspends an agreement, or adds a cause to one that is suspended already."""
    mou = lock(mou)
    if not permissions.can_suspend(by, mou):
        lifecycle.after(lifecycle.MOU, "suspend_for_cause", mou.status)
        raise NotAllowed(_("Only a caseworker suspends an agreement."))
    if not reason.strip():
        raise DomainError(_("Give the reason: the firm reads it."))
    if until is not None and until <= timezone.localdate():
        raise DomainError(_("The day on which it is looked at again has to be in the future."))
    if not _suspend(mou, SuspensionCause.OFFICER, by=by, reason=reason.strip(), until=until):
        raise DomainError(_("An officer has suspended it already."))
    return mou


def _suspend(
    mou: Mou, cause: str, *, by: User | None, reason: str = "", until: date | None = None
) -> bool:
    """Add this cause; False when it is there already."""
    _suspension, new = Suspension.objects.get_or_create(
        mou=mou,
        cause=cause,
        lifted_at=None,
        defaults={"reason": reason, "until": until, "imposed_by": by},
    )
    if not new:
        return False
    mou.status = lifecycle.after(lifecycle.MOU, "suspend", mou.status)
    mou.save(update_fields=["status"])
    standings.follow(mou)
    _stop_signatures(mou, _("The agreement is suspended."))
    audit.record(
        "suspended", target=mou, by=by, organisation=mou.organisation, reason=reason, cause=cause
    )
    notifications.notify("suspended", mou=mou)
    covers.tell_members("cover_suspended", mou)
    due = until or timezone.localdate() + reviews.AFTER_SUSPENSION
    reviews.open_review(mou=mou, cause=ReviewCause.SUSPENSION, due_on=due)
    return True


def _stop_signatures(mou: Mou, why: str) -> None:
    """Refuse what was authorised and not yet made."""
    waiting = Signature.objects.select_for_update(of=("self",)).filter(
        version__mou=mou, status=SignatureStatus.AUTHORISED
    )
    for signature in waiting:
        signature.status = lifecycle.after(lifecycle.SIGNATURE, "refuse", signature.status)
        signature.refusal = why
        signature.save(update_fields=["status", "refusal"])
        audit.record(
            "signature_refused",
            target=signature.version,
            by=None,
            organisation=mou.organisation,
            signature=str(signature.uuid),
        )
        notifications.notify("signature_refused", mou=mou, signature=signature)


@transaction.atomic
def reinstate(*, mou: Mou, by: User, reason: str) -> Mou:
    """An officer confirms that no cause is left, and the agreement is in force again."""
    mou = lock(mou)
    if not permissions.can_reinstate(by, mou):
        lifecycle.after(lifecycle.MOU, "reinstate", mou.status)
        raise NotAllowed(_("Only a caseworker can reinstate an agreement."))
    status = mou.trust_status
    if status is not None and not status.holds(mou.required_component):
        raise DomainError(
            _(
                "The certificate is still not valid: record its reinstatement first, "
                "or let the agreement rest on something else."
            )
        )
    mou.status = lifecycle.after(lifecycle.MOU, "reinstate", mou.status)
    mou.save(update_fields=["status"])
    mou.suspensions.filter(lifted_at=None).update(lifted_at=timezone.now(), lifted_by=by)
    standings.follow(mou)
    audit.record("reinstated", target=mou, by=by, organisation=mou.organisation, reason=reason)
    notifications.notify("reinstated", mou=mou)
    covers.tell_members("cover_reinstated", mou)
    return mou


@transaction.atomic
def rebase(
    *, mou: Mou, basis: str, reason: str, by: User, trust_status: TrustStatus | None = None
) -> Mou:
    """An officer lets an agreement rest on something else; a suspended one stays suspended.

    A firm needs no certificate for an agreement. What the signed text says of its basis stays as
    history: an amendment may say it anew.
    """
    if trust_status is not None:
        # As whoever records what happens to it does: first the certificate, then what rests on it.
        trust_status = TrustStatus.objects.select_for_update(no_key=True).get(pk=trust_status.pk)
    mou = lock(mou)
    if not permissions.can_rebase(by, mou):
        lifecycle.after(lifecycle.MOU, "rebase", mou.status)
        raise NotAllowed(_("Only a caseworker changes what an agreement rests on."))
    if not reason.strip():
        raise DomainError(_("Give the reason: the firm reads it."))
    component = _component(mou, basis, trust_status)
    mou.basis, mou.trust_status, mou.required_component = basis, trust_status, component
    mou.save(update_fields=["basis", "trust_status", "required_component"])
    audit.record(
        "rebased", target=mou, by=by, organisation=mou.organisation, reason=reason, basis=basis
    )
    notifications.notify("rebased", mou=mou)
    return mou


def _component(mou: Mou, basis: str, status: TrustStatus | None) -> str:
    """The half that is required from now on; DomainError where the new basis does not carry."""
    if basis != Basis.TRUST_STATUS:
        if status is not None:
            raise DomainError(_("Choose a certificate only where the agreement rests on one."))
        return ""
    if status is None or status.organisation_id != mou.organisation_id:
        raise DomainError(_("Choose a certificate of this firm."))
    component = components.required(mou.programme, status)
    if not components.carries(status, component):
        raise DomainError(_("This certificate is not valid now. Choose another basis."))
    return component
