"""Who passes where: nothing of a reporter gets in, staff without a second factor not far."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal import limits, quiet, rescue, second_factor

INTAKE = "/report/"
# What intake has to know of a request. Everything else that the browser sends is dropped unread:
# a list of what to drop would miss the header that somebody invents tomorrow.
KEPT_HEADERS = frozenset(
    {
        "HTTP_HOST",
        "HTTP_COOKIE",
        "HTTP_ACCEPT",
        "HTTP_ACCEPT_LANGUAGE",
        "HTTP_ORIGIN",
        "HTTP_RANGE",
        "HTTP_SEC_FETCH_SITE",
        "HTTP_X_FORWARDED_PROTO",
    }
)
ADDRESSES = ("REMOTE_HOST", "REMOTE_PORT", "REMOTE_USER", "REMOTE_IDENT")

# What it takes to set a second factor up, to leave, and what the pages themselves are made of.
REACHABLE = frozenset(
    {
        "mfa_index",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_list_webauthn",
        "mfa_view_recovery_codes",
        "account_reauthenticate",
        "account_change_password",
        "account_logout",
        "time_left",
        "accessibility",
        "privacy",
        "cookies",
        "brand_css",
        "brand_icon",
        "healthz",
        "readyz",
    }
)


class IntakeMiddleware:
    """First of all: what is below it never learns who reports, so it can neither keep nor say it.

    The login session's cookie goes as well: a person who is signed in is nobody here.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not f"{request.path_info}/".startswith(INTAKE):
            return self.get_response(request)
        request.bucket = limits.bucket(_source(request))  # type: ignore[attr-defined]
        forget_sender(request)
        with quiet.intake():
            response = self.get_response(request)
        response["Cache-Control"] = "no-store"
        # Not no-referrer: with it browsers say "Origin: null" in posts from our own pages.
        response["Referrer-Policy"] = "same-origin"
        return response


def _source(request: HttpRequest) -> str:
    """What tells one sender from another, for one moment: behind our proxy, its crowd."""
    if settings.TRUSTED_PROXIES:
        return str(request.META.get("HTTP_X_CROWD", ""))
    return str(request.META.get("REMOTE_ADDR", ""))


def forget_sender(request: HttpRequest) -> None:
    """Take address, browser string, where they came from and foreign cookies out of a request."""
    meta = request.META
    for name in [name for name in meta if name.startswith("HTTP_") and name not in KEPT_HEADERS]:
        del meta[name]
    for name in ADDRESSES:
        meta.pop(name, None)
    meta["REMOTE_ADDR"] = ""
    kept = [
        pair.strip()
        for pair in str(meta.pop("HTTP_COOKIE", "")).split(";")
        if pair.partition("=")[0].strip() in settings.INTAKE_COOKIES
    ]
    if kept:
        meta["HTTP_COOKIE"] = "; ".join(kept)
    # Both are worked out once and then remembered; nobody may have asked before us.
    for name in ("COOKIES", "headers"):
        request.__dict__.pop(name, None)


class SignedInMiddleware(LoginRequiredMiddleware):
    """Strangers are led to the login; whoever was signed out while typing keeps what they typed."""

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Any
    ) -> HttpResponseBase:
        if rescue.may_rescue(request):
            return rescue.page(request, rescue.SIGNED_OUT)
        answer: HttpResponseBase = super().handle_no_permission(request, view_func)
        return answer


class SecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        user = request.user
        if not user.is_authenticated or not user.is_staff:
            return None
        match = request.resolver_match
        if match is not None and match.view_name in REACHABLE:
            return None
        if second_factor.has_second_factor(user):
            return None
        messages.warning(request, _("Set up a second factor first. Staff cannot work without it."))
        after = (
            f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
        )
        return redirect(reverse(second_factor.SET_UP) + after)
