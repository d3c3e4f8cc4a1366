"""Lists of certificates at the officers' desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou import import_admin_views as views
from mou import import_permissions, permissions
from mou.models import CertificateImport, ImportStatus
from portal.desk import DeskAdmin, Verb
from portal.permissions import may_read

may_read("mou.certificateimport", *views.READERS)

COLOURS = {
    ImportStatus.WAITING: "yellow",
    ImportStatus.COMPARING: "blue",
    ImportStatus.COMPARED: "orange",
    ImportStatus.RUNNING: "blue",
    ImportStatus.FINISHED: "green",
    ImportStatus.REFUSED: "red",
    ImportStatus.DROPPED: "grey",
}


@admin.register(CertificateImport)
class CertificateImportAdmin(DeskAdmin):
    list_display = (
        "file_name",
        "state",
        "uploaded_at",
        "rows",
        "new",
        "changed",
        "rejected",
    )
    list_filter = ("status",)
    search_fields = ("^file_name",)
    search_help_text = gettext_lazy("Beginning of the file’s name")
    ordering = ("-pk",)
    downloadable = True
    fields = ("file_name",)
    change_form_template = "admin/mou/certificateimport/batch.html"

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, batch: CertificateImport) -> SafeString:
        colour = COLOURS[ImportStatus(batch.status)]
        return format_html(
            '<span class="desk-tag desk-tag--{}">{}</span>', colour, batch.get_status_display()
        )

    @admin.display(description=gettext_lazy("rows"))
    def rows(self, batch: CertificateImport) -> int:
        return batch.rows_total

    @admin.display(description=gettext_lazy("new"))
    def new(self, batch: CertificateImport) -> int:
        return batch.rows_new

    @admin.display(description=gettext_lazy("changed"))
    def changed(self, batch: CertificateImport) -> int:
        return batch.rows_changed

    @admin.display(description=gettext_lazy("rejected"), ordering="rows_rejected")
    def rejected(self, batch: CertificateImport) -> int:
        return batch.rows_rejected

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        if not permissions.can_import(request.user):  # type: ignore[arg-type]
            return []
        url = reverse("admin:mou_certificateimport_import")
        return [{"text": _("Import certificates"), "url": url, "link": True}]

    def verbs(self, request: HttpRequest, obj: CertificateImport) -> list[Verb]:
        user: Any = request.user
        found = []
        if import_permissions.can_confirm(user, obj):
            found.append(_verb(obj, _("Apply this list"), "confirm"))
        if permissions.can_import(user) and obj.counts:
            found.append(_verb(obj, _("Download the differences"), "differences", secondary=True))
        if permissions.can_import(user) and (obj.rows_rejected or obj.rejected.exists()):
            found.append(_verb(obj, _("Download the rejected rows"), "rejected", secondary=True))
        if import_permissions.can_drop(user, obj):
            found.append(_verb(obj, _("Drop this list"), "drop", secondary=True))
        return found

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        pages = {
            "state": views.state,
            "confirm": views.confirm,
            "drop": views.drop,
            "differences": views.download_differences,
            "rejected": views.download_rejected,
        }
        return [
            path("import/", guard(views.import_list), name="mou_certificateimport_import"),
            *(
                path(f"<int:object_id>/{name}/", guard(view), name=f"mou_certificateimport_{name}")
                for name, view in pages.items()
            ),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        batch = self.get_object(request, object_id)
        if batch is not None and self.has_view_permission(request, batch):
            extra_context = {
                **(extra_context or {}),
                **views.facts(batch, request.GET.get("kind", "")),
            }
            extra_context["colour"] = COLOURS[ImportStatus(batch.status)]
        return super().change_view(request, object_id, form_url, extra_context)


def _verb(batch: CertificateImport, text: str, verb: str, **style: bool) -> Verb:
    url = reverse(f"admin:mou_certificateimport_{verb}", args=[batch.pk])
    return {"text": text, "url": url, **style}
