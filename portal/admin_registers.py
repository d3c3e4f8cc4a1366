"""The registers at the desk: the data protection officer writes them, the auditor reads along."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal import activities, audit, register_verbs
from portal.desk import DeskAdmin, Verb
from portal.lifecycle import BreachStatus
from portal.models import Breach, ProcessingActivity, RightsRequest, User
from portal.models.audit import AuditKind
from portal.permissions import staff_role_required
from portal.requests import PersonRequest
from portal.templatetags.register_desk import READERS


class RegisterAdmin(DeskAdmin):
    """A list without names or texts; a record whose reading is recorded."""

    list_display_links: Any = ("number",)

    def verbs(self, request: HttpRequest, obj: Model) -> list[Verb]:
        return register_verbs.buttons(_user(request), self.model, obj)

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        return register_verbs.buttons(_user(request), self.model, None)

    def desk_urls(self) -> list[URLPattern]:
        return register_verbs.urls(self.model)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        thing = self.get_object(request, object_id)
        if thing is not None and self.has_view_permission(request, thing):
            audit.record(
                "register_consulted",
                target=thing,
                by=_user(request),
                kind=AuditKind.CONSULTATION,
            )
        return super().change_view(request, object_id, form_url, extra_context)

    @admin.display(description=gettext_lazy("number"), ordering="pk")
    def number(self, thing: Model) -> str:
        return str(thing)


@admin.register(RightsRequest)
class RightsRequestAdmin(RegisterAdmin):
    list_display = ("number", "kind", "standing", "received_on", "due", "contested")
    list_filter = ("status", "kind", "regime", "route")
    ordering = ("-pk",)
    fields = (
        "kind",
        "regime",
        "route",
        "person",
        "wish",
        "status",
        "received_on",
        "due_on",
        "extension_reason",
        "identified_at",
        "identified_by",
        "identified_how",
        "contested",
        "contested_what",
        "outcome",
        "refusal_ground",
        "decision",
        "decided_at",
        "decided_by",
        "closed_at",
    )

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def standing(self, asked: RightsRequest) -> SafeString:
        return _tag(asked.get_status_display(), "grey" if asked.decided_at else "blue")

    @admin.display(description=gettext_lazy("due"), ordering="due_on")
    def due(self, asked: RightsRequest) -> SafeString | Any:
        if asked.decided_at is None and asked.due_on < timezone.localdate():
            return _tag(_("overdue"), "red")
        return asked.due_on


@admin.register(Breach)
class BreachAdmin(RegisterAdmin):
    list_display = ("number", "discovered_at", "standing", "clock", "people", "people_told_at")
    list_filter = ("status", "regime")
    ordering = ("-pk",)
    fields = (
        "regime",
        "status",
        "discovered_at",
        "due_at",
        "nature",
        "categories",
        "people",
        "consequences",
        "measures",
        "notified_at",
        "notified_by",
        "authority_reference",
        "late_reason",
        "not_notified_reason",
        "people_told_at",
        "people_told_how",
        "recorded_by",
        "closed_at",
    )

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def standing(self, breach: Breach) -> SafeString:
        colour = "blue" if breach.status == BreachStatus.DISCOVERED else "grey"
        return _tag(breach.get_status_display(), colour)

    @admin.display(description=gettext_lazy("72 hours"), ordering="due_at")
    def clock(self, breach: Breach) -> SafeString | str:
        if breach.status != BreachStatus.DISCOVERED:
            return "–"
        left = breach.hours_left()
        if left < 0:
            return _tag(_("overdue"), "red")
        told = ngettext("%(n)d hour left", "%(n)d hours left", left) % {"n": left}
        return _tag(told, "red" if left < 24 else "orange")


@admin.register(ProcessingActivity)
class ProcessingActivityAdmin(RegisterAdmin):
    list_display = ("name", "regime", "purpose", "changed_at", "ended_at")
    list_display_links = ("name",)
    list_filter = ("regime", ("ended_at", admin.EmptyFieldListFilter))
    ordering = ("name",)
    fields = (*activities.COLUMNS, "changed_at", "changed_by", "ended_at")

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        as_file = "admin:portal_processingactivity_export"
        return [
            *super().list_verbs(request),
            *(
                {
                    "text": _("Download as %(form)s") % {"form": form.upper()},
                    "url": reverse(as_file, args=[form]),
                    "link": True,
                    "secondary": True,
                }
                for form in FORMS
            ),
        ]

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("as/<slug:form>/", guard(export), name="portal_processingactivity_export"),
            *super().desk_urls(),
        ]


FORMS = {
    "csv": ("text/csv; charset=utf-8", activities.as_csv),
    "json": ("application/json", activities.as_json),
}


@staff_role_required(*READERS)
def export(request: PersonRequest, form: str) -> HttpResponse:
    """The register of processing as a file, for the supervisory authority."""
    if form not in FORMS:
        form = "csv"
    kind, made = FORMS[form]
    audit.record(
        "register_exported",
        target=request.user,
        by=request.user,
        kind=AuditKind.DISCLOSURE,
        register="processing",
    )
    name = f'attachment; filename="processing.{form}"'
    return HttpResponse(made(), content_type=kind, headers={"Content-Disposition": name})


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the desk admits nobody else
    return request.user


def _tag(text: Any, colour: str) -> SafeString:
    return format_html('<span class="desk-tag desk-tag--{}">{}</span>', colour, text)
