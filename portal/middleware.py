"""Staff without a second factor reach the pages that set one up, and no other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from portal import second_factor

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
        "accessibility",
        "privacy",
        "cookies",
        "brand_css",
        "brand_icon",
        "healthz",
        "readyz",
    }
)


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
