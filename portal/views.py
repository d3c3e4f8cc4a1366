"""Whether this process, and the parts it needs, answer."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from portal import health


@login_not_required
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """This process and the parts it needs answer."""
    parts = health.parts()
    ready = all(parts.values())
    body = {"ready": ready, "parts": parts, "workers": health.workers()}
    return JsonResponse(body, status=200 if ready else 503)
