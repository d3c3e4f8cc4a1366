"""A firm's page that drops a new version in work."""

from __future__ import annotations

import uuid as uuids

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from mou import permissions
from mou.actions import amendments
from mou.amendment_forms import DropForm
from mou.views.agreements import get_agreement
from portal.errors import shows_domain_errors
from portal.requests import PersonRequest


@shows_domain_errors("mou:agreement")
def drop(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """The firm stays with the text that is signed."""
    mou = get_agreement(request, uuid)
    if request.method != "POST" and not permissions.can_drop(request.user, mou):
        raise Http404
    form = DropForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        amendments.drop(mou=mou, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The new version is dropped. Both sides are told by e-mail."))
        return redirect("mou:agreement", mou.uuid)
    context = {
        "title": _("Drop the new version"),
        "text": _(
            "Its text and the signatures on it become void. "
            "The agreement stays in force as it was signed."
        ),
        "rows": [
            {"key": _("Agreement"), "value": mou.number},
            {"key": _("Firm"), "value": mou.organisation.legal_name},
        ],
        "form": form,
        "button": _("Drop the new version"),
        "warning": True,
        "back_url": reverse("mou:agreement", args=[mou.uuid]),
    }
    return render(request, "portal/confirm.html", context)
