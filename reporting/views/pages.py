"""How every page of intake is answered: no login, no session, and nothing said of the visitor."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, InternalError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal.origin import same_origin_only
from reporting import drafts
from reporting.drafts import Held

log = logging.getLogger(__name__)
View = Callable[..., HttpResponse]
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent, MultiPartParserError)
# The database is away, full or takes no writes: nobody's mistake, and over some time.
DATABASE_TROUBLE = (OperationalError, InternalError, InterfaceError)


def intake(refused: View | None = None) -> Callable[[View], View]:
    """A page for everybody, whose posts come from our own pages and are of a bearable size."""

    def decorate(view: View) -> View:
        @login_not_required
        @same_origin_only(refused)
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except TOO_MUCH:
                return page("too_much", None, {"back_url": request.path}, status=413)
            except DATABASE_TROUBLE:
                log.exception("the database does not do what intake needs")
                return _trouble(request)

        return guarded

    return decorate


def _trouble(request: HttpRequest) -> HttpResponse:
    """What was typed comes back with the page, and goes out again with one press."""
    typed = [(name, value) for name, values in request.POST.lists() for value in values]
    context = {"is_post": request.method == "POST", "typed": typed}
    return page("trouble", None, context, status=503)


def page(
    name: str, held: Held | None, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """A template of intake. No context processor runs: they know of sessions and of people."""
    told: dict[str, Any] = {
        "brand": settings.BRAND,
        "mode": settings.MODE,
        "demonstration": settings.DEMONSTRATION,
        "held": held,
        "partner": held.partner if held else {},
        "urgent": is_urgent(held),
        **(context or {}),
    }
    response = render(None, f"reporting/{name}.html", told, status=status)
    if held is not None:
        drafts.set_cookie(response, held.secret)
    return response


def is_urgent(held: Held | None) -> bool:
    """Whether they said that it is happening now: the hotline stays in sight."""
    return held is not None and "yes" in held.answers.get("what", {}).get("happening_now", [])


def notice_of(request: HttpRequest, held: Held | None) -> str:
    """What the visitor should be told once about the draft; it is told and forgotten."""
    if held is None or not held.told.get("notice"):
        return ""
    with drafts.writing(request) as mine:
        mine.told.pop("notice", None)
    return {
        "anew": _(
            "Your earlier pages are no longer kept: 60 minutes had passed, or your browser did "
            "not keep our cookie. What you have just typed is kept, so please go through the "
            "other pages once more."
        ),
    }.get(held.told["notice"], "")
