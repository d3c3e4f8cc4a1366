"""Proposed changes of instruments at the liaison desk: what would be another, and who decides."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from partners import instrument_permissions as permissions
from partners import instrument_terms as terms
from partners.actions import instrument_changes as actions
from partners.admin_views import verbs
from partners.admin_views.verbs import Verb
from partners.forms.instruments import RejectChangeForm
from partners.lifecycle import InstrumentChangeStatus as Status
from partners.models import InstrumentChange
from portal.desk import LongListAdmin
from portal.models import StaffRole, User
from portal.permissions import may_read

may_read("partners.instrumentchange", StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR)
COLOURS = {
    Status.PROPOSED: "yellow",
    Status.APPLIED: "green",
    Status.REJECTED: "red",
    Status.WITHDRAWN: "grey",
}


def _home(change: InstrumentChange) -> Any:
    """The instrument, where there is one: its other proposals wait there."""
    return change.instrument or change


def _may_apply(user: User, change: InstrumentChange) -> bool:
    """No button for what the action would refuse; its sentence stands there already."""
    return permissions.can_apply_change(user, change) and not change.is_stale


VERBS = [
    Verb(
        InstrumentChange,
        "apply_change",
        gettext_lazy("Put into effect"),
        _may_apply,
        actions.apply_change,
        gettext_lazy("It is in effect."),
        argument="change",
        home=_home,
    ),
    Verb(
        InstrumentChange,
        "reject_change",
        gettext_lazy("Reject"),
        permissions.can_reject_change,
        actions.reject_change,
        gettext_lazy("It is rejected. Nothing has changed."),
        RejectChangeForm,
        title=gettext_lazy("Reject this proposal"),
        secondary=True,
        argument="change",
        home=_home,
    ),
    Verb(
        InstrumentChange,
        "withdraw_change",
        gettext_lazy("Withdraw"),
        permissions.can_withdraw_change,
        actions.withdraw_change,
        gettext_lazy("It is withdrawn. Nothing has changed."),
        secondary=True,
        argument="change",
        home=_home,
    ),
]


def shown(changes: QuerySet[InstrumentChange], user: User) -> list[dict[str, Any]]:
    """Each with what stands before and after, and what this officer may do with it."""
    found = list(changes)
    return [
        {"change": change, "lines": lines, "verbs": verbs.buttons(VERBS, user, change)}
        for change, lines in zip(found, terms.lines(found), strict=True)
    ]


class WaitsFilter(admin.SimpleListFilter):
    title = gettext_lazy("what it waits for")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("decision", gettext_lazy("My decision"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() != "decision":
            return queryset
        waiting = InstrumentChange.objects.to_decide(_user(request))
        return queryset.filter(pk__in=waiting.values("pk"))


@admin.register(InstrumentChange)
class InstrumentChangeAdmin(LongListAdmin):
    change_form_template = "admin/partners/instrumentchange/page.html"
    list_display = ("about", "kind", "status_tag", "proposed_by", "proposed_at")
    list_filter = (WaitsFilter, "status", "kind")
    list_select_related = ("instrument", "proposed_by")
    readonly_fields = ("status_tag", "decided_by", "decided_at", "note")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and permissions.can_read_instruments(
            _user(request)
        )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Who proposed it stands above; who decided, once somebody has."""
        return self.readonly_fields if obj is not None and obj.decided_by_id else ("status_tag",)

    @admin.display(description=gettext_lazy("instrument"))
    def about(self, change: InstrumentChange) -> str:
        return change.about

    @admin.display(description=gettext_lazy("status"))
    def status_tag(self, change: InstrumentChange) -> SafeString:
        colour = COLOURS[Status(change.status)]
        tag = '<span class="desk-tag desk-tag--{}">{}</span>'
        return format_html(tag, colour, change.get_status_display())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """With what stands before and after."""
        change = self.get_object(request, object_id)
        context = {}
        if change is not None and self.has_view_permission(request, change):
            known = InstrumentChange.objects.select_related("instrument", "proposed_by")
            context["proposals"] = shown(known.filter(pk=change.pk), _user(request))
        return super().change_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )

    def desk_urls(self) -> list[URLPattern]:
        return verbs.urls(VERBS)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the desk admits nobody else
    return request.user
