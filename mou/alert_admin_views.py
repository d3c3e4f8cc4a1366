"""What officers do with alerts: write, propose, approve, send back, withdraw."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from mou import alert_permissions as permissions
from mou.actions import alerts
from mou.alert_forms import AlertForm, ApproveForm, ReturnAlertForm, WithdrawAlertForm
from mou.alert_reach import reach_of
from mou.alert_words import words_of
from mou.desk_pages import form_page
from mou.models import Alert
from portal.errors import DomainError, shows_domain_errors
from portal.models import StaffRole
from portal.permissions import staff_role_required
from portal.requests import PersonRequest

PAGE = "admin:mou_alert_change"
FORM = "mou/admin/alert_form.html"


@staff_role_required(StaffRole.CASEWORKER)
def write(request: PersonRequest) -> HttpResponse:
    """A new alert; whatever goes wrong, nothing typed is lost."""
    form = AlertForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        alert = alerts.write_alert(told=_told(form), by=request.user)
        messages.success(request, _("The alert is kept as a draft. No firm sees it yet."))
        return redirect(PAGE, alert.pk)
    return _form(request, form, title=_("Write an alert"), back=_list())


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def edit(request: PersonRequest, object_id: int) -> HttpResponse:
    """Change a draft."""
    alert = get_object_or_404(Alert, pk=object_id)
    if request.method != "POST":
        if not permissions.can_edit(request.user, alert):
            raise Http404
        known = {name: getattr(alert, name) for name in AlertForm.base_fields}
        return _form(
            request, AlertForm(initial=known), title=_("Change the alert"), back=_of(alert)
        )
    form = AlertForm(request.POST)
    if form.is_valid():
        told, read = _told(form), form.cleaned_data["revision"] or 0
        try:
            alerts.edit_alert(alert=alert, revision=read, told=told, by=request.user)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The alert is changed."))
            return redirect(PAGE, alert.pk)
    return _form(request, form, title=_("Change the alert"), back=_of(alert))


@require_POST
@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def propose(request: PersonRequest, object_id: int) -> HttpResponse:
    """Ask the supervisors."""
    alert = get_object_or_404(Alert, pk=object_id)
    alerts.propose_alert(alert=alert, by=request.user)
    firms = reach_of(alert).firms
    text = ngettext(
        "The supervisors are asked to approve the alert. It would reach %(count)d firm now.",
        "The supervisors are asked to approve the alert. It would reach %(count)d firms now.",
        firms,
    )
    messages.success(request, text % {"count": firms})
    return redirect(PAGE, alert.pk)


@staff_role_required(StaffRole.SUPERVISOR)
@shows_domain_errors(PAGE)
def approve(request: PersonRequest, object_id: int) -> HttpResponse:
    """Read the whole of it once more, then publish."""
    alert = get_object_or_404(Alert, pk=object_id)
    form = ApproveForm(request.POST or None, initial={"revision": alert.revision})
    if request.method == "POST" and form.is_valid():
        alerts.approve_alert(alert=alert, revision=form.cleaned_data["revision"], by=request.user)
        messages.success(request, _("The alert is published and goes to the firms now."))
        return redirect(PAGE, alert.pk)
    if request.method != "POST" and not permissions.can_approve(request.user, alert):
        raise Http404
    return form_page(
        request,
        template="mou/admin/alert_approve.html",
        form=form,
        alert=alert,
        words=words_of(alert),
        reach=reach_of(alert),
        title=_("Approve the alert"),
        button=_("Approve and publish"),
        back_url=_of(alert),
    )


@staff_role_required(StaffRole.SUPERVISOR)
@shows_domain_errors(PAGE)
def send_back(request: PersonRequest, object_id: int) -> HttpResponse:
    """To whoever wrote it."""
    alert = get_object_or_404(Alert, pk=object_id)
    form = ReturnAlertForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        alerts.return_alert(alert=alert, by=request.user, **form.cleaned_data)
        messages.success(request, _("The alert is sent back."))
        return redirect(PAGE, alert.pk)
    if request.method != "POST" and not permissions.can_return(request.user, alert):
        raise Http404
    title = _("Send the alert back")
    return form_page(request, form=form, title=title, button=_("Send back"), back_url=_of(alert))


@staff_role_required(StaffRole.CASEWORKER, StaffRole.SUPERVISOR)
@shows_domain_errors(PAGE)
def withdraw(request: PersonRequest, object_id: int) -> HttpResponse:
    """It no longer stands."""
    alert = get_object_or_404(Alert, pk=object_id)
    form = WithdrawAlertForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        alerts.withdraw_alert(alert=alert, by=request.user, **form.cleaned_data)
        messages.success(request, _("The alert is withdrawn."))
        return redirect(PAGE, alert.pk)
    if request.method != "POST" and not permissions.can_withdraw(request.user, alert):
        raise Http404
    return form_page(
        request,
        form=form,
        title=_("Withdraw the alert"),
        text=_("No firm sees it from then on. Firms that had it are told by e-mail."),
        button=_("Withdraw"),
        back_url=_of(alert),
    )


def _told(form: AlertForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name != "revision"}


def _form(request: PersonRequest, form: forms.Form, *, title: str, back: str) -> HttpResponse:
    text = _("A supervisor reads it before any firm does.")
    return form_page(
        request, template=FORM, form=form, title=title, text=text, button=_("Keep"), back_url=back
    )


def _of(alert: Alert) -> str:
    return reverse(PAGE, args=[alert.pk])


def _list() -> str:
    return reverse("admin:mou_alert_changelist")
