"""What officers do with training and guidance."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mou import training_permissions as permissions
from mou.actions import training as actions
from mou.attempts import attempt, seen_anew
from mou.desk_pages import form_page
from mou.models import Guidance, Training
from mou.training_forms import (
    AttendanceForm,
    CancelForm,
    EditionForm,
    GuidanceForm,
    TrainingForm,
)
from portal.errors import shows_domain_errors
from portal.models import StaffRole
from portal.permissions import staff_role_required
from portal.requests import PersonRequest

PAGE = "admin:mou_training_change"
TEXT = "admin:mou_guidance_change"
FORM = "mou/admin/alert_form.html"


@staff_role_required(StaffRole.CASEWORKER)
def plan(request: PersonRequest) -> HttpResponse:
    """A new session."""
    form = TrainingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.plan_training(told=form.cleaned_data, by=request.user)
        messages.success(request, _("The session is planned. No firm sees it yet."))
        return redirect(PAGE, made.pk)
    back = reverse("admin:mou_training_changelist")
    return _form(
        request,
        form,
        title=_("Plan a session"),
        text=_("No firm sees the session before you invite the firms to it."),
        back=back,
        name=_("Training sessions"),
    )


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def edit(request: PersonRequest, object_id: int) -> HttpResponse:
    """Change a session that was not offered yet."""
    training = _session(request, object_id, "edit")
    known = {name: getattr(training, name) for name in TrainingForm.base_fields}
    form = TrainingForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        actions.edit_training(training=training, told=form.cleaned_data, by=request.user)
        messages.success(request, _("The session is changed."))
        return redirect(PAGE, training.pk)
    title = _("Change the session")
    return _form(request, form, title=title, back=_of(training), name=training.title)


@require_POST
@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def offer(request: PersonRequest, object_id: int) -> HttpResponse:
    """Invite the firms."""
    training = get_object_or_404(Training, pk=object_id)
    actions.offer_training(training=training, by=request.user)
    messages.success(request, _("The firms are invited now."))
    return redirect(PAGE, training.pk)


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def cancel(request: PersonRequest, object_id: int) -> HttpResponse:
    """It is not held."""
    training = _session(request, object_id, "cancel")
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        actions.cancel_training(training=training, reason=reason, by=request.user)
        messages.success(request, _("The session is cancelled. Firms with people in it are told."))
        return redirect(PAGE, training.pk)
    title = _("Cancel the session")
    return form_page(
        request,
        form=form,
        title=title,
        button=title,
        back_url=_of(training),
        back_name=training.title,
    )


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def record(request: PersonRequest, object_id: int) -> HttpResponse:
    """Tick who came."""
    training = _session(request, object_id, "record")
    form = AttendanceForm(request.POST if request.method == "POST" else None, training=training)
    known = {"training": training, "by": request.user}
    if request.method == "POST" and attempt(form, actions.record_attendance, **known):
        messages.success(request, _("Attendance is recorded. Whoever came has a certificate."))
        return redirect(PAGE, training.pk)
    return form_page(
        request,
        template=FORM,
        form=form,
        title=_("Record attendance"),
        subtitle=f"{training.title}, {_day(training)}",
        text=_("Whoever is not ticked is recorded as not having come. You can correct it later."),
        button=_("Record"),
        back_url=_of(training),
        back_name=training.title,
    )


@staff_role_required(StaffRole.CASEWORKER)
def write_guidance(request: PersonRequest) -> HttpResponse:
    """A new text."""
    form = GuidanceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = actions.write_guidance(**form.cleaned_data, by=request.user)
        messages.success(request, _("Firms can read it now."))
        return redirect(TEXT, made.pk)
    back = reverse("admin:mou_guidance_changelist")
    return _form(
        request,
        form,
        title=_("Write guidance"),
        text=_("The firms that it concerns can read it as soon as you publish it."),
        button=_("Publish"),
        back=back,
        name=_("Guidance"),
    )


@staff_role_required(StaffRole.CASEWORKER)
def edit_guidance(request: PersonRequest, object_id: int) -> HttpResponse:
    """The next edition."""
    # A post is answered in words where the text was withdrawn meanwhile: nothing typed is lost.
    found = Guidance.objects.all() if request.method == "POST" else Guidance.objects.current()
    guidance = get_object_or_404(found.select_related("updated_by"), pk=object_id)
    known = {name: getattr(guidance, name) for name in EditionForm.base_fields}
    form = EditionForm(request.POST or None, initial=known)
    told = {"guidance": guidance, "by": request.user}
    if request.method == "POST" and attempt(form, actions.write_edition, **told):
        messages.success(request, _("Firms read the new edition now."))
        return redirect(TEXT, guidance.pk)
    seen_anew(form, edition=guidance.edition)
    return _form(
        request,
        form,
        title=_("Write a new edition"),
        text=_("Firms read the new edition as soon as you publish it, instead of this one."),
        button=_("Publish the new edition"),
        back=reverse(TEXT, args=[object_id]),
        name=guidance.title,
    )


@require_POST
@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(TEXT)
def withdraw_guidance(request: PersonRequest, object_id: int) -> HttpResponse:
    """Firms read it no longer."""
    guidance = get_object_or_404(Guidance, pk=object_id)
    actions.withdraw_guidance(guidance=guidance, by=request.user)
    messages.success(request, _("The guidance is withdrawn."))
    return redirect(TEXT, guidance.pk)


def _session(request: PersonRequest, object_id: int, verb: str) -> Training:
    """Asked for to be shown, it is there only for who may; a post is refused in words."""
    training = get_object_or_404(Training, pk=object_id)
    if request.method != "POST" and not permissions.can_lead(request.user, training, verb):
        raise Http404
    return training


def _form(
    request: PersonRequest, form: Any, *, back: str, name: str, button: str = "", **words: str
) -> HttpResponse:
    """What is asked, under the page that one came from."""
    return form_page(
        request,
        template=FORM,
        form=form,
        button=button or _("Save"),
        back_url=back,
        back_name=name,
        **words,
    )


def _day(training: Training) -> str:
    return date_format(timezone.localtime(training.starts_at), "j F Y")


def _of(training: Training) -> str:
    return reverse(PAGE, args=[training.pk])
