"""The page of each verb of an exchange: load, ask, act, say so, back to the exchange."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from partners import exchange_reading, exchange_texts, opening
from partners.admin_views.exchange_pages import LIST, PAGE, ask, exchange_or_404, keys_of
from partners.admin_views.exchange_verb import Verb
from partners.models import Exchange
from partners.opening import Opened
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.keyring import Unlocked
from portal.requests import PersonRequest
from portal.sent_files import takes_files


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
                if verb.shows and isinstance(error, AlreadyDone):
                    return _anew(request, exchange, error)
                form.add_error(None, str(error))
                if isinstance(error, AlreadyDone):
                    _bring_up_to_date(request, verb, exchange, form, opened)
                return _asked(request, verb, exchange, form, opened)
        if not may:
            raise Http404
        return _asked(request, verb, exchange, form, opened)

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
    return _asked(request, verb, exchange, form, opened)


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
    if verb.shows and opened is not None and opened.is_broken:
        raise DomainError(
            _("Something here was altered, and nobody can have read it. Tell your supervisor.")
        )


def _at_once(request: PersonRequest, verb: Verb, exchange: Exchange | None) -> HttpResponse:
    try:
        return _act(request, verb, exchange, None)
    except NotAllowed as error:
        raise Http404(str(error)) from error
    except DomainError as error:
        return _anew(request, exchange, error)


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


def _bring_up_to_date(
    request: PersonRequest, verb: Verb, exchange: Exchange | None, form: Any, opened: Opened | None
) -> None:
    """Told that somebody was first, the officer may send the same again: over what stands now."""
    if verb.form is None:
        return
    fresh = exchange_or_404(request, exchange.pk) if exchange is not None else None
    now = verb.form(thing=fresh, by=request.user, opened=opened)
    form.data = form.data.copy()
    for bound in now.hidden_fields():
        form.data[bound.html_name] = str(bound.value())


def _anew(request: PersonRequest, exchange: Exchange | None, error: DomainError) -> HttpResponse:
    """Back to what stands now, with what was refused and why."""
    messages.error(request, str(error))
    return redirect(PAGE, exchange.pk) if exchange is not None else redirect(LIST)


def _asked(
    request: PersonRequest, verb: Verb, exchange: Exchange | None, form: Any, opened: Opened | None
) -> HttpResponse:
    about = {"title": verb.text, "text": verb.lead, "button": verb.button, "form": form}
    if not verb.shows or exchange is None or opened is None:
        return ask(request, exchange, **about)
    # What is approved stands above the box that says that it was read.
    told = exchange_texts.laid_out(exchange, opened)
    told["ours"] = [one for one in told["ours"] if one.word.leaves_as == verb.shows]
    rows = exchange_reading.plain_rows(exchange)
    template = "admin/partners/exchange/approve.html"
    return ask(request, exchange, template=template, rows=rows, shows=verb.shows, **told, **about)
