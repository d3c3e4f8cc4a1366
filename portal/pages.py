"""Public pages that only tell: their templates, their dates, and the pages for errors."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import defaults

from portal.middleware import INTAKE
from portal.public_pages import same_for_everyone

# The day somebody last changed what the page says; changed together with its template.
LAST_UPDATED = {
    "home": datetime.date(2026, 11, 24),
    "cooperation": datetime.date(2026, 11, 26),
    "accessibility": datetime.date(2026, 11, 27),
    "privacy": datetime.date(2026, 11, 24),
    "cookies": datetime.date(2026, 11, 25),
}


def _page(request: HttpRequest, name: str, **context: object) -> HttpResponse:
    context["last_updated"] = LAST_UPDATED[name]
    return render(request, f"portal/pages/{name}.html", context)


@login_not_required
@same_for_everyone
def home(request: HttpRequest) -> HttpResponse:
    return _page(request, "home")


@login_not_required
@same_for_everyone
def cooperation(request: HttpRequest) -> HttpResponse:
    return _page(request, "cooperation")


@login_not_required
@same_for_everyone
def accessibility(request: HttpRequest) -> HttpResponse:
    return _page(request, "accessibility")


@login_not_required
@same_for_everyone
def privacy(request: HttpRequest) -> HttpResponse:
    return _page(request, "privacy")


@login_not_required
@same_for_everyone
def cookies(request: HttpRequest) -> HttpResponse:
    session = settings.SESSION_COOKIE_AGE // 3600
    kept = [
        {
            "name": settings.SESSION_COOKIE_NAME,
            "purpose": _("Keeps you signed in. Set only when you sign in."),
            "lasts": ngettext("%(n)d hour", "%(n)d hours", session) % {"n": session},
        },
        {
            "name": settings.CSRF_COOKIE_NAME,
            "purpose": _("Makes sure that a form we receive was sent by you."),
            "lasts": _("One year"),
        },
        {
            "name": settings.REPORT_COOKIE_NAME,
            "purpose": _(
                "Opens what you have written so far in a report, and is sent to those pages alone. "
                "Set when you save the first of them, deleted when you leave or have sent it."
            ),
            "lasts": ngettext("%(n)d hour", "%(n)d hours", 1) % {"n": 1},
        },
    ]
    return _page(request, "cookies", cookies=kept)


def _at_intake(request: HttpRequest) -> bool:
    return "intake" in settings.FACES and f"{request.path_info}/".startswith(INTAKE)


def _error(request: HttpRequest, status: int) -> HttpResponse:
    # Without context processors: what broke may be what they read.
    context = {
        "brand": settings.BRAND,
        "mode": settings.MODE,
        "demonstration": settings.DEMONSTRATION,
        # Who reports is nobody here either, and keeps the way out.
        "layout": "reporting/base.html" if _at_intake(request) else "base.html",
        "at_intake": _at_intake(request),
    }
    return render(None, f"{status}.html", context, status=status)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _error(request, 400)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    return _error(request, 500)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _at_intake(request):
        return _error(request, 403)
    return defaults.permission_denied(request, exception)


@login_not_required
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _at_intake(request):
        return _error(request, 404)
    return defaults.page_not_found(request, exception)
