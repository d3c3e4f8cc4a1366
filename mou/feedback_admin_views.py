"""Feedback at the desk: given on an alert or a session, and taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mou import feedback_permissions as permissions
from mou.actions import feedback as actions
from mou.attempts import attempt
from mou.desk_pages import form_page
from mou.feedback_forms import FeedbackForm
from mou.models import AlertDelivery, Attendee, Feedback
from portal.errors import shows_domain_errors
from portal.models import StaffRole
from portal.permissions import staff_role_required
from portal.requests import PersonRequest

SPEAKERS = (StaffRole.CASEWORKER, StaffRole.SUPERVISOR)


@staff_role_required(*SPEAKERS)
@shows_domain_errors("admin:mou_alertdelivery_change")
def answer_alert(request: PersonRequest, object_id: int) -> HttpResponse:
    """On the firm's answer to an alert."""
    found = AlertDelivery.objects.select_related(
        "alert", "mou__organisation", "cover__organisation"
    )
    delivery = get_object_or_404(found, pk=object_id)
    if not permissions.can_answer(request.user, delivery):
        raise Http404
    back = reverse("admin:mou_alertdelivery_change", args=[delivery.pk])
    told = f"{delivery.firm}, {delivery.get_usefulness_display() or delivery.alert}"
    return _ask(request, "alert", actions.answer_alert, told, back, delivery=delivery)


@staff_role_required(*SPEAKERS)
@shows_domain_errors("admin:mou_attendee_change")
def value_training(request: PersonRequest, object_id: int) -> HttpResponse:
    """On a session, to the firm of somebody who came."""
    found = Attendee.objects.select_related("training", "mou__organisation", "cover__organisation")
    attendee = get_object_or_404(found, pk=object_id)
    if not permissions.can_value_training(request.user, attendee):
        raise Http404
    back = reverse("admin:mou_attendee_change", args=[attendee.pk])
    told = f"{attendee.firm}, {attendee.training.title}"
    return _ask(request, "training", actions.value_training, told, back, attendee=attendee)


@require_POST
@staff_role_required(*SPEAKERS)
@shows_domain_errors("admin:mou_feedback_change")
def take_back(request: PersonRequest, object_id: int) -> HttpResponse:
    feedback = get_object_or_404(Feedback.objects.select_related("mou"), pk=object_id)
    actions.take_back(feedback=feedback, by=request.user)
    messages.success(request, _("The firm no longer reads it."))
    return redirect("admin:mou_feedback_change", feedback.pk)


def _ask(
    request: PersonRequest,
    about: str,
    act: Callable[..., Any],
    told: str,
    back_url: str,
    **thing: Any,
) -> HttpResponse:
    form = FeedbackForm(request.POST if request.method == "POST" else None, about=about)
    if request.method == "POST" and attempt(form, act, by=request.user, **thing):
        messages.success(request, _("The firm can read it. Who may bind it is told by e-mail."))
        return redirect(back_url)
    title = _("Give the firm feedback")
    return form_page(request, form=form, title=title, text=told, button=title, back_url=back_url)
