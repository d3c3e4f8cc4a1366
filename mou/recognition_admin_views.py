"""Mutual recognition at the desk: recorded with its days, and ended."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from mou.actions import recognitions
from mou.attempts import attempt
from mou.desk_pages import form_page
from mou.models import MutualRecognition, TrustScheme
from mou.recognition_forms import EndRecognitionForm, RecognitionForm
from portal.errors import shows_domain_errors
from portal.models import StaffRole
from portal.permissions import staff_role_required
from portal.requests import PersonRequest

LIST = "admin:mou_mutualrecognition_changelist"
PAGE = "admin:mou_mutualrecognition_change"
PREFILLED = ("scheme", "country", "partner_scheme", "legal_basis")


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(LIST)
def record(request: PersonRequest) -> HttpResponse:
    """A country anew, or with what is known of it already."""
    return _record(request, {"scheme": TrustScheme.objects.first()}, reverse(LIST))


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def record_anew(request: PersonRequest, object_id: int) -> HttpResponse:
    """The same country with its days, or with what changes later."""
    known = get_object_or_404(MutualRecognition.objects.select_related("scheme"), pk=object_id)
    initial = {name: getattr(known, name) for name in PREFILLED}
    return _record(request, initial, reverse(PAGE, args=[known.pk]))


def _record(request: PersonRequest, initial: dict[str, Any], back_url: str) -> HttpResponse:
    form = RecognitionForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and attempt(form, recognitions.record_recognition, by=request.user):
        messages.success(request, _("The recognition is recorded with its days."))
        return redirect(LIST)
    return form_page(
        request,
        form=form,
        title=_("Record mutual recognition"),
        text=_(
            "What was recorded before stays as it is: end it first where the days would overlap."
        ),
        button=_("Record"),
        back_url=back_url,
        back_name=_("Mutual recognition"),
    )


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def end(request: PersonRequest, object_id: int) -> HttpResponse:
    """Its last day."""
    found = MutualRecognition.objects.select_related("scheme")
    recognition = get_object_or_404(found, pk=object_id)
    if recognition.valid_from is None or recognition.valid_to is not None:
        raise Http404
    form = EndRecognitionForm(request.POST if request.method == "POST" else None)
    known = {"recognition": recognition, "by": request.user}
    if request.method == "POST" and attempt(form, recognitions.end_recognition, **known):
        messages.success(request, _("The last day is recorded."))
        return redirect(PAGE, recognition.pk)
    return form_page(
        request,
        form=form,
        title=_("End mutual recognition"),
        text=str(recognition),
        button=_("Record the last day"),
        back_url=reverse(PAGE, args=[recognition.pk]),
        back_name=_("Mutual recognition"),
    )
