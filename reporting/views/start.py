"""Before the form: what to do first, what happens with a report, and the quick way out."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from portal.public_pages import same_for_everyone
from reporting import drafts, visits
from reporting.views.pages import intake, page

# The day somebody last changed what the page says; changed together with its template.
LAST_UPDATED = datetime.date(2026, 11, 25)


@intake()
@same_for_everyone
def start(request: HttpRequest) -> HttpResponse:
    """The first page; asks nothing."""
    held = drafts.find(request)
    receipt = drafts.held_receipt(request) if held is None else None
    # Who came from a firm's pages has a draft that nothing was written in yet.
    begun = held is not None and bool(held.answers or held.files)
    told = {"last_updated": LAST_UPDATED, "begun": begun, "has_receipt": bool(receipt)}
    return page("start", held, told)


@intake()
@require_POST
def discard(request: HttpRequest) -> HttpResponse:
    """Delete what was written, and begin again."""
    return _forgotten(request, redirect("report"))


@intake()
def leave(request: HttpRequest) -> HttpResponse:
    """The quick exit: a page that nobody wonders about, and nothing left here."""
    return _forgotten(request, HttpResponseRedirect(settings.INTAKE_EXIT_URL))


@intake()
def time_left(request: HttpRequest) -> HttpResponse:
    """How long the draft is kept; a post, from the warning before that, keeps it another hour."""
    held = drafts.find(request) if request.method == "POST" else None
    response = JsonResponse({"seconds": drafts.seconds_left(request)})
    if held is not None:
        drafts.set_cookie(response, held.secret)
    return response


def _forgotten(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A link on somebody else's page takes nothing from anybody: it comes without their cookie."""
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}:
        return response
    if (secret := drafts.secret_of(request)) is not None:
        drafts.discard(secret)
    drafts.drop_cookie(response)
    return visits.leave(response)
