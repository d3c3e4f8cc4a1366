"""The programme's figures at the desk: as drawings, as tables and as a file."""

from __future__ import annotations

from django.contrib import admin
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from mou import figures, permissions
from portal import charts, spreadsheets
from portal.requests import PersonRequest


def dashboard(request: PersonRequest) -> HttpResponse:
    """How the programme goes: offers, conversion, where agreements stand, how long steps take."""
    if not permissions.can_read_figures(request.user):
        raise Http404
    found = figures.figures()
    context = {
        **admin.site.each_context(request),
        "title": _("Figures of the agreements"),
        "found": found,
        "drawn": [charts.drawn(table) for table in found.tables if table.cells],
    }
    return render(request, "admin/mou/mou/dashboard.html", context)


def dashboard_csv(request: PersonRequest) -> HttpResponse:
    """The same figures as a table."""
    if not permissions.can_read_figures(request.user):
        raise Http404
    found = figures.figures()
    return spreadsheets.attachment(found.rows(), f"agreements-{found.made_at:%Y-%m-%d}.csv")
