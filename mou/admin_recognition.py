"""Mutual recognition of trust schemes at the officers' desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou import permissions
from mou import recognition_admin_views as views
from mou.models import MutualRecognition
from portal.desk import DeskAdmin, Verb
from portal.models import StaffRole
from portal.permissions import may_read

may_read(
    "mou.mutualrecognition",
    StaffRole.CASEWORKER,
    StaffRole.COUNTERSIGNER,
    StaffRole.SUPERVISOR,
)


@admin.register(MutualRecognition)
class MutualRecognitionAdmin(DeskAdmin):
    list_display = (
        "country_name",
        "scheme",
        "partner_scheme",
        "legal_basis",
        "from_",
        "valid_to",
        "stands",
    )
    list_select_related = ("scheme",)
    ordering = ("country", "-valid_from", "pk")
    fields = (
        "country",
        "scheme",
        "partner_scheme",
        "legal_basis",
        ("valid_from", "valid_to"),
        "stands",
        ("recorded_at", "recorded_by"),
        "replaced_at",
    )
    readonly_fields = ("stands",)
    downloadable = True

    @admin.display(description=gettext_lazy("country"), ordering="country")
    def country_name(self, recognition: MutualRecognition) -> str:
        return str(recognition)

    @admin.display(description=gettext_lazy("valid from"), ordering="valid_from")
    def from_(self, recognition: MutualRecognition) -> str:
        day = recognition.valid_from
        return date_format(day) if day else _("Day not confirmed")

    @admin.display(description=gettext_lazy("stands"))
    def stands(self, recognition: MutualRecognition) -> str:
        today, first, last = timezone.localdate(), recognition.valid_from, recognition.valid_to
        if recognition.replaced_at is not None:
            return _("Replaced by a row with its day")
        if first is None:
            return _("Day not confirmed")
        if first > today:
            return _("From its first day")
        return _("Ended") if last is not None and last < today else _("In force")

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path("record/", guard(views.record), name="mou_mutualrecognition_record"),
            path(
                "<int:object_id>/record/",
                guard(views.record_anew),
                name="mou_mutualrecognition_record_anew",
            ),
            path("<int:object_id>/end/", guard(views.end), name="mou_mutualrecognition_end"),
        ]

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        user: Any = request.user
        if not permissions.can_record_trust(user):
            return []
        url = reverse("admin:mou_mutualrecognition_record")
        return [{"text": _("Record recognition"), "url": url, "link": True}]

    def verbs(self, request: HttpRequest, obj: MutualRecognition) -> list[Verb]:
        user: Any = request.user
        if not permissions.can_record_trust(user) or obj.replaced_at is not None:
            return []
        anew = reverse("admin:mou_mutualrecognition_record_anew", args=[obj.pk])
        if obj.valid_from is None:
            return [{"text": _("Record its days"), "url": anew, "link": True}]
        if obj.valid_to is not None:
            return [{"text": _("Record what follows"), "url": anew, "link": True}]
        end = reverse("admin:mou_mutualrecognition_end", args=[obj.pk])
        return [{"text": _("Record the last day"), "url": end, "link": True}]
