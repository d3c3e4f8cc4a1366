"""Who reported: the supervisor's request, the custodian's answer, and the one page that tells."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portal.errors import shows_domain_errors
from portal.requests import PersonRequest
from portal.unlocked_views import unlocked_required
from reporting import permissions
from reporting.actions import identities
from reporting.admin_views import access
from reporting.admin_views.open import UnlockedRequest
from reporting.forms.handing import RequestIdentityForm, WhyForm
from reporting.models import IdentityRequest

PAGE = "admin:reporting_identityrequest_change"
LABELS = {
    "name": gettext_lazy("Name"),
    "phone": gettext_lazy("Telephone"),
    "email": gettext_lazy("E-mail address"),
    "address": gettext_lazy("Address"),
    "organisation": gettext_lazy("Organisation"),
}


@shows_domain_errors(access.PAGE)
def request_identity(request: PersonRequest, object_id: UUID) -> HttpResponse:
    """The supervisor asks, report by report."""
    report = access.report_or_404(request, object_id)
    if not permissions.can_request_identity(request.user, report):
        raise Http404
    form = RequestIdentityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = identities.request_identity(report=report, by=request.user, **form.cleaned_data)
        messages.success(request, _("Your request is with the custodians."))
        return redirect(PAGE, asked.pk)
    return access.ask(
        request,
        report,
        form=form,
        title=_("Ask who reported"),
        text=_(
            "A custodian reads your reason and the reference, and releases half of the key or "
            "refuses. You open it with your half, once, within 24 hours of the release."
        ),
        button=_("Send the request"),
    )


@shows_domain_errors(PAGE)
@unlocked_required
def release_identity(request: UnlockedRequest, object_id: UUID) -> HttpResponse:
    """The custodian gives the other half."""
    asked = _asked(object_id)
    if not permissions.can_release_identity(request.user, asked):
        raise Http404
    if request.method == "POST":
        identities.release_identity(request=asked, keys=request.keys, by=request.user)
        messages.success(request, _("Your half is released to the supervisor for 24 hours."))
        return redirect(PAGE, asked.pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Release the identity in %(reference)s?") % {"reference": asked.report},
        "asked": asked,
        "back_url": reverse(PAGE, args=[asked.pk]),
    }
    return render(request, "admin/reporting/identity_release.html", context)


@shows_domain_errors(PAGE)
def refuse_identity(request: PersonRequest, object_id: UUID) -> HttpResponse:
    """The reporter stays unknown."""
    asked = _asked(object_id)
    if not permissions.can_refuse_identity(request.user, asked):
        raise Http404
    form = WhyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        identities.refuse_identity(request=asked, by=request.user, **form.cleaned_data)
        messages.success(request, _("Refused. The supervisor reads why."))
        return redirect(PAGE, asked.pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Refuse to release the identity"),
        "subtitle": asked.report.reference,
        "form": form,
        "button": _("Refuse"),
        "back_url": reverse(PAGE, args=[asked.pk]),
    }
    return render(request, "portal/admin/form.html", context)


@require_POST
@shows_domain_errors(PAGE)
@unlocked_required
def open_identity(request: UnlockedRequest, object_id: UUID) -> HttpResponse:
    """Shown once, in the answer itself; it stands at no address and in no session."""
    asked = _asked(object_id)
    told = identities.open_identity(request=asked, keys=request.keys, by=request.user)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Who reported %(reference)s") % {"reference": asked.report},
        "asked": asked,
        "rows": [(label, told[key]) for key, label in LABELS.items() if told.get(key)],
    }
    response = render(request, "admin/reporting/identity.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _asked(object_id: UUID) -> IdentityRequest:
    rows = IdentityRequest.objects.select_related("report", "requested_by")
    return get_object_or_404(rows, pk=object_id)
