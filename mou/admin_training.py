"""Training and guidance at the officers' desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou import feedback_admin_views as feedback
from mou import feedback_permissions
from mou import training_admin_views as views
from mou import training_permissions as permissions
from mou.lifecycle import TrainingStatus
from mou.models import Attendee, Guidance, Training
from portal import reference
from portal.desk import LongListAdmin, Verb
from portal.models import StaffRole, User
from portal.permissions import may_read

for table in ("training", "attendee", "guidance"):
    may_read(f"mou.{table}", StaffRole.CASEWORKER, StaffRole.COUNTERSIGNER, StaffRole.SUPERVISOR)
COLOURS = {
    TrainingStatus.PLANNED: "grey",
    TrainingStatus.OFFERED: "green",
    TrainingStatus.HELD: "grey",
    TrainingStatus.CANCELLED: "red",
}
# Offered in the filter; older ones are reached from their own pages.
OFFERED = 20


def _firms(row: Training | Guidance) -> str:
    labels = [reference.label("actor_role", code) for code in row.audience]
    return ", ".join(labels) or _("Every partner firm whose agreement is in force")


@admin.register(Training)
class TrainingAdmin(LongListAdmin):
    list_display = ("title", "status_tag", "starts_at", "place", "seats")
    list_filter = ("status",)
    search_fields = ("title", "place")
    search_help_text = gettext_lazy("Words of the title or the place")
    downloadable = True
    fields = (
        "status_tag",
        "title",
        "about",
        "firms",
        "place",
        ("starts_at", "ends_at"),
        ("seats", "taken"),
        "planned_by",
        ("recorded_at", "recorded_by"),
        "cancellation",
    )
    readonly_fields = ("status_tag", "firms", "taken")

    @admin.display(description=gettext_lazy("status"))
    def status_tag(self, training: Training) -> SafeString:
        tag = '<span class="desk-tag desk-tag--{}">{}</span>'
        colour = COLOURS[TrainingStatus(training.status)]
        return format_html(tag, colour, training.get_status_display())

    @admin.display(description=gettext_lazy("which firms"))
    def firms(self, training: Training) -> str:
        return _firms(training)

    @admin.display(description=gettext_lazy("taken"))
    def taken(self, training: Training) -> int:
        return training.attendees.coming().count()

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        verbs = {
            "edit": views.edit,
            "offer": views.offer,
            "cancel": views.cancel,
            "record": views.record,
        }
        return [
            path("plan/", guard(views.plan), name="mou_training_plan"),
            *(
                path(f"<int:object_id>/{verb}/", guard(view), name=f"mou_training_{verb}")
                for verb, view in verbs.items()
            ),
        ]

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        return _new(request, _("Plan a session"), "admin:mou_training_plan")

    def verbs(self, request: HttpRequest, obj: Training) -> list[Verb]:
        user = request.user
        assert isinstance(user, User)  # noqa: S101 - the desk admits nobody else
        offered: list[tuple[str, str, dict[str, bool]]] = [
            ("offer", _("Invite the firms"), {}),
            ("record", _("Record attendance"), {"link": True}),
            ("edit", _("Change"), {"link": True, "secondary": True}),
            ("cancel", _("Cancel the session"), {"link": True, "secondary": True}),
        ]
        found: list[Verb] = [
            {
                "text": text,
                "url": reverse(f"admin:mou_training_{verb}", args=[obj.pk]),
                "disabled_reason": _not_yet(obj) if verb == "record" else "",
                **style,
            }
            for verb, text, style in offered
            if permissions.can_lead(user, obj, verb)
        ]
        url = f"{reverse('admin:mou_attendee_changelist')}?session={obj.pk}"
        return [*found, {"text": _("Who comes"), "url": url, "link": True, "secondary": True}]


def _not_yet(training: Training) -> str:
    begun = training.starts_at <= timezone.now()
    return "" if begun else _("possible once the session has begun.")


class SessionFilter(admin.SimpleListFilter):
    title = gettext_lazy("session")
    parameter_name = "session"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        newest = Training.objects.order_by("-pk")[:OFFERED]
        return [(str(one.pk), one.title) for one in newest]

    def has_output(self) -> bool:
        return True

    def queryset(self, request: HttpRequest, queryset: QuerySet[Attendee]) -> QuerySet[Attendee]:
        asked = self.value() or ""
        if not asked:
            return queryset
        known = asked.isdecimal() and len(asked) < 18
        return queryset.filter(training=int(asked)) if known else queryset.none()


@admin.register(Attendee)
class AttendeeAdmin(LongListAdmin):
    list_display = ("name", "firm", "training", "registered_at", "came")
    list_filter = (SessionFilter, "attended")
    list_select_related = ("training", "mou__organisation", "cover__organisation")
    search_fields = ("name", "training__title", "mou__organisation__legal_name")
    search_help_text = gettext_lazy("Person, session or firm")
    downloadable = True
    fields = (
        "name",
        "firm",
        "training",
        "by",
        "seat",
        ("registered_at", "registered_by"),
        "came",
    )
    readonly_fields = ("firm", "by", "came")

    def desk_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(feedback.value_training)
        return [path("<int:object_id>/feedback/", view, name="mou_attendee_feedback")]

    def verbs(self, request: HttpRequest, obj: Attendee) -> list[Verb]:
        user: Any = request.user
        if not feedback_permissions.can_value_training(user, obj):
            return []
        url = reverse("admin:mou_attendee_feedback", args=[obj.pk])
        return [{"text": _("Give the firm feedback"), "url": url, "link": True}]

    @admin.display(description=gettext_lazy("firm"))
    def firm(self, attendee: Attendee) -> str:
        return str(attendee.firm)

    @admin.display(description=gettext_lazy("agreement"))
    def by(self, attendee: Attendee) -> SafeString:
        url = reverse("admin:mou_mou_change", args=[attendee.mou_id])
        return format_html('<a href="{}">{}</a>', url, attendee.mou)

    @admin.display(description=gettext_lazy("attendance"))
    def came(self, attendee: Attendee) -> str:
        if attendee.withdrawn_at is not None:
            return _("Seat given up on %(day)s") % {"day": date_format(attendee.withdrawn_at)}
        if attendee.attended is None:
            return _("Not recorded yet")
        return _("Came") if attendee.attended else _("Did not come")


@admin.register(Guidance)
class GuidanceAdmin(LongListAdmin):
    list_display = ("title", "edition", "updated_at", "withdrawn_at")
    search_fields = ("title",)
    search_help_text = gettext_lazy("Words of the title")
    downloadable = True
    fields = (
        "title",
        "text",
        "firms",
        ("edition", "updated_at", "updated_by"),
        ("withdrawn_at", "withdrawn_by"),
    )
    readonly_fields = ("firms",)

    @admin.display(description=gettext_lazy("which firms"))
    def firms(self, guidance: Guidance) -> str:
        return _firms(guidance)

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        verbs = {"edit": views.edit_guidance, "withdraw": views.withdraw_guidance}
        return [
            path("write/", guard(views.write_guidance), name="mou_guidance_write"),
            *(
                path(f"<int:object_id>/{verb}/", guard(view), name=f"mou_guidance_{verb}")
                for verb, view in verbs.items()
            ),
        ]

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        return _new(request, _("Write guidance"), "admin:mou_guidance_write")

    def verbs(self, request: HttpRequest, obj: Guidance) -> list[Verb]:
        user: Any = request.user
        if not permissions.can_plan(user) or obj.withdrawn_at is not None:
            return []
        edit = reverse("admin:mou_guidance_edit", args=[obj.pk])
        withdraw = reverse("admin:mou_guidance_withdraw", args=[obj.pk])
        return [
            {"text": _("Write a new edition"), "url": edit, "link": True},
            {"text": _("Withdraw"), "url": withdraw, "secondary": True},
        ]


def _new(request: HttpRequest, text: str, address: str) -> list[Verb]:
    user: Any = request.user
    if not permissions.can_plan(user):
        return []
    return [{"text": text, "url": reverse(address), "link": True}]
