"""One page that shows whether every holder of a certificate was offered an agreement."""

from __future__ import annotations

from django.contrib import admin
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import coverage as holders
from mou import offer_permissions, permissions
from portal import spreadsheets
from portal.requests import PersonRequest


def coverage(request: PersonRequest) -> HttpResponse:
    """Counts, and who was not offered one yet."""
    if not permissions.can_read_figures(request.user):
        raise Http404
    found = holders.coverage()
    context = {
        **admin.site.each_context(request),
        "title": _("Coverage: who was offered an agreement"),
        "found": found,
        "may_offer": offer_permissions.can_offer_in_bulk(request.user),
        "lacking": [(firm, holders.words(firm)) for firm in found.uncovered],
    }
    return render(request, "admin/mou/mouoffer/coverage.html", context)


def coverage_csv(request: PersonRequest) -> HttpResponse:
    """Every holder and its state."""
    if not permissions.can_read_figures(request.user):
        raise Http404
    return spreadsheets.attachment(holders.rows(), f"coverage-{timezone.localdate():%Y-%m-%d}.csv")
