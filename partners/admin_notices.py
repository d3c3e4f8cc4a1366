"""Notices of opportunities at the officers' desk: written by one, approved by another."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from partners import notice_permissions as permissions
from partners.actions import notices as actions
from partners.admin_views import verbs
from partners.admin_views.verbs import Verb
from partners.forms import notices as forms
from partners.forms.meant import MeantForm
from partners.lifecycle import NoticeStatus
from partners.models import Notice
from portal.desk import LongListAdmin
from portal.desk import Verb as Button
from portal.models import StaffRole, User
from portal.permissions import may_read

may_read("partners.notice", StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR)
COLOURS = {
    NoticeStatus.DRAFTED: "grey",
    NoticeStatus.PROPOSED: "yellow",
    NoticeStatus.PUBLISHED: "green",
    NoticeStatus.WITHDRAWN: "red",
}
VERBS = [
    Verb(
        Notice,
        "write_notice",
        gettext_lazy("Write a notice"),
        permissions.can_write_notice,
        actions.write_notice,
        gettext_lazy("The draft is kept. No firm sees it yet."),
        forms.NewNoticeForm,
        adds=True,
    ),
    Verb(
        Notice,
        "approve_notice",
        gettext_lazy("Approve and publish"),
        permissions.can_approve_notice,
        actions.approve_notice,
        gettext_lazy("Firms read it now."),
        argument="notice",
    ),
    Verb(
        Notice,
        "return_notice",
        gettext_lazy("Send back"),
        permissions.can_return_notice,
        actions.return_notice,
        gettext_lazy("It is a draft again."),
        secondary=True,
        argument="notice",
    ),
    Verb(
        Notice,
        "propose_notice",
        gettext_lazy("Ask for approval"),
        permissions.can_propose_notice,
        actions.propose_notice,
        gettext_lazy("Another person approves it."),
        argument="notice",
    ),
    Verb(
        Notice,
        "edit_notice",
        gettext_lazy("Change"),
        permissions.can_edit_notice,
        actions.edit_notice,
        gettext_lazy("The change is kept."),
        forms.EditNoticeForm,
        title=gettext_lazy("Change this notice"),
        secondary=True,
        argument="notice",
    ),
    Verb(
        Notice,
        "withdraw_notice",
        gettext_lazy("Withdraw"),
        permissions.can_withdraw_notice,
        actions.withdraw_notice,
        gettext_lazy("Firms read it no longer."),
        MeantForm,
        title=gettext_lazy("Withdraw this notice?"),
        lead=gettext_lazy("Firms read it no longer, and it is never published again."),
        danger=True,
        argument="notice",
    ),
]


class WaitsFilter(admin.SimpleListFilter):
    title = gettext_lazy("what it waits for")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("approval", gettext_lazy("My approval"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "approval":
            return queryset
        waiting = Notice.objects.to_approve(_user(request))
        return queryset.filter(pk__in=waiting.values("pk"))


@admin.register(Notice)
class NoticeAdmin(LongListAdmin):
    list_display = ("title", "country", "sector_name", "status_tag", "last_day", "written_by")
    list_filter = (WaitsFilter, "status", "visibility")
    list_select_related = ("written_by",)
    search_fields = ("title",)
    search_help_text = gettext_lazy("Beginning of a title")
    fields = (
        "title",
        "status_tag",
        "text",
        "country",
        "sector_name",
        "visibility",
        "last_day",
        "written_by",
        ("approved_by", "published_at"),
    )
    readonly_fields = ("status_tag", "sector_name")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        user = request.user
        return isinstance(user, User) and permissions.can_read_notices(user)

    @admin.display(description=gettext_lazy("status"))
    def status_tag(self, notice: Notice) -> SafeString:
        colour = COLOURS[NoticeStatus(notice.status)]
        tag = '<span class="desk-tag desk-tag--{}">{}</span>'
        return format_html(tag, colour, notice.get_status_display())

    @admin.display(description=gettext_lazy("sector"))
    def sector_name(self, notice: Notice) -> str:
        return notice.sector_label

    def list_verbs(self, request: HttpRequest) -> list[Button]:
        return verbs.buttons(VERBS, _user(request), None)

    def verbs(self, request: HttpRequest, obj: Notice) -> list[Button]:
        return verbs.buttons(VERBS, _user(request), obj)

    def desk_urls(self) -> list[URLPattern]:
        return verbs.urls(VERBS)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the desk admits nobody else
    return request.user
