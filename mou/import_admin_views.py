"""What officers do with lists of certificates: send one, watch it, take rejected rows out."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from mou.actions import imports
from mou.certificate_files import HEADINGS
from mou.desk_forms import ImportForm
from mou.models import CertificateImport, ImportStatus
from portal.errors import DomainError, shows_domain_errors
from portal.models import StaffRole
from portal.permissions import staff_role_required
from portal.requests import PersonRequest

READERS = (StaffRole.CASEWORKER, StaffRole.SUPERVISOR)
# What a form takes besides its file.
MARGIN = 100_000
# A browser shows our answer only if it could send its file to the end; this much is let pass by.
POLITENESS = 500_000_000
SHOWN = 100


@csrf_exempt
@staff_role_required(StaffRole.CASEWORKER)
def import_list(request: PersonRequest) -> HttpResponse:
    """Turns a far too large file away unread; nothing else is done without the CSRF token.

    The token stands in the same body as the file, so checking it first would read the file.
    """
    if request.method == "POST":
        size = int(request.META.get("CONTENT_LENGTH") or 0)
        if size > settings.IMPORT_MAX_BYTES + MARGIN:
            _let_pass(request)
            form = ImportForm()
            try:
                imports.refuse_too_large(size)
            except DomainError as error:
                form = _with_error(str(error))
            return _import_page(request, form, status=413)
    return _import_list(request)


@csrf_protect
def _import_list(request: PersonRequest) -> HttpResponse:
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            imports.refuse_too_large(file.size)
            data = file.read()
            batch = imports.import_list(file_name=file.name, data=data, by=request.user)
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            if unused := imports.unused_headings(data):
                said = _("These columns are not used: %(names)s.") % {"names": ", ".join(unused)}
                messages.warning(request, said)
            return redirect("admin:mou_certificateimport_change", batch.pk)
    elif request.method == "POST":
        form = ImportForm(request.POST, request.FILES)
    return _import_page(request, form)


def _with_error(sentence: str) -> ImportForm:
    """The form as if it had been filled in and refused; there is no file to show it."""
    form = ImportForm({})
    form.errors["file"] = form.error_class([sentence])
    return form


def _let_pass(request: PersonRequest) -> None:
    left = POLITENESS
    while left > 0 and (chunk := request.read(1 << 16)):
        left -= len(chunk)


def _import_page(request: PersonRequest, form: ImportForm, status: int = 200) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Import certificates"),
        "form": form,
        "button": _("Import"),
        "back_url": reverse("admin:mou_certificateimport_changelist"),
        "headings": HEADINGS,
        "largest": settings.IMPORT_MAX_BYTES // 1_000_000,
        "most": settings.IMPORT_MAX_ROWS,
    }
    return render(request, "admin/mou/certificateimport/import.html", context, status=status)


def facts(batch: CertificateImport) -> dict[str, Any]:
    """Everything that the page of one import shows."""
    rejected = list(batch.rejected.order_by("line")[: SHOWN + 1])
    notes = list(batch.notes.order_by("line")[: SHOWN + 1])
    return {
        "title": batch.file_name,
        "subtitle": None,
        "batch": batch,
        "rejected": rejected[:SHOWN],
        "more_rejected": len(rejected) > SHOWN,
        "notes": notes[:SHOWN],
        "more_notes": len(notes) > SHOWN,
        "shown": SHOWN,
        "poll_url": reverse("admin:mou_certificateimport_state", args=[batch.pk]),
        **progress(batch),
    }


def progress(batch: CertificateImport) -> dict[str, Any]:
    if batch.status == ImportStatus.WAITING:
        text = _("Waiting for a worker.")
    else:
        text = ngettext(
            "%(done)d of %(total)d row read.", "%(done)d of %(total)d rows read.", batch.rows_total
        ) % {"done": batch.rows_done, "total": batch.rows_total}
    return {
        "done": batch.rows_done,
        "total": batch.rows_total,
        "text": text,
        "finished": batch.status in (ImportStatus.FINISHED, ImportStatus.REFUSED),
    }


@staff_role_required(*READERS)
def state(request: PersonRequest, object_id: int) -> JsonResponse:
    """The same for the script of the page."""
    return JsonResponse(progress(get_object_or_404(CertificateImport, pk=object_id)))


@require_POST
@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors("admin:mou_certificateimport_change")
def download_rejected(request: PersonRequest, object_id: int) -> HttpResponse:
    """The rejected rows to correct and send again; a POST, because taking them is recorded."""
    batch = get_object_or_404(CertificateImport, pk=object_id)
    if not batch.rows_rejected:
        messages.info(request, _("No row was rejected."))
        return redirect("admin:mou_certificateimport_change", batch.pk)
    text = imports.rejected_list(batch=batch, by=request.user)
    # With a byte order mark, or spreadsheets take the letters for Latin-1.
    response = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejected-rows-{batch.pk}.csv"'
    return response
