"""Lists of the desk as files: what is filtered on the page, all of it, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import display_for_field, label_for_field, lookup_field
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.text import capfirst

from portal import audit, spreadsheets
from portal.models import User
from portal.models.audit import AuditKind

CHUNK = 500


def download(desk: ModelAdmin[Any], request: HttpRequest) -> HttpResponse:
    """The list with the filters and the search of the address, as CSV; recorded as disclosed."""
    if not desk.has_view_permission(request):
        raise PermissionDenied
    assert isinstance(request.user, User)  # noqa: S101 - the desk admits nobody else
    listed = desk.get_changelist_instance(request)
    kind, name = AuditKind.DISCLOSURE, desk.opts.model_name
    audit.record("list_downloaded", target=request.user, by=request.user, kind=kind, list=name)
    columns = [name for name in desk.get_list_display(request) if name != "action_checkbox"]
    response = StreamingHttpResponse(
        _lines(desk, columns, listed.queryset), content_type="text/csv; charset=utf-8"
    )
    day = timezone.localdate()
    response["Content-Disposition"] = f'attachment; filename="{name}-{day:%Y-%m-%d}.csv"'
    return cast(HttpResponse, response)  # no subclass, but views are given either


def _lines(desk: ModelAdmin[Any], columns: list[Any], rows: Any) -> Iterator[str]:
    heading = [capfirst(str(label_for_field(name, desk.model, desk))) for name in columns]
    yield "\ufeff" + spreadsheets.table([heading])
    for row in rows.iterator(chunk_size=CHUNK):
        yield spreadsheets.table([[_cell(desk, name, row) for name in columns]])


def _cell(desk: ModelAdmin[Any], name: Any, row: Any) -> str:
    field, _attribute, value = lookup_field(name, row, desk)
    if value is None:
        return ""
    if field is not None:
        value = display_for_field(value, field, "")
    return " ".join(strip_tags(str(value)).split())
