"""Posts without a login: taken only from our own pages.

The forms of intake carry no token against forged requests: it would need a cookie that follows the
reporter about. Two things stand for it: their cookies are SameSite=Strict, so that a foreign page's
post brings no draft along, and this guard, which reads what the browser says about the sender.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

View = Callable[..., HttpResponse]

_HARMLESS = {"GET", "HEAD", "OPTIONS", "TRACE"}


def is_ours(request: HttpRequest) -> bool:
    """Whether this request changes nothing, or was sent from a page of this very address."""
    if request.method in _HARMLESS:
        return True
    # "none" is the person: an address typed in, a page restored.
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if site not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("Origin")
    # A browser that says nothing is an old one, or one that hides; its cookie still has to come.
    return origin is None or _is_here(origin, request)


def is_surely_ours(request: HttpRequest) -> bool:
    """Whether the browser says of this post that one of our own pages sent it: silence is a no."""
    said = request.headers.get("Origin") or request.headers.get("Referer")
    return said is not None and is_ours(request) and _is_here(said, request)


def _is_here(origin: str, request: HttpRequest) -> bool:
    try:
        said = urlsplit(origin)
    except ValueError:
        return False
    return (said.scheme, said.netloc) == (request.scheme, request.get_host())


def same_origin_only(
    refused: Callable[..., HttpResponse] | None = None,
) -> Callable[[View], View]:
    """Takes the place of the token on the view of a form that nobody logs in for.

    `refused(request, …)` answers a post from elsewhere, so that a view may show again what was
    typed; without it a page says what happened. The answer's status is 403 in any case.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if is_ours(request):
                return view(request, *args, **kwargs)
            answer = (refused or _say_so)(request, *args, **kwargs)
            answer.status_code = 403
            return answer

        guarded.csrf_exempt = True  # type: ignore[attr-defined]
        return guarded

    return decorate


def _say_so(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    return render(request, "portal/pages/sent_from_elsewhere.html")
