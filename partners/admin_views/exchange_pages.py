"""What the pages of an exchange begin and end with: which one, which keys, and how it is shown."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from partners import exchange_permissions as permissions
from partners import opening
from partners.models import Exchange
from portal import keyring
from portal.keyring import Locked, Unlocked
from portal.requests import PersonRequest

PAGE = "admin:partners_exchange_change"
LIST = "admin:partners_exchange_changelist"


class UnlockedRequest(PersonRequest):
    keys: Unlocked


def exchange_or_404(request: PersonRequest, object_id: int | str) -> Exchange:
    """The exchange, if this officer may know it; that anybody else tried is recorded."""
    if not str(object_id).isdigit() or len(str(object_id)) > 18:
        raise Http404
    known = Exchange.objects.select_related(
        "partner", "instrument", "responsible", "drafted_by", "approved_by"
    )
    found = known.prefetch_related("our_words").filter(pk=object_id).first()
    if found is None:
        raise Http404
    if not permissions.can_open(request.user, found):
        opening.refuse(found, request.user, why="right")
        raise Http404
    return found


def keys_of(request: PersonRequest) -> Unlocked | None:
    try:
        return keyring.current(request)
    except Locked:
        return None


def ask(
    request: PersonRequest,
    exchange: Exchange | None,
    *,
    template: str = "portal/admin/form.html",
    **context: Any,
) -> HttpResponse:
    back = reverse(PAGE, args=[exchange.pk]) if exchange is not None else reverse(LIST)
    context = {
        "subtitle": exchange.reference if exchange is not None else None,
        "back_url": back,
        "back_name": exchange.reference if exchange is not None else _("Exchanges"),
        **context,
    }
    return render_page(request, template, exchange, **context)


def render_page(
    request: PersonRequest, template: str, exchange: Exchange | None, **context: Any
) -> HttpResponse:
    shown = {**admin.site.each_context(request), "exchange": exchange, **context}
    response = render(request, template, shown)
    response["Cache-Control"] = "no-store"
    return response
