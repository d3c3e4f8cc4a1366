"""Who may do what to offers before the firm answers: asked by actions and templates."""

from __future__ import annotations

from mou import lifecycle
from mou.models import MouOffer, OfferBatch
from portal.models import StaffRole, User


def can_change_component(user: User, offer: MouOffer) -> bool:
    """Only where it rests on a certificate, and before the firm has answered."""
    return (
        user.has_role(StaffRole.CASEWORKER)
        and offer.trust_status_id is not None
        and lifecycle.allows(lifecycle.OFFER, "change_component", offer.status)
    )


def can_offer_in_bulk(user: User) -> bool:
    return user.has_role(StaffRole.CASEWORKER)


def can_lead_batch(user: User, batch: OfferBatch, verb: str) -> bool:
    """Pause, resume or stop it: any caseworker, whoever began it."""
    return can_offer_in_bulk(user) and lifecycle.allows(lifecycle.BATCH, verb, batch.status)
