"""Keeps, for a short time, the pages that are the same for every visitor who is nobody yet.

A view says so with `@same_for_everyone`. What is kept is the finished answer with all its headers,
in this process's own memory: no store to share, none to clear, and a restart forgets it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language_from_request

# Pages × languages × names of this site; more than that is somebody making up addresses.
MOST = 256
View = Callable[..., HttpResponse]


class Kept(NamedTuple):
    until: float
    content: bytes
    headers: dict[str, str]


def same_for_everyone(view: View) -> View:
    """This view's answer to a plain GET depends on nothing but its address and the language."""

    @wraps(view)
    def shown(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.is_same_for_everyone = True  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return shown


class PublicPagesMiddleware:
    """First of all, since the finished answer is kept; it asks each of these:

    a plain GET without a query; no cookie but those that change no page (so no session, and no
    message waiting); answered 200, setting no cookie and drawing no token against forged forms.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if not settings.PUBLIC_PAGES_SECONDS:
            raise MiddlewareNotUsed
        self.get_response = get_response
        self.kept: dict[tuple[str, str, str, str], Kept] = {}
        self.harmless = {settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method != "GET" or request.META.get("QUERY_STRING"):
            return self.get_response(request)
        if request.COOKIES.keys() - self.harmless:
            return self.get_response(request)
        key = (
            request.scheme or "",
            request.get_host(),
            request.path,
            get_language_from_request(request),
        )
        found = self.kept.get(key)
        if found and time.monotonic() < found.until:
            return HttpResponse(found.content, headers=found.headers)
        response = self.get_response(request)
        if self._may_keep(request, response):
            if len(self.kept) >= MOST:
                self.kept.clear()
            until = time.monotonic() + settings.PUBLIC_PAGES_SECONDS
            self.kept[key] = Kept(until, response.content, dict(response.items()))
        return response

    def _may_keep(self, request: HttpRequest, response: HttpResponse) -> bool:
        return (
            getattr(request, "is_same_for_everyone", False)
            and response.status_code == 200
            and not response.streaming
            and not response.cookies
            # Set when a token is drawn; brought along by the cookie, it may have been drawn too.
            and "CSRF_COOKIE" not in request.META
        )
