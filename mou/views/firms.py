"""What a firm says of itself: its trades, by which alerts and training find it."""

from __future__ import annotations

import uuid as uuids
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou import permissions
from mou.actions import organisations
from portal import reference
from portal.errors import shows_domain_errors
from portal.models import Organisation
from portal.requests import PersonRequest


class RolesForm(forms.Form):
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("What does the firm do?"),
        help_text=gettext_lazy("Tick all that fits. You can change it at any time."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick what the firm does")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["roles"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - says its type
        field.choices = reference.choices("actor_role")


@shows_domain_errors("mou_home")
def state_roles(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """An owner ticks what the firm does."""
    firm = get_object_or_404(Organisation.objects.visible_to(request.user), uuid=uuid)
    if not permissions.can_state_roles(request.user, firm):
        raise Http404
    form = RolesForm(
        request.POST if request.method == "POST" else None, initial={"roles": firm.roles}
    )
    if request.method == "POST" and form.is_valid():
        organisations.state_roles(
            organisation=firm, roles=form.cleaned_data["roles"], by=request.user
        )
        messages.success(request, _("Alerts and training for these trades reach you from now on."))
        return redirect("mou_home")
    context = {
        "title": _("What %(firm)s does") % {"firm": firm.legal_name},
        "text": _("Alerts and training are sent to firms by what they do."),
        "form": form,
        "button": _("Save"),
        "back_url": reverse("mou_home"),
    }
    return render(request, "mou/roles.html", context)
