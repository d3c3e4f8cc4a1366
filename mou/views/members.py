"""An association's page of the firms that its agreement covers."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from mou import cover_permissions as permissions
from mou.actions import covers as actions
from mou.attempts import attempt
from mou.cover_forms import MemberForm
from mou.models import Cover, Mou
from mou.models.covers import LIVE
from mou.views.agreements import get_agreement
from portal.errors import shows_domain_errors
from portal.requests import PersonRequest

COLOURS = {"named": "yellow", "confirmed": "green", "refused": "red"}
# Those that have ended are history: so many of them are shown.
MOST = 500


def rows_of(mou: Mou) -> list[Cover]:
    """Live ones first, then those that have ended, the newest first; in one statement."""
    found = Cover.objects.filter(mou=mou).select_related(
        "organisation", "confirmed_by", "ended_by", "listing"
    )
    rows = list(found.order_by("-pk")[:MOST])
    for row in rows:
        row.mou = mou
        row.colour = COLOURS.get(row.status, "grey")  # type: ignore[attr-defined]
    return sorted(rows, key=lambda row: row.status not in LIVE)


def members(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """Who is named, who has confirmed, and who is named in the register by leave of both."""
    mou = _association(request, uuid)
    leads = permissions.can_name_member(request.user, mou)
    context = {"mou": mou, "rows": rows_of(mou), "leads": leads, "live": LIVE}
    return render(request, "mou/members.html", context)


@shows_domain_errors("mou:members")
def name_member(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """A firm that is to be covered; it is asked whether it wants to."""
    mou = _association(request, uuid)
    form = MemberForm(request.POST or None)
    if request.method == "POST" and attempt(form, actions.name_member, mou=mou, by=request.user):
        messages.success(request, _("The firm is named. It is covered once it has confirmed."))
        return redirect("mou:members", mou.uuid)
    if request.method != "POST" and not permissions.can_name_member(request.user, mou):
        raise Http404
    context = {
        "title": _("Name a member firm"),
        "text": _(
            "We ask the firm whether it is your member and wants to be covered. "
            "Until it says yes nothing changes for it."
        ),
        "form": form,
        "button": _("Name the firm"),
        "back_url": reverse("mou:members", args=[mou.uuid]),
    }
    return render(request, "portal/confirm.html", context)


def _association(request: PersonRequest, uuid: uuids.UUID) -> Mou:
    mou = get_agreement(request, uuid)
    if not permissions.can_read_members(request.user, mou):
        raise Http404
    return mou


def verb_of(act: Callable[..., Any], said: Any) -> Callable[..., HttpResponse]:
    """The view of what the association does with one of its members."""

    @require_POST
    @shows_domain_errors("mou:members")
    def view(request: PersonRequest, uuid: uuids.UUID, cover: uuids.UUID) -> HttpResponse:
        mou = _association(request, uuid)
        act(cover=get_object_or_404(Cover, mou=mou, uuid=cover), by=request.user)
        messages.success(request, str(said))
        return redirect("mou:members", mou.uuid)

    return view


@shows_domain_errors("mou:members")
def remove(request: PersonRequest, uuid: uuids.UUID, cover: uuids.UUID) -> HttpResponse:
    """Asks once more: the firm would have to be named, and to confirm, anew."""
    mou = _association(request, uuid)
    named = Cover.objects.filter(mou=mou).select_related("organisation", "mou__organisation")
    found = get_object_or_404(named, uuid=cover)
    if request.method == "POST":
        actions.remove_member(cover=found, by=request.user)
        messages.success(request, _("The firm is taken off. It is told."))
        return redirect("mou:members", mou.uuid)
    if not permissions.can_remove(request.user, found):
        raise Http404
    context = {
        "title": _("Take %(firm)s off the list") % {"firm": found.known_as},
        "text": _(
            "Your agreement covers the firm no longer: alerts and training end for it at once, "
            "and its name leaves the register. To cover it again you name it anew."
        ),
        "button": _("Take off the list"),
        "warning": True,
        "back_url": reverse("mou:members", args=[mou.uuid]),
    }
    return render(request, "portal/confirm.html", context)


VIEWS = {
    "remove": remove,
    "show": verb_of(
        actions.show_member,
        gettext_lazy("You agree that the firm is named in the register. It has to agree as well."),
    ),
    "hide": verb_of(
        actions.hide_member, gettext_lazy("The firm is not named in the register any more.")
    ),
}
