"""Files of a report: the viewing copy to look at, the original only when it is asked for."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from portal import audit
from portal import examined_files as files
from portal.errors import shows_domain_errors
from portal.keyring import Unlocked
from portal.models.audit import AuditKind
from portal.requests import PersonRequest
from portal.sealing import SealBroken
from reporting import opening
from reporting.admin_views import access
from reporting.forms.desk import OpenForm
from reporting.models import Report

# Only our own pictures are drawn; every other copy is taken down as a file.
PICTURE = files.VIEWS["jpeg"]
# How a viewing copy begins → type and ending.
COPIES = {PICTURE: ("image/jpeg", ".jpg"), files.VIEWS["pdf"]: ("application/pdf", ".pdf")}
TEXT = ("text/plain; charset=utf-8", ".txt")
SEALED_OFF = "default-src 'none'; img-src 'self'; sandbox; frame-ancestors 'none'"


@shows_domain_errors(access.PAGE)
def view(request: PersonRequest, object_id: UUID, file_id: UUID) -> HttpResponse:
    """The viewing copy: made anew by us, without the data that the original carried about."""
    report = access.report_or_404(request, object_id)
    keys = access.keys_for(request, report)
    if keys is None:
        return access.to_opening(request, report)
    file = _file(report, keys, file_id)
    if not file.get("view"):
        raise Http404
    return _response(report, keys, file, "view")


@shows_domain_errors(access.PAGE)
def original(request: PersonRequest, object_id: UUID, file_id: UUID) -> HttpResponse:
    """As it came, unchecked: asked for with a reason, recorded as disclosed, never drawn."""
    report = access.report_or_404(request, object_id)
    keys = access.keys_for(request, report)
    if keys is None:
        return access.to_opening(request, report)
    file = _file(report, keys, file_id)
    form = OpenForm(request.POST or None)
    form.fields["reason"].label = _("Why do you need the original?")
    if request.method == "POST" and form.is_valid():
        reason = " ".join(form.cleaned_data["reason"].split())
        if len(reason) >= opening.REASON_LENGTH:
            audit.record(
                "original_taken",
                target=report,
                by=request.user,
                kind=AuditKind.DISCLOSURE,
                reason=reason,
                file=str(file_id),
            )
            return _response(report, keys, file, "original")
        opening.refuse(report, request.user, why="reason")
        form.add_error(
            "reason",
            _("Say why, in %(count)d characters or more.") % {"count": opening.REASON_LENGTH},
        )
    return access.ask(
        request,
        report,
        form=form,
        title=_("Take out the original of “%(name)s”") % {"name": file["name"]},
        text=_(
            "It is as it was sent: it may hold what identifies the reporter, and it may be "
            "harmful. Taking it out is recorded as a disclosure."
        ),
        button=_("Take out the original"),
    )


def _file(report: Report, keys: Unlocked, file_id: UUID) -> dict[str, Any]:
    found = opening.read(report, keys).file(file_id)
    if found is None:
        raise Http404
    return found


def _response(report: Report, keys: Unlocked, file: dict[str, Any], copy: str) -> HttpResponse:
    try:
        data = b"".join(opening.copy_of(report, file, copy, keys))
    except SealBroken as error:
        raise Http404 from error
    kind, ending = "application/octet-stream", ""
    if copy == "view":
        known = (found for start, found in COPIES.items() if data.startswith(start))
        kind, ending = next(known, TEXT)
    name = file["name"] if file["name"].lower().endswith(ending) else f"{file['name']}{ending}"
    response = HttpResponse(data, content_type=kind)
    disposition = content_disposition_header(kind != COPIES[PICTURE][0], name)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = SEALED_OFF
    return response
