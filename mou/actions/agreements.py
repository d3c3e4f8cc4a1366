"""The firm's answer to an offer, and who signs for the firm."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import components, course, lifecycle, notifications, permissions
from mou.actions import negotiation, offers, papers, stages
from mou.actions.locking import lock
from mou.models import Mou, MouOffer
from mou.seats import may_bind
from portal import audit
from portal.errors import DomainError, NotAllowed
from portal.models import Membership, User


@transaction.atomic
def accept(*, offer: MouOffer, by: User) -> Mou:
    """The firm's owner takes the offer up; the agreement begins in preparation."""
    offer = MouOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if not permissions.can_accept(by, offer):
        lifecycle.after(lifecycle.OFFER, "accept", offer.status)
        raise NotAllowed(_("Only an owner of the firm can accept the offer."))
    _demand_valid(offer)
    offer.status = lifecycle.after(lifecycle.OFFER, "accept", offer.status)
    offer.answered_at, offer.answered_by = timezone.now(), by
    offer.save(update_fields=["status", "answered_at", "answered_by"])
    mou = Mou.objects.create(
        number=f"offer-{offer.pk}",
        organisation=offer.organisation,
        programme=offer.programme,
        offer=offer,
        basis=offer.basis,
        trust_status=offer.trust_status,
        required_component=offer.required_component,
    )
    mou.number = f"MOU-{mou.created_at:%Y}-{mou.pk:05d}"
    mou.save(update_fields=["number"])
    audit.record("accepted", target=offer, by=by, organisation=offer.organisation, mou=mou.pk)
    notifications.notify("accepted", mou=mou)
    return mou


def _demand_valid(offer: MouOffer) -> None:
    status = offer.trust_status
    if status is not None and not components.carries(status, offer.required_component):
        raise DomainError(
            _(
                "The certificate that this offer rests on is not valid now. "
                "Contact the administration to find another way in."
            )
        )


@transaction.atomic
def decline(*, offer: MouOffer, by: User, reason: str) -> MouOffer:
    """The firm's owner says no, and why."""
    offer = MouOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if not permissions.can_decline(by, offer):
        lifecycle.after(lifecycle.OFFER, "decline", offer.status)
        raise NotAllowed(_("Only an owner of the firm can decline the offer."))
    offer.status = lifecycle.after(lifecycle.OFFER, "decline", offer.status)
    offer.answered_at, offer.answered_by = timezone.now(), by
    offer.decline_reason = reason
    offer.save(update_fields=["status", "answered_at", "answered_by", "decline_reason"])
    audit.record("declined", target=offer, by=by, organisation=offer.organisation)
    notifications.notify("declined", offer=offer)
    return offer


@transaction.atomic
def name_signatory(*, mou: Mou, signatory: Membership, function: str, by: User) -> Mou:
    """The owner names who signs for the firm: an owner or signatory of it."""
    mou = lock(mou)
    if not permissions.can_name_signatory(by, mou):
        course.demand(course.course_of(mou), "name_signatory")
        raise NotAllowed(_("Only an owner of the firm can name its signatory."))
    signatory.refresh_from_db(fields=["role", "ended_at"])
    if signatory.organisation_id != mou.organisation_id or not may_bind(signatory):
        raise DomainError(
            _("Choose a person who is an owner or a signatory of the firm, or invite one.")
        )
    mou.further_signatories.filter(membership=signatory).delete()
    mou.signatory, mou.signatory_function = signatory, function
    mou.save(update_fields=["signatory", "signatory_function"])
    stages.lead(course.course_of(mou), "name_signatory")
    audit.record(
        "signatory_named",
        target=mou,
        by=by,
        organisation=mou.organisation,
        signatory=signatory.user_id,
    )
    notifications.notify("signatory_named", mou=mou)
    return mou


@transaction.atomic
def withdraw(*, mou: Mou, by: User, reason: str) -> Mou:
    """Either side gives up before the agreement is in force."""
    mou = lock(mou)
    if not permissions.can_withdraw(by, mou):
        lifecycle.after(lifecycle.MOU, "withdraw", mou.status)
        if permissions.is_signed_by_both(mou):
            raise DomainError(_("Both parties have signed: the agreement cannot be withdrawn."))
        raise NotAllowed(_("You cannot withdraw this agreement."))
    mou.status = lifecycle.after(lifecycle.MOU, "withdraw", mou.status)
    mou.ended_at, mou.end_reason = timezone.now(), reason
    mou.save(update_fields=["status", "ended_at", "end_reason"])
    offers.end_with(mou)
    papers.void(mou)
    negotiation.lapse(mou)
    audit.record("withdrawn", target=mou, by=by, organisation=mou.organisation)
    notifications.notify("withdrawn", mou=mou)
    return mou
