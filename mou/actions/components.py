"""The half of the certificate that an offer names: by an officer, or with the certificate."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from mou import components, lifecycle, notifications, offer_permissions
from mou.lifecycle import OfferStatus
from mou.models import Component, MouOffer, TrustStatus
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.models import User


@transaction.atomic
def change_component(*, offer: MouOffer, component: str, reason: str, by: User) -> MouOffer:
    """An officer lets the agreement require another half, or none, before the firm accepts."""
    offer = MouOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if not offer_permissions.can_change_component(by, offer):
        lifecycle.after(lifecycle.OFFER, "change_component", offer.status)
        raise NotAllowed(_("Only a caseworker changes what an offer rests on."))
    if not reason.strip():
        raise DomainError(_("Give the reason: the firm reads it."))
    status = offer.trust_status
    assert status is not None  # noqa: S101 - allowed otherwise not
    if component and component not in components.named(status):
        raise DomainError(_("Choose a part that this certificate has."))
    if component == offer.required_component:
        raise DomainError(_("The offer names this part already. Choose another, or go back."))
    _write(offer, component, reason.strip(), by)
    return offer


def follow_certificate(*, status: TrustStatus, by: User | None) -> None:
    """In the caller's transaction: an offer names no half that its certificate has lost for good.

    A suspended half may come back, so the offer goes on naming it; an officer may change that.
    """
    unanswered = MouOffer.objects.select_for_update(of=("self",)).filter(
        trust_status=status, status__in=[OfferStatus.UNSENT, OfferStatus.SENT]
    )
    left = components.named(status)
    for offer in unanswered.select_related("programme").order_by("pk"):
        lost = offer.required_component and offer.required_component not in left
        if lost and left:
            component = components.required(offer.programme, status)
            _write(offer, component, _("The certificate no longer has the part named before."), by)


def _write(offer: MouOffer, component: str, reason: str, by: User | None) -> None:
    offer.required_component = Component(component) if component else ""
    offer.save(update_fields=["required_component"])
    audit.record(
        "component_changed",
        target=offer,
        by=by,
        organisation=offer.organisation,
        reason=reason,
        component=component,
    )
    if offer.status == OfferStatus.SENT:
        notifications.tell_firm("component_changed", offer=offer)
