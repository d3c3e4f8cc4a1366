"""What officers do with an offer: find an address, send it again, take it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mou import components, offer_permissions, permissions
from mou.actions import components as named
from mou.actions import offers
from mou.attempts import attempt
from mou.desk_forms import ComponentForm, ContactForm, WithdrawOfferForm
from mou.desk_pages import form_page
from mou.models import MouOffer
from portal.errors import shows_domain_errors
from portal.models import StaffRole
from portal.permissions import staff_role_required
from portal.requests import PersonRequest

PAGE = "admin:mou_mouoffer_change"


def _get(object_id: int) -> MouOffer:
    return get_object_or_404(
        MouOffer.objects.select_related("organisation", "trust_status"), pk=object_id
    )


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def enter_contact(request: PersonRequest, object_id: int) -> HttpResponse:
    """The address the offer goes to, and how it was checked."""
    offer = _get(object_id)
    form = ContactForm(request.POST or None, initial={"email": offer.contact_email})
    if request.method == "POST" and attempt(
        form, offers.enter_contact, offer=offer, by=request.user
    ):
        messages.success(request, _("The address is kept. The offer goes out now."))
        return redirect(PAGE, offer.pk)
    if request.method != "POST" and not permissions.can_enter_contact(request.user, offer):
        raise Http404
    return form_page(
        request,
        title=_("Where does the offer to %(firm)s go?") % {"firm": offer.organisation},
        text=_(
            "Check by another way that the address belongs to the firm and that whoever reads it "
            "may decide for the firm."
        ),
        form=form,
        button=_("Keep the address and send"),
        back_url=reverse(PAGE, args=[offer.pk]),
    )


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def change_component(request: PersonRequest, object_id: int) -> HttpResponse:
    """Which half of the certificate the agreement will require, and why another than the rule's."""
    offer = _get(object_id)
    may = offer_permissions.can_change_component(request.user, offer)
    if request.method != "POST" and not may:
        raise Http404
    held = components.named(offer.trust_status) if offer.trust_status else []
    form = ComponentForm(request.POST or None, component=offer.required_component, held=held)
    if request.method == "POST" and attempt(
        form, named.change_component, offer=offer, by=request.user
    ):
        messages.success(request, _("The offer names another part of the certificate now."))
        return redirect(PAGE, offer.pk)
    return form_page(
        request,
        title=_("What the agreement with %(firm)s requires") % {"firm": offer.organisation},
        text=_(
            "When the part that is named here is suspended, the agreement is suspended with it. "
            "A firm that has the offer already is told by e-mail."
        ),
        form=form,
        button=_("Change"),
        back_url=reverse(PAGE, args=[offer.pk]),
    )


@require_POST
@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def send_again(request: PersonRequest, object_id: int) -> HttpResponse:
    offer = offers.send_again(offer=_get(object_id), by=request.user)
    messages.success(request, _("The offer is sent again."))
    return redirect(PAGE, offer.pk)


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def withdraw(request: PersonRequest, object_id: int) -> HttpResponse:
    """Take an offer back that nobody has answered."""
    offer = _get(object_id)
    form = WithdrawOfferForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        offers.withdraw_offer(offer=offer, by=request.user, **form.cleaned_data)
        messages.success(request, _("The offer is withdrawn."))
        return redirect(PAGE, offer.pk)
    if request.method != "POST" and not permissions.can_withdraw_offer(request.user, offer):
        raise Http404
    return form_page(
        request,
        title=_("Withdraw the offer to %(firm)s") % {"firm": offer.organisation},
        text=_("An invitation that was sent with it no longer works."),
        form=form,
        button=_("Withdraw the offer"),
        back_url=reverse(PAGE, args=[offer.pk]),
    )
