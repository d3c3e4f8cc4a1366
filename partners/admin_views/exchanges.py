"""Exchanges at the desk: the page of one, and opening it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from partners import exchange_permissions as permissions
from partners import exchange_reading, exchange_standing, exchange_texts, opening
from partners.admin_views import exchange_table
from partners.admin_views.exchange_pages import (
    PAGE,
    UnlockedRequest,
    ask,
    exchange_or_404,
    keys_of,
    render_page,
)
from partners.forms.exchanges import OpenForm
from partners.models import Exchange
from portal import keyring
from portal.desk import Verb as Button
from portal.errors import shows_domain_errors
from portal.models import User
from portal.requests import PersonRequest
from portal.unlocked_views import unlocked_required


def page(request: PersonRequest, object_id: str) -> HttpResponse:
    """Plain columns at once; what it says once a reason was given."""
    exchange = exchange_or_404(request, object_id)
    keys = keys_of(request) if opening.is_remembered(request.session, exchange) else None
    opened = opening.read(exchange, keys) if keys is not None else None
    context = {
        **exchange_reading.facts(exchange),
        **exchange_reading.keeping(exchange),
        **(exchange_texts.laid_out(exchange, opened) if opened is not None else {}),
        "standing": exchange_standing.standing(exchange),
        "buttons": buttons(request.user, exchange),
        "may_see_hold": permissions.can_hold(request.user),
        "is_open": opened is not None,
        "is_unlocked": keys is not None or keyring.is_unlocked(request),
        "title": exchange.reference,
        "subtitle": None,
    }
    return render_page(request, "admin/partners/exchange/page.html", exchange, **context)


def buttons(user: User, exchange: Exchange) -> dict[str, list[Button]]:
    """What is next, and what else may be done."""
    found: dict[str, list[Button]] = {"next": [], "more": []}
    for verb in exchange_table.buttons_of(user, exchange):
        leads = verb.leads(exchange)
        found["next" if leads else "more"].append(
            {
                "name": verb.name,
                "text": verb.text,
                "url": reverse(f"admin:{verb.address}", args=[exchange.pk]),
                "link": verb.form is not None,
                "secondary": not leads,
                "danger": verb.danger,
            }
        )
    if permissions.can_export(user, exchange):
        url = reverse("admin:partners_exchange_export", args=[exchange.pk])
        found["more"].append({"text": _("Print or hand out"), "url": url, "link": True})
    return found


# --- Opening ----------------------------------------------------------------------------------


@shows_domain_errors(PAGE)
def open_exchange(request: PersonRequest, object_id: int) -> HttpResponse:
    """Who may not know it is refused before the passphrase is asked for."""
    exchange_or_404(request, object_id)
    return _open(request, object_id=object_id)


@unlocked_required
def _open(request: UnlockedRequest, object_id: int) -> HttpResponse:
    exchange = exchange_or_404(request, object_id)
    form = OpenForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST":
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        try:
            opening.open_exchange(
                exchange=exchange, keys=request.keys, by=request.user, reason=reason
            )
        except opening.NoReason as error:
            form.add_error("reason", str(error))
        else:
            opening.remember(request.session, exchange)
            return redirect(_after(request, exchange))
    return ask(
        request,
        exchange,
        form=form,
        title=_("Open %(reference)s") % {"reference": exchange.reference},
        text=_(
            "Your name, the time and the reason are recorded. The reason holds for half an hour."
        ),
        button=_("Open the exchange"),
    )


def _after(request: PersonRequest, exchange: Exchange) -> str:
    """Where the officer wanted to go; never off this host."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return reverse(PAGE, args=[exchange.pk])
