"""Exchanges at the desk: the page of one, opening it, the page of each verb, files and print."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from partners import documents, exchange_reading, opening
from partners import exchange_permissions as permissions
from partners.actions import exchange_exports
from partners.admin_views import exchange_table
from partners.admin_views.exchange_table import Verb
from partners.forms.exchanges import OpenForm
from partners.forms.exports import ExportForm
from partners.models import Exchange
from partners.opening import Opened
from portal import keyring
from portal.desk import Verb as Button
from portal.errors import DomainError, NotAllowed, shows_domain_errors
from portal.keyring import Locked, Unlocked, unlocked_required
from portal.models import User
from portal.requests import PersonRequest
from portal.sealing import SealBroken
from portal.sent_files import takes_files

PAGE = "admin:partners_exchange_change"
LIST = "admin:partners_exchange_changelist"


class UnlockedRequest(PersonRequest):
    keys: Unlocked


def exchange_or_404(request: PersonRequest, object_id: int | str) -> Exchange:
    """The exchange, if this officer may know it; that anybody else tried is recorded."""
    if not str(object_id).isdigit() or len(str(object_id)) > 18:
        raise Http404
    known = Exchange.objects.select_related("partner", "instrument", "responsible", "drafted_by")
    found = known.filter(pk=object_id).first()
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


def page(request: PersonRequest, object_id: str) -> HttpResponse:
    """Plain columns at once; what it says once a reason was given."""
    exchange = exchange_or_404(request, object_id)
    keys = keys_of(request) if opening.is_remembered(request.session, exchange) else None
    opened = opening.read(exchange, keys) if keys is not None else None
    context = {
        **exchange_reading.facts(exchange),
        **exchange_reading.keeping(exchange),
        **(exchange_reading.laid_out(exchange, opened) if opened is not None else {}),
        "buttons": buttons(request.user, exchange),
        "may_see_hold": permissions.can_hold(request.user),
        "is_open": opened is not None,
        "is_unlocked": keys is not None or keyring.is_unlocked(request),
        "title": exchange.reference,
        "subtitle": None,
    }
    return _render(request, "admin/partners/exchange/page.html", exchange, **context)


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
    return _ask(
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


# --- Verbs ------------------------------------------------------------------------------------


def view_of(verb: Verb) -> Callable[..., HttpResponse]:
    """The page of one verb: load, ask, act, say so, back to the exchange."""

    def view(request: PersonRequest, object_id: int | None = None) -> HttpResponse:
        exchange = exchange_or_404(request, object_id) if object_id is not None else None
        given = [exchange] if exchange is not None else []
        may, keys = verb.may(request.user, *given), keys_of(request)
        if request.method != "POST":
            return _before(request, verb, exchange, keys, may=may)
        opened = _opened(request, verb, exchange, keys)
        if verb.form is None:
            return _at_once(request, verb, exchange)
        form = verb.form(
            request.POST, request.FILES, thing=exchange, by=request.user, opened=opened
        )
        if form.is_valid():
            try:
                _check_open(verb, exchange, keys, opened)
                return _act(request, verb, exchange, keys, **form.cleaned_data)
            except NotAllowed as error:
                raise Http404(str(error)) from error
            except DomainError as error:
                form.add_error(None, str(error))
                return _asked(request, verb, exchange, form)
        if not may:
            raise Http404
        return _asked(request, verb, exchange, form)

    view.__name__ = verb.name
    return takes_files(view)


def _before(
    request: PersonRequest,
    verb: Verb,
    exchange: Exchange | None,
    keys: Unlocked | None,
    *,
    may: bool,
) -> HttpResponse:
    if verb.form is None:
        return HttpResponseNotAllowed(["POST"])
    if not may:
        raise Http404
    here = urlencode({"next": request.get_full_path()})
    if (verb.seals or verb.reads) and keys is None:
        return redirect(f"{reverse('admin:unlock')}?{here}")
    opened = _opened(request, verb, exchange, keys)
    if verb.reads and opened is None and exchange is not None:
        return redirect(f"{reverse('admin:partners_exchange_open', args=[exchange.pk])}?{here}")
    form = verb.form(thing=exchange, by=request.user, opened=opened)
    return _asked(request, verb, exchange, form)


def _opened(
    request: PersonRequest, verb: Verb, exchange: Exchange | None, keys: Unlocked | None
) -> Opened | None:
    if not verb.reads or exchange is None or keys is None:
        return None
    if not opening.is_remembered(request.session, exchange):
        return None
    return opening.read(exchange, keys)


def _check_open(
    verb: Verb, exchange: Exchange | None, keys: Unlocked | None, opened: Opened | None
) -> None:
    closed = verb.reads and exchange is not None and opened is None
    if ((verb.seals or verb.reads) and keys is None) or closed:
        raise DomainError(
            _(
                "The desk was locked, or the reason has run out. Open it in a second window, then "
                "send this again."
            )
        )


def _at_once(request: PersonRequest, verb: Verb, exchange: Exchange | None) -> HttpResponse:
    try:
        return _act(request, verb, exchange, None)
    except NotAllowed as error:
        raise Http404(str(error)) from error
    except DomainError as error:
        messages.error(request, str(error))
        return redirect(PAGE, exchange.pk) if exchange is not None else redirect(LIST)


def _act(
    request: PersonRequest,
    verb: Verb,
    exchange: Exchange | None,
    keys: Unlocked | None,
    **answers: Any,
) -> HttpResponse:
    if exchange is not None:
        answers["exchange"] = exchange
    if verb.seals:
        answers["keys"] = keys
    made = verb.act(by=request.user, **answers)
    messages.success(request, str(verb.done))
    return redirect(PAGE, made.pk)


def _asked(
    request: PersonRequest, verb: Verb, exchange: Exchange | None, form: Any
) -> HttpResponse:
    about = {"title": verb.text, "text": verb.lead, "button": verb.text, "form": form}
    return _ask(request, exchange, **about)


# --- What leaves --------------------------------------------------------------------------------


@shows_domain_errors(PAGE)
def export(request: PersonRequest, object_id: int) -> HttpResponse:
    """For whom and why; then the PDF, with the handling code on every page."""
    exchange_or_404(request, object_id)
    return _export(request, object_id=object_id)


@unlocked_required
def _export(request: UnlockedRequest, object_id: int) -> HttpResponse:
    exchange = exchange_or_404(request, object_id)
    form = ExportForm(request.POST or None, thing=exchange, by=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            opened = exchange_exports.export(
                exchange=exchange, keys=request.keys, by=request.user, **form.cleaned_data
            )
        except NotAllowed:
            raise
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            return _pdf(exchange, opened, form.cleaned_data["recipient"])
    return _ask(
        request,
        exchange,
        form=form,
        title=_("Print or hand out %(reference)s") % {"reference": exchange.reference},
        text=exchange_reading.limits_with_instrument(exchange),
        button=_("Make the PDF"),
    )


def _pdf(exchange: Exchange, opened: Opened, recipient: str) -> HttpResponse:
    shown = exchange_exports.answer_is_shown(exchange)
    context = {
        **exchange_reading.laid_out(exchange, opened, with_answer=shown),
        "exchange": exchange,
        "issuer": settings.BRAND["administration"],
        "limits_line": exchange_reading.limits_of(exchange),
        "facts": exchange_reading.plain_rows(exchange),
        "made_at": timezone.localtime(),
        "recipient": recipient,
    }
    return _attachment(documents.render(context), f"{exchange.reference}.pdf", "application/pdf")


@shows_domain_errors(PAGE)
def save_file(request: PersonRequest, object_id: int, file: UUID) -> HttpResponse:
    """One attachment, as bytes to be saved: never shown in a page of ours."""
    exchange_or_404(request, object_id)
    return _save_file(request, object_id=object_id, file=file)


@unlocked_required
def _save_file(request: UnlockedRequest, object_id: int, file: UUID) -> HttpResponse:
    exchange = exchange_or_404(request, object_id)
    if not opening.is_remembered(request.session, exchange):
        url = reverse("admin:partners_exchange_open", args=[exchange.pk])
        return redirect(f"{url}?{urlencode({'next': request.get_full_path()})}")
    files = opening.read(exchange, request.keys).files
    known = next((one for one in files if one.get("id") == str(file)), None)
    if known is None:
        raise Http404
    try:
        data = opening.take_file(exchange=exchange, file=known, keys=request.keys, by=request.user)
    except SealBroken as error:
        raise DomainError(_("The file does not open: it was altered.")) from error
    return _attachment(data, str(known["name"]), "application/octet-stream")


def _attachment(data: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=kind)
    safe = "".join(
        one if one.isascii() and (one.isalnum() or one in " .-_") else "_" for one in name
    )
    answer["Content-Disposition"] = f'attachment; filename="{safe}"'
    answer["Cache-Control"] = "no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


# --- Parts ----------------------------------------------------------------------------------


def _ask(request: PersonRequest, exchange: Exchange | None, **context: Any) -> HttpResponse:
    back = reverse(PAGE, args=[exchange.pk]) if exchange is not None else reverse(LIST)
    context = {
        "subtitle": exchange.reference if exchange is not None else None,
        "back_url": back,
        "back_name": exchange.reference if exchange is not None else _("Exchanges"),
        **context,
    }
    return _render(request, "portal/admin/form.html", exchange, **context)


def _render(
    request: PersonRequest, template: str, exchange: Exchange | None, **context: Any
) -> HttpResponse:
    shown = {**admin.site.each_context(request), "exchange": exchange, **context}
    response = render(request, template, shown)
    response["Cache-Control"] = "no-store"
    return response
