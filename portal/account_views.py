"""Pages of one's own account: details, the people of one's organisation, invitations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.account.views import reauthenticate as by_password
from allauth.mfa.base.views import IndexView
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.internal import auth as webauthn
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from portal import actions, invitations, permissions, second_factor
from portal.account_forms import ChangeRoleForm, DetailsForm, InviteForm
from portal.errors import shows_domain_errors
from portal.models import Handover, Invitation, Membership, Organisation, RecoveryRequest, User


def account(request: HttpRequest) -> HttpResponse:
    """The overview: who I am here, and how I sign in."""
    user = _user(request)
    form = DetailsForm(request.POST or None, initial={"name": user.name, "language": user.language})
    if request.method == "POST" and form.is_valid():
        actions.change_details(user=user, **form.cleaned_data)
        messages.success(request, _("Your details are kept."))
        return redirect("account")
    return render(
        request,
        "portal/accounts/account.html",
        {
            "form": form,
            "memberships": user.memberships.live().select_related("organisation"),
            "has_codes": second_factor.has_codes(user),
            "has_passkey": second_factor.has_passkey(user),
            "recovery": RecoveryRequest.objects.open().filter(user=user).first(),
        },
    )


class SecondFactor(IndexView):
    """What is set up; whoever was sent here from elsewhere is led back when it is."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        after = request.GET.get("next", "")
        if url_has_allowed_host_and_scheme(after, allowed_hosts={request.get_host()}):
            request.session["after_set_up"] = after
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        if second_factor.has_second_factor(_user(self.request)):
            context["continue_url"] = self.request.session.pop("after_set_up", "")
        return context


class ActivateCodes(ActivateTOTPView):
    def form_valid(self, form: BaseForm) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            second_factor.remember_counter(_user(self.request), form.counter)  # type: ignore[attr-defined]
            second_factor.end_other_sessions(self.request, _user(self.request))
        return response


class AddPasskey(AddWebAuthnView):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        # Kept on the device and unlocked by the person, so that it can log in by itself.
        options = webauthn.begin_registration(self.request.user, True)
        return {**context, "js_data": {"creation_options": options}}

    def form_valid(self, form: BaseForm) -> HttpResponse:
        with transaction.atomic():
            response: HttpResponse = super().form_valid(form)
            second_factor.end_other_sessions(self.request, _user(self.request))
        return response


@never_cache
def reauthenticate(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """Who has a second factor proves themselves by it: an open session and the password, which
    may both be stolen at once, do not change it."""
    user = _user(request)
    if second_factor.has_codes(user):
        address = reverse("mfa_reauthenticate")
    elif second_factor.has_passkey(user):
        address = reverse("mfa_reauthenticate_webauthn")
    else:
        response: HttpResponse = by_password(request, **kwargs)
        return response
    query = request.GET.urlencode()
    return redirect(f"{address}?{query}" if query else address)


@never_cache
@require_http_methods(("GET", "POST"))
def time_left(request: HttpRequest) -> JsonResponse:
    """How long one stays signed in; a post, from the warning before the end, makes it longer."""
    if request.method == "POST":
        request.session.modified = True
    return JsonResponse({"seconds": request.session.seconds_left()})  # type: ignore[attr-defined]


# --- Invitations ----------------------------------------------------------------------------


@never_cache
@login_not_required
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Who invites to what, and the one thing to do next for whoever holds the link."""
    found = invitations.by_token(token)
    if found is None:
        return render(request, "portal/accounts/invitation_gone.html", status=404)
    if not found.is_open:
        return render(
            request, "portal/accounts/invitation_gone.html", {"invitation": found}, status=410
        )
    user = request.user
    wrong_person = user.is_authenticated and user.email.lower() != found.email
    if not user.is_authenticated:
        invitations.remember(request, found)
    return render(
        request,
        "portal/accounts/invitation.html",
        {
            "invitation": found,
            "token": token,
            "wrong_person": wrong_person,
            "has_account": User.objects.filter(email=found.email).exists(),
        },
    )


@require_POST
@shows_domain_errors("invitation")
def accept_invitation(request: HttpRequest, token: str) -> HttpResponse:
    found = invitations.by_token(token)
    if found is None:
        raise Http404
    membership = actions.accept_invitation(invitation=found, by=_user(request))
    invitations.forget(request)
    messages.success(
        request, _("You now act for %(name)s.") % {"name": membership.organisation.legal_name}
    )
    return redirect("organisation")


# --- The people of an organisation ----------------------------------------------------------


def organisation(request: HttpRequest) -> HttpResponse:
    """The organisations I belong to and, for owners, the people in them."""
    user = _user(request)
    sections = [
        _section(user, membership)
        for membership in user.memberships.live().select_related("organisation")
    ]
    return render(request, "portal/accounts/organisation.html", {"sections": sections})


def _section(user: User, membership: Membership) -> dict[str, object]:
    firm = membership.organisation
    owner = permissions.owns(user, firm)
    people = firm.memberships.live().select_related("user").order_by("joined_at")
    waiting = firm.invitations.filter(accepted_at=None, revoked_at=None).order_by("created_at")
    open_requests = RecoveryRequest.objects.open().filter(
        user__memberships__in=people, first_approved_at=None
    )
    offers = Handover.objects.open().filter(organisation=firm)
    offers = offers.select_related("giver__user", "receiver__user")
    return {
        "handovers": [one for one in offers if permissions.can_close_handover(user, one)],
        "firm": firm,
        "mine": membership,
        "owner": owner,
        "people": people,
        "waiting": waiting if owner else [],
        "recoveries": [r for r in open_requests if permissions.can_approve_recovery(user, r)],
    }


@shows_domain_errors("organisation")
def invite(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user = _user(request)
    firm = get_object_or_404(Organisation.objects.visible_to(user), uuid=uuid)
    if not permissions.can_invite(user, firm):
        raise Http404
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sent = actions.invite(organisation=firm, by=user, **form.cleaned_data)
        messages.success(request, _("The invitation goes to %(email)s.") % {"email": sent.email})
        return redirect("organisation")
    return render(
        request,
        "portal/confirm.html",
        {
            "title": _("Invite somebody to %(name)s") % {"name": firm.legal_name},
            "text": _("They get a link by e-mail. It works for their address only, and once."),
            "form": form,
            "button": _("Send the invitation"),
            "back_url": reverse("organisation"),
        },
    )


@require_POST
@shows_domain_errors("organisation")
def revoke_invitation(request: HttpRequest, uuid: UUID) -> HttpResponse:
    user = _user(request)
    firms = Organisation.objects.visible_to(user)
    found = get_object_or_404(Invitation, uuid=uuid, organisation__in=firms)
    actions.revoke_invitation(invitation=found, by=user)
    messages.success(request, _("The invitation was taken back."))
    return redirect("organisation")


@shows_domain_errors("organisation")
def change_role(request: HttpRequest, pk: int) -> HttpResponse:
    user = _user(request)
    membership = _membership(user, pk)
    if not permissions.can_change_role(user, membership):
        raise Http404
    form = ChangeRoleForm(request.POST or None, initial={"role": membership.role})
    if request.method == "POST" and form.is_valid():
        actions.change_role(membership=membership, by=user, **form.cleaned_data)
        messages.success(request, _("The change is kept."))
        return redirect("organisation")
    return render(
        request,
        "portal/confirm.html",
        {
            "title": _("What may %(name)s do?") % {"name": membership.user},
            "form": form,
            "button": _("Keep the change"),
            "back_url": reverse("organisation"),
        },
    )


@shows_domain_errors("organisation")
def end_membership(request: HttpRequest, pk: int) -> HttpResponse:
    user = _user(request)
    membership = _membership(user, pk)
    if not permissions.can_end_membership(user, membership):
        raise Http404
    if request.method == "POST":
        actions.end_membership(membership=membership, by=user)
        messages.success(request, _("The membership has ended."))
        return redirect("organisation")
    names = {"name": membership.user, "organisation": membership.organisation}
    title, button = _("End the membership of %(name)s?"), _("End the membership")
    text = _("%(name)s will no longer see anything of %(organisation)s here.")
    if membership.user == user:
        title, button = _("Leave %(organisation)s?"), _("Leave")
        text = _("You will no longer see anything of %(organisation)s here.")
    return render(
        request,
        "portal/confirm.html",
        {
            "title": title % names,
            "text": text % names,
            "button": button,
            "warning": True,
            "back_url": reverse("organisation"),
        },
    )


def _membership(user: User, pk: int) -> Membership:
    firms = Organisation.objects.visible_to(user)
    return get_object_or_404(
        Membership.objects.select_related("user", "organisation"), pk=pk, organisation__in=firms
    )


def _user(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return user
