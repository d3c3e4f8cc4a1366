"""Pages and buttons at the desk that change people, organisations and their access."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portal import actions, outbox, permissions
from portal.account_forms import ApproveRecoveryForm, InviteForm
from portal.errors import shows_domain_errors
from portal.models import (
    Invitation,
    Membership,
    Organisation,
    OutboxMessage,
    RecoveryRequest,
    RoleGrant,
    StaffRole,
    User,
)
from portal.permissions import staff_role_required


class StaffForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Full name"), max_length=150)
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)


class GrantForm(forms.Form):
    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect)

    def __init__(self, data: object, *, held: list[str]) -> None:
        super().__init__(data)  # type: ignore[arg-type]
        choices = [(value, label) for value, label in StaffRole.choices if value not in held]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]


# --- People ---------------------------------------------------------------------------------


@staff_role_required(StaffRole.SYSTEM_ADMINISTRATOR)
@shows_domain_errors("admin:portal_user_changelist")
def add_staff(request: HttpRequest) -> HttpResponse:
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = actions.add_staff(by=_by(request), **form.cleaned_data)
        messages.success(request, _("A letter goes to %(email)s.") % {"email": person.email})
        return redirect("admin:portal_user_change", person.pk)
    return _page(
        request,
        title=_("Add a member of staff"),
        text=_("They get a letter, choose a password and set up a second factor themselves."),
        form=form,
        button=_("Add"),
        back_url=reverse("admin:portal_user_changelist"),
    )


@staff_role_required(StaffRole.SYSTEM_ADMINISTRATOR)
@shows_domain_errors("admin:portal_user_change")
def grant_role(request: HttpRequest, object_id: int) -> HttpResponse:
    person = get_object_or_404(User, pk=object_id)
    if not permissions.can_grant_role(_by(request), person):
        raise Http404
    form = GrantForm(request.POST or None, held=list(person.roles))
    if request.method == "POST" and form.is_valid():
        actions.grant_role(user=person, by=_by(request), **form.cleaned_data)
        messages.success(request, _("The role was granted, and the person is told."))
        return redirect("admin:portal_user_change", person.pk)
    return _page(
        request,
        title=_("Grant a role to %(name)s") % {"name": person},
        form=form,
        button=_("Grant"),
        back_url=reverse("admin:portal_user_change", args=[person.pk]),
    )


@require_POST
@staff_role_required(StaffRole.SYSTEM_ADMINISTRATOR)
@shows_domain_errors("admin:portal_rolegrant_change")
def revoke_role(request: HttpRequest, object_id: int) -> HttpResponse:
    grant = actions.revoke_role(grant=get_object_or_404(RoleGrant, pk=object_id), by=_by(request))
    messages.success(request, _("The role was revoked, and the person is told."))
    return redirect("admin:portal_user_change", grant.user_id)


@require_POST
@staff_role_required(StaffRole.SYSTEM_ADMINISTRATOR)
@shows_domain_errors("admin:portal_user_change")
def close_account(request: HttpRequest, object_id: int) -> HttpResponse:
    actions.close_account(user=get_object_or_404(User, pk=object_id), by=_by(request))
    messages.success(request, _("The account is closed."))
    return redirect("admin:portal_user_change", object_id)


@require_POST
@staff_role_required(StaffRole.SYSTEM_ADMINISTRATOR)
@shows_domain_errors("admin:portal_user_change")
def reopen_account(request: HttpRequest, object_id: int) -> HttpResponse:
    actions.reopen_account(user=get_object_or_404(User, pk=object_id), by=_by(request))
    messages.success(request, _("The account is open again."))
    return redirect("admin:portal_user_change", object_id)


# --- Organisations --------------------------------------------------------------------------


@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors("admin:portal_organisation_change")
def invite(request: HttpRequest, object_id: int) -> HttpResponse:
    firm = get_object_or_404(Organisation, pk=object_id)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.invite(organisation=firm, by=_by(request), **form.cleaned_data)
        messages.success(request, _("The invitation is on its way."))
        return redirect("admin:portal_organisation_change", firm.pk)
    return _page(
        request,
        title=_("Invite somebody to %(name)s") % {"name": firm},
        form=form,
        button=_("Send the invitation"),
        back_url=reverse("admin:portal_organisation_change", args=[firm.pk]),
    )


@require_POST
@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors("admin:portal_invitation_change")
def revoke_invitation(request: HttpRequest, object_id: int) -> HttpResponse:
    found = get_object_or_404(Invitation, pk=object_id)
    actions.revoke_invitation(invitation=found, by=_by(request))
    messages.success(request, _("The invitation was taken back."))
    return redirect("admin:portal_invitation_change", object_id)


@require_POST
@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors("admin:portal_membership_change")
def end_membership(request: HttpRequest, object_id: int) -> HttpResponse:
    found = get_object_or_404(Membership, pk=object_id)
    actions.end_membership(membership=found, by=_by(request))
    messages.success(request, _("The membership has ended."))
    return redirect("admin:portal_membership_change", object_id)


# --- Lost second factors --------------------------------------------------------------------

_APPROVERS = (StaffRole.CASEWORKER, StaffRole.SUPERVISOR, StaffRole.SYSTEM_ADMINISTRATOR)


@staff_role_required(*_APPROVERS)
@shows_domain_errors("admin:portal_recoveryrequest_change")
def approve_recovery(request: HttpRequest, object_id: int) -> HttpResponse:
    asked = get_object_or_404(RecoveryRequest, pk=object_id)
    if not permissions.can_approve_recovery(_by(request), asked):
        raise Http404
    form = ApproveRecoveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.approve_recovery(request=asked, by=_by(request), **form.cleaned_data)
        messages.success(request, _("Your approval is kept."))
        return redirect("admin:portal_recoveryrequest_change", object_id)
    return _page(
        request,
        title=_("Has %(name)s really lost the second factor?") % {"name": asked.user},
        text=_(
            "Make sure that it is the person who asks, and not somebody who knows their "
            "password. Do not rely on an e-mail or on a number given in this request."
        ),
        form=form,
        button=_("Approve"),
        back_url=reverse("admin:portal_recoveryrequest_change", args=[object_id]),
    )


@require_POST
@staff_role_required(*_APPROVERS)
@shows_domain_errors("admin:portal_recoveryrequest_change")
def refuse_recovery(request: HttpRequest, object_id: int) -> HttpResponse:
    asked = get_object_or_404(RecoveryRequest, pk=object_id)
    actions.refuse_recovery(request=asked, by=_by(request))
    messages.success(request, _("The request was refused. Nothing has changed."))
    return redirect("admin:portal_recoveryrequest_change", object_id)


# --- Promised work --------------------------------------------------------------------------


@require_POST
@staff_role_required(StaffRole.SYSTEM_ADMINISTRATOR)
@shows_domain_errors("admin:portal_outboxmessage_change")
def retry(request: HttpRequest, object_id: int) -> HttpResponse:
    message = get_object_or_404(OutboxMessage, pk=object_id)
    outbox.retry(message=message)
    messages.success(request, _("It is tried again now."))
    return redirect("admin:portal_outboxmessage_change", object_id)


def _by(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _page(request: HttpRequest, **context: object) -> HttpResponse:
    return render(
        request, "portal/admin/form.html", {**admin.site.each_context(request), **context}
    )
