"""What the portal writes of itself, at the desk: the record, the outbox, the reference lists."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from portal import admin_verbs, log_admin_views
from portal.desk import DeskAdmin, Verb
from portal.models import AuditEvent, OutboxMessage, ReferenceItem
from portal.requests import PersonRequest


@admin.register(AuditEvent)
class AuditEventAdmin(DeskAdmin):
    """Reading the record is itself recorded, with its reason."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return log_admin_views.read(cast(PersonRequest, request))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The list shows all there is of an event."""
        return redirect("admin:portal_auditevent_changelist")

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [path("export/", guard(log_admin_views.export), name="portal_auditevent_export")]


@admin.register(OutboxMessage)
class OutboxMessageAdmin(DeskAdmin):
    list_display = ("task", "queue", "created_at", "available_at", "attempts", "done_at")
    list_filter = ("queue", ("done_at", admin.EmptyFieldListFilter))
    search_fields = ("key", "=task")
    ordering = ("-pk",)

    def verbs(self, request: HttpRequest, obj: OutboxMessage) -> list[Verb]:
        if obj.done_at is not None:
            return []
        url = reverse("admin:portal_outboxmessage_retry", args=[obj.pk])
        return [{"text": _("Try again now"), "url": url, "danger": False}]

    def desk_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:object_id>/retry/",
                self.admin_site.admin_view(admin_verbs.retry),
                name="portal_outboxmessage_retry",
            )
        ]


@admin.register(ReferenceItem)
class ReferenceItemAdmin(DeskAdmin):
    list_display = ("list", "code", "label", "confirmed", "valid_from", "valid_to")
    list_filter = ("list", "confirmed")
    search_fields = ("code", "label")
    ordering = ("list", "code")
