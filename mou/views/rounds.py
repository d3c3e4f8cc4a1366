"""The firm's pages for not signing oneself: decline, or let another person of the firm sign."""

from __future__ import annotations

import uuid as uuids

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mou import signing_permissions
from mou.actions import delegating, rounds
from mou.signing_forms import DeclineToSignForm, DelegateSigningForm
from mou.views.agreements import get_agreement
from portal.errors import shows_domain_errors
from portal.requests import PersonRequest


@shows_domain_errors("mou:agreement")
def decline_to_sign(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """A signatory says no, and why; the text goes back to be changed."""
    mou = get_agreement(request, uuid)
    if request.method != "POST" and not signing_permissions.can_decline_to_sign(request.user, mou):
        raise Http404
    form = DeclineToSignForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        rounds.decline_to_sign(mou=mou, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("You declined to sign. Both sides are told by e-mail."))
        return redirect("mou:agreement", mou.uuid)
    context = {
        "title": _("Decline to sign"),
        "text": _(
            "The document and the signatures on it become void, and the text goes back to be "
            "changed. The agreement itself is not given up."
        ),
        "rows": [
            {"key": _("Agreement"), "value": mou.number},
            {"key": _("Firm"), "value": mou.organisation.legal_name},
        ],
        "form": form,
        "button": _("Decline to sign"),
        "warning": True,
        "back_url": reverse("mou:agreement", args=[mou.uuid]),
    }
    return render(request, "portal/confirm.html", context)


@shows_domain_errors("mou:agreement")
def delegate_signing(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """The named signatory lets another person of the firm sign."""
    mou = get_agreement(request, uuid)
    if request.method != "POST" and not signing_permissions.can_delegate_signing(request.user, mou):
        raise Http404
    form = DelegateSigningForm(request.POST or None, mou=mou)
    if request.method == "POST" and form.is_valid():
        made = delegating.delegate_signing(mou=mou, by=request.user, **form.cleaned_data)
        messages.success(request, _("%(name)s signs in your place.") % {"name": made.delegate.user})
        return redirect("mou:agreement", mou.uuid)
    context = {"mou": mou, "form": form, "nobody": not form.others.exists()}
    return render(request, "mou/delegate_signing.html", context)


@require_POST
@shows_domain_errors("mou:agreement")
def take_delegation_back(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """The named signatory signs after all."""
    mou = get_agreement(request, uuid)
    delegating.take_delegation_back(mou=mou, by=request.user)
    messages.success(
        request, _("You sign yourself again. Who would have signed is told by e-mail.")
    )
    return redirect("mou:agreement", mou.uuid)
