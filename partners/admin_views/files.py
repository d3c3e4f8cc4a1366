"""Files with entries at the liaison desk: send one, look at what it would change, apply it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django.contrib import admin, messages
from django.http import Http404, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from partners import keeping_permissions as permissions
from partners.actions import exporting, files
from partners.file_changes import CHANGED, CONFLICT, NEW
from partners.file_records import ENDS, MOST_BYTES
from partners.forms.files import FileForm
from partners.models import DirectoryImport, ImportState
from portal.errors import DomainError, shows_domain_errors
from portal.models import StaffRole
from portal.permissions import staff_role_required
from portal.requests import PersonRequest

PAGE = "admin:partners_directoryimport_change"
SHOWN = 200


@staff_role_required(StaffRole.LIAISON_OFFICER)
def send_file(request: PersonRequest) -> HttpResponse:
    """Compared first: nothing of it is applied yet."""
    if not permissions.can_keep(request.user):
        raise Http404
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            batch = files.send_file(
                file_name=sent.name,
                # One byte more than may be: what is too large is refused with its sentence.
                data=sent.read(MOST_BYTES + 1),
                partner=form.cleaned_data["partner"],
                duty=form.cleaned_data["duty"],
                by=request.user,
            )
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            return redirect(PAGE, batch.pk)
    context = {
        **admin.site.each_context(request),
        "title": _("Import entries"),
        "text": _(
            "The file is compared with the directory first. You see every difference before "
            "anything is applied, and either all of it is applied or nothing."
        ),
        "form": form,
        "button": _("Compare with the directory"),
        "back_url": reverse("admin:partners_directoryimport_changelist"),
        "back_name": _("Files with entries"),
    }
    return render(request, "portal/admin/form.html", context)


def facts(batch: DirectoryImport) -> dict[str, Any]:
    """All that the page of one file shows."""
    words = {
        CONFLICT: _("Edited since the export"),
        CHANGED: _("Changed"),
        NEW: _("New"),
    }
    order = list(words)
    changes = sorted(batch.changes, key=lambda one: (order.index(one["kind"]), one["line"]))
    return {
        "title": batch.file_name,
        "subtitle": None,
        "comparing": batch.state == ImportState.COMPARING,
        "refused": batch.state == ImportState.REFUSED,
        "poll_url": reverse("admin:partners_directoryimport_state", args=[batch.pk]),
        **progress(batch),
        "batch": batch,
        "kinds": [(text, batch.counts.get(kind, 0)) for kind, text in words.items()],
        "same": batch.counts.get("same", 0),
        "wrong": batch.counts.get("error", 0),
        "changes": [
            {**one, "word": words[one["kind"]], "ends": ENDS.get(one["table"]) in one["cells"]}
            for one in changes[:SHOWN]
        ],
        "more_changes": max(0, len(changes) - SHOWN),
        "errors": batch.errors[:SHOWN],
        "more_errors": max(0, len(batch.errors) - SHOWN),
    }


def progress(batch: DirectoryImport) -> dict[str, Any]:
    """Whether it is done: half of a file is never to be seen, so nothing is counted."""
    count = len(batch.changes)
    if batch.state == ImportState.COMPARING:
        return {"text": _("The file is being compared with the directory."), "finished": False}
    text = ngettext(
        "%(count)d change is being applied.", "%(count)d changes are being applied.", count
    ) % {"count": count}
    return {"text": text, "finished": batch.state != ImportState.APPLYING}


@staff_role_required(StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR)
def state(request: PersonRequest, object_id: int) -> JsonResponse:
    """The same for the script of the page."""
    if not permissions.can_read_directory(request.user):
        raise Http404
    return JsonResponse(progress(get_object_or_404(DirectoryImport, pk=object_id)))


@require_POST
@staff_role_required(StaffRole.LIAISON_OFFICER)
@shows_domain_errors(PAGE)
def confirm_file(request: PersonRequest, object_id: int) -> HttpResponse:
    """What was shown is applied, by a worker."""
    batch = get_object_or_404(DirectoryImport, pk=object_id)
    files.confirm_file(batch=batch, by=request.user)
    return redirect(PAGE, batch.pk)


@require_POST
@staff_role_required(StaffRole.LIAISON_OFFICER)
@shows_domain_errors(PAGE)
def compare_anew(request: PersonRequest, object_id: int) -> HttpResponse:
    batch = get_object_or_404(DirectoryImport, pk=object_id)
    files.compare_anew(batch=batch, by=request.user)
    return redirect(PAGE, batch.pk)


@require_POST
@staff_role_required(StaffRole.LIAISON_OFFICER)
@shows_domain_errors(PAGE)
def drop_file(request: PersonRequest, object_id: int) -> HttpResponse:
    batch = get_object_or_404(DirectoryImport, pk=object_id)
    files.drop_file(batch=batch, by=request.user)
    messages.success(request, _("The file is dropped. Nothing of it was applied."))
    return redirect(PAGE, batch.pk)


@require_POST
@staff_role_required(StaffRole.LIAISON_OFFICER)
@shows_domain_errors("admin:partners_directoryimport_changelist")
def export_table(request: PersonRequest) -> HttpResponse:
    """A POST, because taking it is recorded."""
    return _sent(exporting.export_table(by=request.user), "text/csv", "csv")


@require_POST
@staff_role_required(StaffRole.LIAISON_OFFICER)
@shows_domain_errors("admin:partners_directoryimport_changelist")
def export_cards(request: PersonRequest, version: int) -> HttpResponse:
    if version not in (3, 4):
        raise Http404
    cards = exporting.export_cards(version=f"{version}.0", by=request.user)
    return _sent(cards, "text/vcard", "vcf")


# The word in the address → what it does.
VERBS = {
    "state": state,
    "confirm": confirm_file,
    "compare": compare_anew,
    "drop": drop_file,
}


def _sent(text: Iterator[str], kind: str, ending: str) -> HttpResponse:
    response = StreamingHttpResponse(text, content_type=f"{kind}; charset=utf-8")
    name = f"directory-{timezone.localdate():%Y-%m-%d}.{ending}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return cast(HttpResponse, response)  # no subclass, but views are given either
