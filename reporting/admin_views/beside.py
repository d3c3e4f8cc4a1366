"""Pages of the triage desk that are no verbs: search, identity, exports, statistics."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk import Verb
from portal.models import User
from reporting import permissions
from reporting.admin_views import exports, identities, search, statistics
from reporting.admin_views.verbs import LINKS, Link

LINKS += [
    Link("compare", gettext_lazy("Find reports like it"), "more", permissions.can_open, True),
    Link("export", gettext_lazy("Export"), "more", permissions.can_export),
    Link(
        "request_identity",
        gettext_lazy("Ask who reported"),
        "more",
        permissions.can_request_identity,
    ),
]


def desk_urls(guard: Callable[..., Any]) -> list[URLPattern]:
    """Below the table of reports."""
    return [
        path("look-up/", guard(search.look_up), name="reporting_report_look_up"),
        path("scan/", guard(search.scan), name="reporting_report_scan"),
        path("statistics/", guard(statistics.statistics), name="reporting_statistics"),
        path("statistics/csv/", guard(statistics.statistics_csv), name="reporting_statistics_csv"),
        path(
            "request-export/",
            guard(exports.request_export),
            name="reporting_report_request_export",
        ),
        path("<uuid:object_id>/compare/", guard(search.compare), name="reporting_report_compare"),
        path("<uuid:object_id>/export/", guard(exports.export), name="reporting_report_export"),
        path(
            "<uuid:object_id>/export/sealed/",
            guard(exports.export_sealed),
            name="reporting_report_export_sealed",
        ),
        path(
            "<uuid:object_id>/request_identity/",
            guard(identities.request_identity),
            name="reporting_report_request_identity",
        ),
    ]


def list_verbs(user: User) -> list[Verb]:
    """Above the list of reports."""
    pages = [
        (_("Find by identifier"), "report_look_up", permissions.can_search(user)),
        (_("Search in the text"), "report_scan", permissions.can_search(user)),
        (_("Statistics"), "statistics", permissions.can_read_statistics(user)),
    ]
    return [
        {"text": text, "url": reverse(f"admin:reporting_{name}"), "link": True, "secondary": True}
        for text, name, may in pages
        if may
    ]
