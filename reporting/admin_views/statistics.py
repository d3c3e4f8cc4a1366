"""Statistics at the desk: one year of counts as drawings, as tables and as a file."""

from __future__ import annotations

from django.contrib import admin
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import charts, spreadsheets
from portal.requests import PersonRequest
from reporting import permissions
from reporting import statistics as counts
from reporting.statistics import Statistics


def statistics(request: PersonRequest) -> HttpResponse:
    """What came in, of what kind, and what became of it."""
    found = _asked(request)
    drawn = [charts.drawn(table) for table in found.tables if table.cells]
    context = {
        **admin.site.each_context(request),
        "title": _("Statistics"),
        "found": found,
        "drawn": drawn,
        "fewest": counts.FEWEST,
        "periods": [counts.period(back) for back in range(counts.YEARS)],
        "download_url": f"{reverse('admin:reporting_statistics_csv')}?back={found.period.back}",
    }
    return render(request, "admin/reporting/statistics.html", context)


def statistics_csv(request: PersonRequest) -> HttpResponse:
    """The same counts, as suppressed as on the page."""
    found = _asked(request)
    return spreadsheets.attachment(found.rows(), f"reports-{found.period.since:%Y-%m}.csv")


def _asked(request: PersonRequest) -> Statistics:
    if not permissions.can_read_statistics(request.user):
        raise Http404
    back = request.GET.get("back", "0")
    if back not in {str(number) for number in range(counts.YEARS)}:
        raise Http404
    return counts.count(counts.period(int(back)), reader=request.user)
