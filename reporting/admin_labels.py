"""The list of labels at the desk, kept by supervisors."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from portal.desk import DeskAdmin, Verb
from portal.models import StaffRole, User
from portal.permissions import may_read
from reporting import permissions
from reporting.admin_views import labels
from reporting.models import Label

may_read("reporting.label", StaffRole.TRIAGE_OFFICER, StaffRole.SUPERVISOR)


@admin.register(Label)
class LabelAdmin(DeskAdmin):
    list_display = ("name", "code", "retired_at")
    fields = ("name", "code", "retired_at")
    ordering = ("name",)

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("add_label/", guard(labels.add_label), name="reporting_label_add_label"),
            path(
                "<int:object_id>/retire_label/",
                guard(labels.retire_label),
                name="reporting_label_retire_label",
            ),
        ]

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        if not isinstance(request.user, User) or not permissions.can_keep_labels(request.user):
            return []
        url = reverse("admin:reporting_label_add_label")
        return [{"text": _("Add a label"), "url": url, "link": True}]

    def verbs(self, request: HttpRequest, obj: Label) -> list[Verb]:
        if not isinstance(request.user, User) or not permissions.can_keep_labels(request.user, obj):
            return []
        url = reverse("admin:reporting_label_retire_label", args=[obj.pk])
        return [{"text": _("Retire"), "url": url, "danger": True}]
