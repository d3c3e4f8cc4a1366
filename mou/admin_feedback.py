"""Feedback to firms at the officers' desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou import feedback_admin_views as views
from mou import feedback_permissions as permissions
from mou.feedback_words import words
from mou.models import Feedback
from portal.desk import LongListAdmin, Verb
from portal.models import StaffRole
from portal.permissions import may_read

may_read("mou.feedback", StaffRole.CASEWORKER, StaffRole.COUNTERSIGNER, StaffRole.SUPERVISOR)
ABOUT = {
    "alert": gettext_lazy("Alert"),
    "measure": gettext_lazy("Measure"),
    "activity": gettext_lazy("Joint activity"),
    "training": gettext_lazy("Training"),
}


class CodeFilter(admin.SimpleListFilter):
    title = gettext_lazy("what is said")
    parameter_name = "said"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(one.code, _(one.desk)) for one in words().values()]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(code=self.value()) if self.value() else queryset


@admin.register(Feedback)
class FeedbackAdmin(LongListAdmin):
    list_display = ("firm", "about", "said", "sentence", "given_at", "given_by", "taken_back_at")
    list_filter = (CodeFilter,)
    list_select_related = ("mou__organisation", "cover__organisation", "given_by")
    search_fields = (
        "mou__organisation__legal_name",
        "cover__organisation__legal_name",
        "mou__number",
    )
    search_help_text = gettext_lazy("Firm or number of its agreement")
    downloadable = True
    fields = (
        ("mou", "cover"),
        "about",
        ("delivery", "measure", "activity", "training"),
        "said",
        "sentence",
        ("given_at", "given_by"),
        ("taken_back_at", "taken_back_by"),
    )
    readonly_fields = ("about", "said")

    @admin.display(description=gettext_lazy("firm"))
    def firm(self, feedback: Feedback) -> str:
        return str(feedback.firm)

    @admin.display(description=gettext_lazy("on"))
    def about(self, feedback: Feedback) -> str:
        return str(ABOUT[feedback.about])

    @admin.display(description=gettext_lazy("what is said"))
    def said(self, feedback: Feedback) -> str:
        known = words().get(feedback.code)
        return _(known.desk) if known else feedback.code

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path(
                "<int:object_id>/take-back/",
                guard(views.take_back),
                name="mou_feedback_take_back",
            )
        ]

    def verbs(self, request: HttpRequest, obj: Feedback) -> list[Verb]:
        user: Any = request.user
        if not permissions.can_take_back(user, obj):
            return []
        url = reverse("admin:mou_feedback_take_back", args=[obj.pk])
        return [{"text": _("Take it back"), "url": url, "secondary": True}]
