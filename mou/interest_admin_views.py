"""What officers do with expressions of interest, and firms that they invite themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from mou import permissions
from mou.actions import ways_in
from mou.attempts import attempt
from mou.desk_pages import form_page
from mou.interest_forms import AcceptForm, OutreachForm, RefusalForm
from mou.models import Interest
from portal.errors import DomainError, shows_domain_errors
from portal.models import StaffRole
from portal.permissions import staff_role_required
from portal.requests import PersonRequest

PAGE = "admin:mou_interest_change"
OFFER = "admin:mou_mouoffer_change"
DESK = (StaffRole.CASEWORKER, StaffRole.SUPERVISOR)


@staff_role_required(*DESK)
@shows_domain_errors(PAGE)
def accept(request: PersonRequest, object_id: int) -> HttpResponse:
    """The firm gets its offer."""
    asked = get_object_or_404(Interest, pk=object_id)
    form = AcceptForm(request.POST or None)
    known = {"interest": asked, "by": request.user}
    if request.method == "POST" and attempt(form, ways_in.accept_interest, **known):
        asked.refresh_from_db()
        messages.success(request, _("The offer goes out now."))
        return redirect(OFFER, asked.offer_id)
    if request.method != "POST" and not permissions.can_accept_interest(request.user, asked):
        raise Http404
    text = _("Make sure by another way that %(person)s may speak for the firm.") % {
        "person": asked.person
    }
    text = f"{text} {_whose(asked)}"
    return _ask(request, asked, form, title=_("Offer an agreement"), text=text, button=_("Offer"))


def _whose(asked: Interest) -> str:
    """Which firm gets the offer: anybody can type another firm's number."""
    firm = ways_in.known_firm(str(asked.country), asked.national_id, asked.eori)
    if firm is None:
        return _("The firm is not known here and will be added.")
    return _("By its numbers it is %(firm)s, which is known here: the offer goes to that firm.") % {
        "firm": firm
    }


@staff_role_required(*DESK)
@shows_domain_errors(PAGE)
def refuse(request: PersonRequest, object_id: int) -> HttpResponse:
    """No agreement, and why."""
    asked = get_object_or_404(Interest, pk=object_id)
    again = permissions.can_uphold_refusal(request.user, asked)
    form = RefusalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        act = ways_in.uphold_refusal if again else ways_in.refuse_interest
        act(interest=asked, reason=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The firm is told by e-mail."))
        return redirect(PAGE, asked.pk)
    if request.method != "POST" and not (
        again or permissions.can_refuse_interest(request.user, asked)
    ):
        raise Http404
    title = _("Uphold the refusal") if again else _("Refuse")
    return _ask(request, asked, form, title=title, text="", button=title)


@staff_role_required(StaffRole.CASEWORKER)
def reach_out(request: PersonRequest) -> HttpResponse:
    """Invite a firm that nobody had to invite."""
    form = OutreachForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        firm = {"legal_name": told.pop("firm_name")}
        firm |= {name: told.pop(name) for name in ("country", "national_id", "eori")}
        try:
            made = ways_in.reach_out(firm=firm, by=request.user, **told)
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The offer goes out now."))
            return redirect(OFFER, made.pk)
    return form_page(
        request,
        title=_("Invite a firm"),
        text=_("Any business may be invited, also one without customs activity. Say why."),
        form=form,
        button=_("Invite"),
        back_url=reverse("admin:mou_mouoffer_changelist"),
    )


def _ask(request: PersonRequest, asked: Interest, form: forms.Form, **context: Any) -> HttpResponse:
    back = reverse(PAGE, args=[asked.pk])
    return form_page(request, form=form, back_url=back, subtitle=asked.firm_name, **context)
