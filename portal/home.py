"""Where a person begins after signing in; wiring, so it may know every app's front page."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect

from portal.requests import PersonRequest


def start(request: PersonRequest) -> HttpResponse:
    """Staff begin at their desk, a firm's people at their agreements."""
    if request.user.is_staff and "office" in settings.FACES:
        return redirect("admin:index")
    return redirect("mou_home" if "site" in settings.FACES else "home")
