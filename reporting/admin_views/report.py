"""The page of one report: its plain columns, and what is sealed once it was opened."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from portal import keyring
from portal.keyring import Unlocked
from portal.requests import PersonRequest
from reporting import dossier, opening, permissions, reading
from reporting.admin_views import access, verbs
from reporting.models import Report


def page(request: PersonRequest, object_id: str) -> HttpResponse:
    report = access.report_or_404(request, object_id)
    keys = access.keys_for(request, report)
    # Counted before anything is read: what comes in between counts as not seen.
    buttons = verbs.buttons(request.user, report, is_open=keys is not None)
    context = {
        **dossier.facts(report, request.user),
        **(sealed(report, keys) if keys is not None else {}),
        "verbs": buttons,
        "is_open": keys is not None,
        "can_open": permissions.can_open(request.user, report),
        "is_unlocked": keys is not None or keyring.is_unlocked(request),
    }
    context |= {"title": report.reference, "subtitle": None}
    return access.ask(request, report, "admin/reporting/report/page.html", **context)


def sealed(report: Report, keys: Unlocked) -> dict[str, Any]:
    return reading.laid_out(opening.read(report, keys))
