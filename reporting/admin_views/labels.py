"""Pages of the list of labels."""

from __future__ import annotations

from django.contrib import admin, messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.errors import shows_domain_errors
from portal.models import StaffRole
from portal.permissions import staff_role_required
from portal.requests import PersonRequest
from reporting.actions import labels
from reporting.forms.desk import NewLabelForm
from reporting.models import Label

LIST = "admin:reporting_label_changelist"


@staff_role_required(StaffRole.SUPERVISOR)
@shows_domain_errors(LIST)
def add_label(request: PersonRequest) -> HttpResponse:
    form = NewLabelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        labels.add_label(by=request.user, **form.cleaned_data)
        messages.success(request, _("The label is on the list."))
        return redirect(LIST)
    context = {
        **admin.site.each_context(request),
        "title": _("Add a label"),
        "text": _("A label sorts reports; it never says what one report told."),
        "form": form,
        "button": _("Add"),
        "back_url": reverse(LIST),
    }
    return render(request, "portal/admin/form.html", context)


@require_POST
@staff_role_required(StaffRole.SUPERVISOR)
@shows_domain_errors("admin:reporting_label_change")
def retire_label(request: PersonRequest, object_id: int) -> HttpResponse:
    labels.retire_label(label=get_object_or_404(Label, pk=object_id), by=request.user)
    messages.success(request, _("The label is not used any more; where it is, it stays."))
    return redirect(LIST)
