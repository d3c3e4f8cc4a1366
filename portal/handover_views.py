"""Pages of handing an organisation over: offer it, take it over, refuse it or take it back."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from portal import actions, permissions
from portal.errors import shows_domain_errors
from portal.models import Handover, Membership, Organisation
from portal.models.organisations import MembershipRole
from portal.requests import PersonRequest


class HandoverForm(forms.Form):
    stays_as = forms.ChoiceField(
        label=gettext_lazy("What will you be afterwards?"),
        choices=[
            (MembershipRole.SIGNATORY, gettext_lazy("Signatory: may also be named to sign")),
            (MembershipRole.MEMBER, gettext_lazy("Member: sees the organisation’s agreements")),
        ],
        widget=forms.RadioSelect,
    )


@shows_domain_errors("organisation")
def offer_handover(request: PersonRequest, pk: int) -> HttpResponse:
    """To this member."""
    firms = Organisation.objects.visible_to(request.user)
    people = Membership.objects.live().select_related("user", "organisation")
    receiver = get_object_or_404(people, pk=pk, organisation__in=firms)
    if not permissions.can_offer_handover(request.user, receiver):
        raise Http404
    form = HandoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
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
    }
    return render(request, "portal/confirm.html", context)


@shows_domain_errors("organisation")
def accept_handover(request: PersonRequest, uuid: UUID) -> HttpResponse:
    """Take the organisation over."""
    handover = _handover(request, uuid)
    if not permissions.can_accept_handover(request.user, handover):
        raise Http404
    names = {"name": handover.giver.user, "organisation": handover.organisation}
    if request.method == "POST":
        actions.accept_handover(handover=handover, by=request.user)
        messages.success(request, _("You are an owner of %(organisation)s now.") % names)
        return redirect("organisation")
    context = {
        "title": _("Take %(organisation)s over") % names,
        "text": _(
            "%(name)s asks you to become an owner in their place. You then accept texts, name who "
            "signs, and say who belongs to %(organisation)s here."
        )
        % names,
        "button": _("Take it over"),
        "back_url": reverse("organisation"),
    }
    return render(request, "portal/confirm.html", context)


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
    offers = Handover.objects.open().select_related("organisation", "giver__user", "receiver__user")
    return get_object_or_404(offers, uuid=uuid, organisation__in=firms)
