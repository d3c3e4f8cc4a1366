"""Engagements and follow-ups at the officers' desk, per partner and per post."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import engagement_permissions as permissions
from partners.actions import engagements as actions
from partners.admin_views import engagements as views
from partners.admin_views import verbs
from partners.admin_views.verbs import Verb
from partners.forms import engagements as forms
from partners.forms.meant import MeantForm
from partners.lifecycle import EngagementStatus
from partners.models import Engagement, FollowUp
from portal.desk import LongListAdmin
from portal.desk import Verb as Button
from portal.models import StaffRole, User
from portal.permissions import may_read

for table in ("engagement", "followup"):
    may_read(f"partners.{table}", StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR)
COLOURS = {
    EngagementStatus.PLANNED: "blue",
    EngagementStatus.HELD: "yellow",
    EngagementStatus.WRITTEN_UP: "green",
    EngagementStatus.CANCELLED: "grey",
}

VERBS = [
    Verb(
        Engagement,
        "plan_engagement",
        gettext_lazy("Plan an engagement"),
        permissions.can_plan_engagement,
        actions.plan_engagement,
        gettext_lazy("It is planned."),
        forms.NewForm,
        by_reader=True,
        adds=True,
    ),
    Verb(
        Engagement,
        "hold_engagement",
        gettext_lazy("It was held"),
        permissions.can_hold_engagement,
        actions.hold_engagement,
        gettext_lazy("It waits to be written up now."),
        forms.HoldForm,
        argument="engagement",
    ),
    Verb(
        Engagement,
        "write_up_engagement",
        gettext_lazy("Write it up"),
        permissions.can_write_up_engagement,
        actions.write_up_engagement,
        gettext_lazy("It is written up."),
        forms.WriteUpForm,
        argument="engagement",
    ),
    Verb(
        Engagement,
        "add_follow_up",
        gettext_lazy("Add a follow-up"),
        permissions.can_add_follow_up,
        actions.add_follow_up,
        gettext_lazy("It is on the list of its owner."),
        forms.FollowUpForm,
        secondary=True,
        argument="engagement",
    ),
    Verb(
        Engagement,
        "edit_engagement",
        gettext_lazy("Change"),
        permissions.can_edit_engagement,
        actions.edit_engagement,
        gettext_lazy("The change is kept."),
        forms.EditForm,
        by_reader=True,
        title=gettext_lazy("Change this engagement"),
        secondary=True,
        argument="engagement",
    ),
    Verb(
        Engagement,
        "cancel_engagement",
        gettext_lazy("Call it off"),
        permissions.can_cancel_engagement,
        actions.cancel_engagement,
        gettext_lazy("It is cancelled."),
        MeantForm,
        title=gettext_lazy("Call this engagement off?"),
        lead=gettext_lazy("It stays on the list as cancelled, and is never held any more."),
        secondary=True,
        argument="engagement",
    ),
]
FOLLOW_UPS = [
    Verb(
        FollowUp,
        "finish_follow_up",
        gettext_lazy("It is done"),
        permissions.can_finish_follow_up,
        actions.finish_follow_up,
        gettext_lazy("It is done."),
        argument="follow_up",
    ),
]


class WaitsFilter(admin.SimpleListFilter):
    title = gettext_lazy("what it waits for")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("minutes", gettext_lazy("To be written up"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "minutes":
            return queryset
        return queryset.filter(pk__in=Engagement.objects.to_write_up().values("pk"))


class PartnerFilter(admin.SimpleListFilter):
    """One partner's; reached from an engagement, as there are too many to choose from."""

    title = gettext_lazy("partner")
    parameter_name = "partner"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(self.value() or "", gettext_lazy("This partner"))] if self.value() else []

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.value() or ""
        if not asked:
            return queryset
        known = asked.isascii() and asked.isdecimal() and len(asked) < 18
        return queryset.filter(partner=int(asked)) if known else queryset.none()


@admin.register(Engagement)
class EngagementAdmin(LongListAdmin):
    list_display = ("title", "kind", "counterpart", "partner", "post", "when", "status_tag")
    list_filter = (WaitsFilter, "status", "counterpart", "post", PartnerFilter)
    list_select_related = ("partner", "post")
    search_fields = ("title",)
    search_help_text = gettext_lazy("Beginning of a title")
    fields = (
        "title",
        "status_tag",
        "kind",
        "counterpart",
        "partner_line",
        "post_line",
        "when",
        "place",
        "topics",
        "responsible",
        "present",
        "minutes",
        "follow_ups",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Engagement]:
        return Engagement.objects.visible_to(_user(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        user = request.user
        return isinstance(user, User) and permissions.can_read_engagements(user)

    @admin.display(description=gettext_lazy("status"))
    def status_tag(self, one: Engagement) -> SafeString:
        colour = COLOURS[EngagementStatus(one.status)]
        tag = '<span class="desk-tag desk-tag--{}">{}</span>'
        return format_html(tag, colour, one.get_status_display())

    @admin.display(description=gettext_lazy("when"))
    def when(self, one: Engagement) -> str:
        begins, ends = localtime(one.starts_at), localtime(one.ends_at)
        same = begins.date() == ends.date()
        until = date_format(ends, "H:i" if same else "j F Y, H:i")
        return f"{date_format(begins, 'j F Y, H:i')} – {until}"

    @admin.display(description=gettext_lazy("partner"))
    def partner_line(self, one: Engagement) -> SafeString | str:
        return _all_of(one.partner, f"partner={one.partner_id}")

    @admin.display(description=gettext_lazy("post"))
    def post_line(self, one: Engagement) -> SafeString | str:
        return _all_of(one.post, f"post__id__exact={one.post_id}")

    @admin.display(description=gettext_lazy("who was there"))
    def present(self, one: Engagement) -> SafeString | str:
        rows = one.participations.order_by("pk")
        told = ((row.organisation, row.people) for row in rows)
        return format_html_join(mark_safe("<br>"), "<bdi>{}</bdi> ({})", told) or "–"

    @admin.display(description=gettext_lazy("follow-ups"))
    def follow_ups(self, one: Engagement) -> SafeString:
        rows = one.follow_ups.select_related("owner", "done_by").order_by("due_on", "pk")
        return SafeString(render_to_string("partners/admin/follow_ups.html", {"rows": rows}))

    def list_verbs(self, request: HttpRequest) -> list[Button]:
        return verbs.buttons(VERBS, _user(request), None)

    def verbs(self, request: HttpRequest, obj: Engagement) -> list[Button]:
        url = reverse("admin:partners_engagement_calendar", args=[obj.pk])
        calendar: Button = {"text": _("Calendar file"), "url": url, "link": True, "secondary": True}
        return [*verbs.buttons(VERBS, _user(request), obj), calendar]

    def desk_urls(self) -> list[URLPattern]:
        calendar = self.admin_site.admin_view(views.calendar)
        return [
            path("<int:object_id>/calendar/", calendar, name="partners_engagement_calendar"),
            *verbs.urls(VERBS),
        ]


class DueFilter(admin.SimpleListFilter):
    title = gettext_lazy("what it waits for")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("due", gettext_lazy("Due")),
            ("open", gettext_lazy("Not done yet")),
            ("mine", gettext_lazy("Mine, not done yet")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        asked = self.value()
        if asked == "due":
            return queryset.filter(pk__in=FollowUp.objects.due().values("pk"))
        if asked == "mine":
            return queryset.filter(done_at=None, owner=_user(request))
        return queryset.filter(done_at=None) if asked == "open" else queryset


@admin.register(FollowUp)
class FollowUpAdmin(LongListAdmin):
    list_display = ("text", "engagement", "owner", "due_on", "done_at")
    list_filter = (DueFilter,)
    list_select_related = ("engagement", "owner")
    search_fields = ("text",)
    search_help_text = gettext_lazy("Beginning of what is to be done")
    fields = ("text", "engagement", "owner", "due_on", ("done_at", "done_by"))
    readonly_fields = ("text", "engagement", "owner", "due_on", "done_at", "done_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[FollowUp]:
        return FollowUp.objects.visible_to(_user(request))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whoever works on engagements, and officers who were given something to do."""
        user = request.user
        if not isinstance(user, User):
            return False
        return permissions.can_read_engagements(user) or permissions.follows_up(user)

    def verbs(self, request: HttpRequest, obj: FollowUp) -> list[Button]:
        return verbs.buttons(FOLLOW_UPS, _user(request), obj)

    def desk_urls(self) -> list[URLPattern]:
        return verbs.urls(FOLLOW_UPS)


def _all_of(thing: Any, query: str) -> SafeString | str:
    """The name, and the way to everything else with it."""
    if thing is None:
        return "–"
    url = f"{reverse('admin:partners_engagement_changelist')}?{query}"
    return format_html('{} (<a href="{}">{}</a>)', thing, url, _("all engagements"))


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the desk admits nobody else
    return request.user
