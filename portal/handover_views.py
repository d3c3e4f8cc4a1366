"""Pages of handing an organisation over: offer it, take it over, refuse it or take it back."""

from __future__ import annotations

import hashlib
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portal import actions, permissions, second_factor
from portal.errors import shows_domain_errors
from portal.models import Handover, Membership, Organisation
from portal.models.organisations import MembershipRole
from portal.requests import PersonRequest
from portal.step_up import SecondFactorForm, StepUp

TAG = "portal.handover"
PAGE = "portal/accounts/hand_over.html"


class HandoverForm(SecondFactorForm):
    stays_as = forms.ChoiceField(
        label=gettext_lazy("What will you be afterwards?"),
        choices=[
            (MembershipRole.SIGNATORY, gettext_lazy("Signatory: may also be named to sign")),
            (MembershipRole.MEMBER, gettext_lazy("Member: sees the organisation’s agreements")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ("stays_as", "code")


@shows_domain_errors("organisation")
def offer_handover(request: PersonRequest, pk: int) -> HttpResponse:
    """To this member."""
    firms = Organisation.objects.visible_to(request.user)
    people = Membership.objects.live().select_related("user", "organisation")
    receiver = get_object_or_404(people, pk=pk, organisation__in=firms)
    if not permissions.can_offer_handover(request.user, receiver):
        raise Http404
    if not second_factor.has_second_factor(request.user):
        return _set_up(request)
    step_up = _step_up(request, "offer", receiver.pk)
    form = HandoverForm(
        request.POST if request.method == "POST" else None, has_codes=step_up.has_codes
    )
    if request.method == "POST" and form.is_valid() and step_up.prove(form):
        stays_as = form.cleaned_data["stays_as"]
        actions.offer_handover(receiver=receiver, stays_as=stays_as, by=request.user)
        text = _("%(name)s is asked by e-mail. Until the answer nothing changes.")
        messages.success(request, text % {"name": receiver.user})
        return redirect("organisation")
    names = {"name": receiver.user, "organisation": receiver.organisation}
    context = {
        "title": _("Hand %(organisation)s over to %(name)s") % names,
        "text": _(
            "%(name)s becomes an owner in your place, once %(name)s has confirmed it here. "
            "An owner decides for the organisation and says who belongs to it."
        )
        % names,
        "form": form,
        "button": _("Ask %(name)s") % names,
        "back_url": reverse("organisation"),
        "passkey_options": step_up.passkey_options(),
    }
    return render(request, PAGE, context)


@shows_domain_errors("organisation")
def accept_handover(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Take the organisation over."""
    handover = _handover(request, uuid)
    if not permissions.can_accept_handover(request.user, handover):
        raise Http404
    if not second_factor.has_second_factor(request.user):
        return _set_up(request)
    names = {"name": handover.giver.user, "organisation": handover.organisation}
    step_up = _step_up(request, "accept", handover.pk)
    form = SecondFactorForm(
        request.POST if request.method == "POST" else None, has_codes=step_up.has_codes
    )
    if request.method == "POST" and form.is_valid() and step_up.prove(form):
        actions.accept_handover(handover=handover, by=request.user)
        messages.success(request, _("You are an owner of %(organisation)s now.") % names)
        return redirect("organisation")
    context = {
        "title": _("Take %(organisation)s over") % names,
        "text": _(
            "%(name)s asks you to become an owner in their place. You then accept texts, name who "
            "signs, and say who belongs to %(organisation)s here. %(name)s stays on as: %(role)s. "
            "The offer ends on %(last)s."
        )
        % {
            **names,
            "role": handover.get_stays_as_display(),
            "last": date_format(timezone.localtime(handover.ends_at), "j F Y"),
        },
        "form": form,
        "button": _("Take it over"),
        "back_url": reverse("organisation"),
        "passkey_options": step_up.passkey_options(),
    }
    return render(request, PAGE, context)


@require_POST
@shows_domain_errors("organisation")
def close_handover(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Refuse it, or take it back."""
    handover = _handover(request, uuid)
    if not permissions.can_close_handover(request.user, handover):
        raise Http404
    actions.close_handover(handover=handover, by=request.user)
    messages.success(request, _("Nothing changes: the owners stay as they are."))
    return redirect("organisation")


def _handover(request: PersonRequest, uuid: UUID) -> Handover:
    firms = Organisation.objects.visible_to(request.user)
    offers = Handover.objects.unanswered().select_related(
        "organisation", "giver__user", "receiver__user"
    )
    return get_object_or_404(offers, uuid=uuid, organisation__in=firms)


def _step_up(request: PersonRequest, verb: str, key: int) -> StepUp:
    """Bound to this verb on this thing: no other page's answer of a passkey fits here."""
    what = hashlib.sha256(f"{verb}:{key}".encode()).hexdigest()
    return StepUp(request, second_factor.binding(TAG, what))


def _set_up(request: PersonRequest) -> HttpResponse:
    """Whoever has no second step sets one up first, and comes back."""
    text = _("Handing an organisation over needs a second step. Set one up, then go on here.")
    messages.info(request, text)
    return redirect(f"{reverse(second_factor.SET_UP)}?{urlencode({'next': request.path})}")
