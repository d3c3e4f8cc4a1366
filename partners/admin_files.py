"""Files with entries at the liaison desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import keeping_permissions
from partners.admin_partners import DirectoryAdmin, user_of
from partners.admin_views import files as views
from partners.file_changes import CONFLICT
from partners.lifecycle import FILE, allows
from partners.models import DirectoryImport, ImportState
from portal.desk import LongListAdmin, Verb
from portal.permissions import may_read

may_read("partners.directoryimport", *keeping_permissions.READERS)


@admin.register(DirectoryImport)
class DirectoryImportAdmin(LongListAdmin, DirectoryAdmin):
    list_display = ("file_name", "kind", "state", "uploaded_at", "uploaded_by", "said")
    list_filter = ("state", "kind")
    list_select_related = ("uploaded_by",)
    search_fields = ("^file_name",)
    search_help_text = gettext_lazy("Beginning of the file’s name")
    fields = ("file_name",)
    change_form_template = "admin/partners/directoryimport/file.html"

    @admin.display(description=gettext_lazy("what it said"))
    def said(self, batch: DirectoryImport) -> str:
        if not batch.counts:
            return "–"
        counts = {"new": 0, "changed": 0, "conflict": 0, "error": 0, **batch.counts}
        return _("%(new)d new, %(changed)d changed, %(conflict)d edited, %(error)d wrong") % counts

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        if not keeping_permissions.can_keep(user_of(request)):
            return []
        name = "admin:partners_directoryimport_"
        cards = {version: reverse(f"{name}cards", args=[version]) for version in (4, 3)}
        return [
            {"text": _("Import entries"), "url": reverse(f"{name}send"), "link": True},
            {"text": _("Export as a table"), "url": reverse(f"{name}table"), "secondary": True},
            {"text": _("Export as cards"), "url": cards[4], "secondary": True},
            {"text": _("Cards of version 3"), "url": cards[3], "secondary": True},
        ]

    def verbs(self, request: HttpRequest, obj: DirectoryImport) -> list[Verb]:
        user = user_of(request)
        if not keeping_permissions.can_keep(user) or not allows(FILE, "drop", obj.state):
            return []
        conflicts = any(one["kind"] == CONFLICT for one in obj.changes)
        found = [_button(obj, _("Drop this file"), "drop", secondary=True)]
        if obj.state == ImportState.REFUSED:
            found.insert(0, _button(obj, _("Compare it anew"), "compare"))
        elif obj.changes and not obj.errors and not conflicts:
            found.insert(0, _button(obj, _("Apply all of it"), "confirm"))
        return found

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        name = "partners_directoryimport_"
        return [
            path("send/", guard(views.send_file), name=f"{name}send"),
            path("table/", guard(views.export_table), name=f"{name}table"),
            path("cards/<int:version>/", guard(views.export_cards), name=f"{name}cards"),
            *(
                path(f"<int:object_id>/{verb}/", guard(view), name=f"{name}{verb}")
                for verb, view in views.VERBS.items()
            ),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        batch = self.get_object(request, object_id)
        if batch is not None and self.has_view_permission(request, batch):
            extra_context = {**(extra_context or {}), **views.facts(batch)}
        return super().change_view(request, object_id, form_url, extra_context)


def _button(batch: DirectoryImport, text: str, verb: str, **style: bool) -> Verb:
    url = reverse(f"admin:partners_directoryimport_{verb}", args=[batch.pk])
    return {"text": text, "url": url, **style}
