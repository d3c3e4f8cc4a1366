"""An offer as the firm reads it, and the firm's answer."""

from __future__ import annotations

import uuid as uuids

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mou import permissions
from mou.actions import agreements
from mou.forms import DeclineForm
from mou.lifecycle import OfferStatus
from mou.models import MouOffer
from portal.errors import shows_domain_errors
from portal.requests import PersonRequest

STATUS_COLOURS = {
    OfferStatus.SENT: "yellow",
    OfferStatus.ACCEPTED: "green",
    OfferStatus.DECLINED: "grey",
    OfferStatus.WITHDRAWN: "grey",
    OfferStatus.ENDED: "grey",
}


def _get(request: PersonRequest, uuid: uuids.UUID) -> MouOffer:
    offers = MouOffer.objects.visible_to(request.user).select_related(
        "organisation", "programme", "trust_status", "answered_by", "mou"
    )
    return get_object_or_404(offers, uuid=uuid)


def offer(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """What is offered, what it entails, and the two answers."""
    offer = _get(request, uuid)
    mou = getattr(offer, "mou", None)
    if mou is not None:
        return redirect("mou:agreement", mou.uuid)
    return render(
        request,
        "mou/offer.html",
        {
            "offer": offer,
            "colour": STATUS_COLOURS.get(OfferStatus(offer.status), "grey"),
            "may_answer": permissions.can_accept(request.user, offer),
            "owners": _owners(offer),
        },
    )


def _owners(offer: MouOffer) -> list[str]:
    live = offer.organisation.memberships.live().filter(role="owner").select_related("user")
    return [str(membership.user) for membership in live]


@shows_domain_errors("mou:offer")
def accept(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """The firm takes the offer up; asked once more before."""
    offer = _get(request, uuid)
    if request.method == "POST":
        mou = agreements.accept(offer=offer, by=request.user)
        messages.success(request, _("The offer is accepted. Now name who signs for the firm."))
        return redirect("mou:agreement", mou.uuid)
    if not permissions.can_accept(request.user, offer):
        raise Http404
    return render(
        request,
        "portal/confirm.html",
        {
            "title": _("Accept the offer"),
            "text": _(
                "You accept to work towards an agreement. Nothing is binding yet: the agreement "
                "binds your firm only when its signatory has signed it."
            ),
            "rows": _rows(offer),
            "button": _("Accept the offer"),
            "back_url": reverse("mou:offer", args=[offer.uuid]),
        },
    )


@shows_domain_errors("mou:offer")
def decline(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """The firm says no, and why."""
    offer = _get(request, uuid)
    if not permissions.can_decline(request.user, offer) and request.method != "POST":
        raise Http404
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        agreements.decline(offer=offer, by=request.user, reason=form.cleaned_data["reason"])
        messages.success(request, _("The offer is declined. Thank you for telling us why."))
        return redirect("mou:offer", offer.uuid)
    return render(
        request,
        "portal/confirm.html",
        {
            "title": _("Decline the offer"),
            "text": _("It has no consequences for your firm. You can come back to us at any time."),
            "rows": _rows(offer),
            "form": form,
            "button": _("Decline the offer"),
            "warning": True,
            "back_url": reverse("mou:offer", args=[offer.uuid]),
        },
    )


def _rows(offer: MouOffer) -> list[dict[str, object]]:
    return [
        {"key": _("Firm"), "value": offer.organisation.legal_name},
        {"key": _("Programme"), "value": offer.programme.name},
    ]
