"""Pages of the way back: asked between password and second factor, approved by others."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.internal.decorators import login_stage_required
from allauth.mfa.stages import AuthenticateStage
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal import actions, permissions
from portal.account_forms import ApproveRecoveryForm, RecoveryCodeForm, RequestRecoveryForm
from portal.errors import DomainError, shows_domain_errors
from portal.models import RecoveryRequest, User

# Only somebody whose password was right just now gets to these pages.
after_password = login_stage_required(stage=AuthenticateStage.key, redirect_urlname="account_login")


@after_password
@shows_domain_errors("recovery")
def recovery(request: HttpRequest) -> HttpResponse:
    """Ask for a new second factor, or see how far the request is."""
    person = _person(request)
    asked = RecoveryRequest.objects.open().filter(user=person).first()
    if request.method == "POST":
        form = RequestRecoveryForm(request.POST)
        if form.is_valid():
            actions.request_recovery(user=person, **form.cleaned_data)
            return redirect("recovery")
    else:
        form = RequestRecoveryForm()
    usable = asked is not None and asked.is_usable
    return render(
        request,
        "portal/accounts/recovery.html",
        {
            "asked": asked,
            "usable": usable,
            "form": RecoveryCodeForm() if usable else form if asked is None else None,
        },
    )


@require_POST
@after_password
@shows_domain_errors("recovery")
def use_recovery(request: HttpRequest) -> HttpResponse:
    person = _person(request)
    form = RecoveryCodeForm(request.POST)
    asked = RecoveryRequest.objects.open().filter(user=person).first()
    if asked is None or not form.is_valid():
        raise DomainError(_("Enter the code from the e-mail."))
    actions.use_recovery(request=asked, code=form.cleaned_data["code"])
    messages.success(request, _("The lost second factor is gone. Set up a new one now."))
    response: HttpResponse = _stage(request).exit()
    if request.user.is_authenticated:
        return redirect("mfa_index")
    return response


@shows_domain_errors("organisation")
def approve_recovery(request: HttpRequest, uuid: UUID) -> HttpResponse:
    by, asked = _asked(request, uuid)
    if not permissions.can_approve_recovery(by, asked):
        raise Http404
    form = ApproveRecoveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.approve_recovery(request=asked, by=by, **form.cleaned_data)
        messages.success(request, _("You have approved. Somebody else must approve as well."))
        return redirect("organisation")
    return render(
        request,
        "portal/confirm.html",
        {
            "title": _("Has %(name)s really lost the second factor?") % {"name": asked.user},
            "text": _(
                "Make sure that it is the person who asks, and not somebody who knows their "
                "password. Do not rely on an e-mail or on a number given in this request."
            ),
            "form": form,
            "button": _("Approve"),
            "back_url": reverse("organisation"),
        },
    )


@require_POST
@shows_domain_errors("account")
def refuse_recovery(request: HttpRequest, uuid: UUID) -> HttpResponse:
    by, asked = _asked(request, uuid)
    actions.refuse_recovery(request=asked, by=by)
    messages.success(request, _("The request was refused. Nothing has changed."))
    return redirect("account")


def _asked(request: HttpRequest, uuid: UUID) -> tuple[User, RecoveryRequest]:
    asked = get_object_or_404(RecoveryRequest.objects.select_related("user"), uuid=uuid)
    if not isinstance(request.user, User):
        raise Http404
    return request.user, asked


def _stage(request: HttpRequest) -> Any:
    return request._login_stage  # type: ignore[attr-defined]


def _person(request: HttpRequest) -> User:
    person: User = _stage(request).login.user
    return person
