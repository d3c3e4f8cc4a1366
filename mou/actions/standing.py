"""What a trust status does to agreements: suspended with it, reinstated by an officer."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from mou import lifecycle, notifications, permissions
from mou.actions.agreements import set_standing
from mou.lifecycle import MouStatus, SignatureStatus
from mou.models import Mou, Signature, TrustStatus
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.models import User


def follow_trust(*, status: TrustStatus, by: User | None) -> None:
    """In the caller's transaction: whatever rests on a fallen component is suspended or stopped.

    The agreement is not ended (domain: status and agreement are independent); an officer decides.
    """
    resting = Mou.objects.select_for_update(of=("self",)).filter(
        offer__trust_status=status, status__in=[MouStatus.SIGNING, MouStatus.IN_FORCE]
    )
    for mou in resting.order_by("pk"):
        if status.holds(mou.required_component):
            continue
        if mou.status == MouStatus.IN_FORCE:
            _suspend(mou, by)
        else:
            _stop_signatures(mou)


def _suspend(mou: Mou, by: User | None) -> None:
    mou.status = lifecycle.after(lifecycle.MOU, "suspend", mou.status)
    mou.save(update_fields=["status"])
    set_standing(mou, in_force=False)
    audit.record("suspended", target=mou, by=by, organisation=mou.organisation)
    notifications.notify("suspended", mou=mou)


def _stop_signatures(mou: Mou) -> None:
    """Refuse what was authorised and not yet made."""
    waiting = Signature.objects.select_for_update(of=("self",)).filter(
        version__mou=mou, status=SignatureStatus.AUTHORISED
    )
    for signature in waiting:
        signature.status = lifecycle.after(lifecycle.SIGNATURE, "refuse", signature.status)
        signature.refusal = _("The certificate that the agreement rests on is not valid now.")
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
    """An officer confirms that a suspended agreement is in force again."""
    mou = Mou.objects.select_for_update(of=("self",)).get(pk=mou.pk)
    if not permissions.can_reinstate(by, mou):
        lifecycle.after(lifecycle.MOU, "reinstate", mou.status)
        raise NotAllowed(_("Only a caseworker can reinstate an agreement."))
    status = mou.offer.trust_status if mou.offer else None
    if status is not None and not status.holds(mou.required_component):
        raise DomainError(_("The certificate is still not valid: record its reinstatement first."))
    mou.status = lifecycle.after(lifecycle.MOU, "reinstate", mou.status)
    mou.save(update_fields=["status"])
    set_standing(mou, in_force=True)
    audit.record("reinstated", target=mou, by=by, organisation=mou.organisation, reason=reason)
    notifications.notify("reinstated", mou=mou)
    return mou
