"""What officers do with lists of certificates: send one, watch it, take rejected rows out."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from mou.actions import comparing, imports
from mou.certificate_files import HEADINGS
from mou.comparison import FIELDS
from mou.desk_forms import ImportForm
from mou.models import CertificateImport, Difference, DifferenceKind, ImportStatus
from portal import spreadsheets
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
PAGE = "admin:mou_certificateimport_change"


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
            batch = imports.import_list(
                file_name=file.name,
                data=data,
                complete=form.cleaned_data["complete"],
                by=request.user,
            )
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            if unused := imports.unused_headings(data):
                said = _("These columns are not used: %(names)s.") % {"names": ", ".join(unused)}
                messages.warning(request, said)
            return redirect(PAGE, batch.pk)
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
        "button": _("Compare with the register"),
        "back_url": reverse("admin:mou_certificateimport_changelist"),
        "headings": HEADINGS,
        "largest": settings.IMPORT_MAX_BYTES // 1_000_000,
        "most": settings.IMPORT_MAX_ROWS,
    }
    return render(request, "admin/mou/certificateimport/import.html", context, status=status)


def facts(batch: CertificateImport, kind: str) -> dict[str, Any]:
    """Everything that the page of one import shows; of the differences those of one kind."""
    rejected = list(batch.rejected.order_by("line")[: SHOWN + 1])
    notes = list(batch.notes.order_by("line")[: SHOWN + 1])
    kinds = [(one, batch.counts[one]) for one in DifferenceKind if batch.counts.get(one)]
    if kind not in batch.counts:
        kind = kinds[0][0] if kinds else ""
    found = batch.differences.filter(kind=kind).order_by("pk")[: SHOWN + 1]
    differences = [{"is": one, "changes": _changes(one)} for one in found]
    return {
        "title": batch.file_name,
        "subtitle": None,
        "batch": batch,
        "kinds": [(one, one.label, count, one == kind) for one, count in kinds],
        "kind": DifferenceKind(kind).label if kind else "",
        "differences": differences[:SHOWN],
        "more_differences": len(differences) > SHOWN,
        "waits": batch.status == ImportStatus.COMPARED,
        "rejected": rejected[:SHOWN],
        "more_rejected": len(rejected) > SHOWN,
        "notes": notes[:SHOWN],
        "more_notes": len(notes) > SHOWN,
        "shown": SHOWN,
        "poll_url": reverse("admin:mou_certificateimport_state", args=[batch.pk]),
        **progress(batch),
    }


def _changes(one: Difference) -> list[tuple[str, ...]]:
    """Field, what the register says, what the list says; what stands beside it is left out."""
    beside = {"holder", "number"} if one.kind == DifferenceKind.NEW else set()
    return [
        (str(text), *(_readable(name, said) for said in one.changes[name]))
        for name, text in FIELDS.items()
        if name in one.changes and name not in beside
    ]


def _readable(name: str, said: str) -> str:
    if name == "effective" and said:
        return date_format(date.fromisoformat(said))
    return str(_("made")) if name == "offer" and said else said


def progress(batch: CertificateImport) -> dict[str, Any]:
    """How far the work on it is: first compared, and once confirmed applied."""
    done = batch.rows_done if batch.confirmed_at else batch.rows_compared
    if batch.status == ImportStatus.WAITING:
        text = _("Waiting for a worker.")
    elif batch.confirmed_at:
        text = ngettext(
            "%(done)d of %(total)d row applied.",
            "%(done)d of %(total)d rows applied.",
            batch.rows_total,
        ) % {"done": done, "total": batch.rows_total}
    else:
        text = ngettext(
            "%(done)d of %(total)d row compared.",
            "%(done)d of %(total)d rows compared.",
            batch.rows_total,
        ) % {"done": done, "total": batch.rows_total}
    working = (ImportStatus.WAITING, ImportStatus.COMPARING, ImportStatus.RUNNING)
    return {
        "done": done,
        "total": batch.rows_total,
        "text": text,
        "finished": batch.status not in working,
    }


@staff_role_required(*READERS)
def state(request: PersonRequest, object_id: int) -> JsonResponse:
    """The same for the script of the page."""
    return JsonResponse(progress(get_object_or_404(CertificateImport, pk=object_id)))


@require_POST
@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def confirm(request: PersonRequest, object_id: int) -> HttpResponse:
    """What was shown is applied."""
    batch = get_object_or_404(CertificateImport, pk=object_id)
    imports.confirm_import(batch=batch, by=request.user)
    messages.success(request, _("The list is being applied."))
    return redirect(PAGE, batch.pk)


@require_POST
@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def drop(request: PersonRequest, object_id: int) -> HttpResponse:
    batch = get_object_or_404(CertificateImport, pk=object_id)
    imports.drop_import(batch=batch, by=request.user)
    messages.success(request, _("The list is dropped. Nothing of it was applied."))
    return redirect(PAGE, batch.pk)


@require_POST
@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def download_differences(request: PersonRequest, object_id: int) -> HttpResponse:
    """All of them; a POST, because taking them is recorded."""
    batch = get_object_or_404(CertificateImport, pk=object_id)
    rows = comparing.differences_list(batch=batch, by=request.user)
    return spreadsheets.attachment(rows, f"differences-{batch.pk}.csv")


@require_POST
@staff_role_required(StaffRole.CASEWORKER)
@shows_domain_errors(PAGE)
def download_rejected(request: PersonRequest, object_id: int) -> HttpResponse:
    """The rejected rows to correct and send again; a POST, because taking them is recorded."""
    batch = get_object_or_404(CertificateImport, pk=object_id)
    if not batch.rejected.exists():
        messages.info(request, _("No row was rejected."))
        return redirect(PAGE, batch.pk)
    text = imports.rejected_list(batch=batch, by=request.user)
    # With a byte order mark, or spreadsheets take the letters for Latin-1.
    response = HttpResponse(text.encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="rejected-rows-{batch.pk}.csv"'
    return response
