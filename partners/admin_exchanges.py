"""Exchanges at the liaison desk: the list, which goes on from its last row, and the pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import exchange_permissions as permissions
from partners import exchange_queues, exchange_reading
from partners.admin_views import (
    exchange_handing,
    exchange_retention,
    exchange_table,
    exchange_verbs,
    exchanges,
)
from partners.exchange_lifecycle import Direction, Status
from partners.models import Exchange
from portal.desk import LongListAdmin, Verb
from portal.models import StaffRole, User
from portal.permissions import may_read

exchange_table.VERBS.extend(exchange_retention.VERBS)
may_read("partners.exchange", StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the desk admits nobody else
    return request.user


class QueueFilter(admin.SimpleListFilter):
    title = gettext_lazy("what waits")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(one.code, one.text) for one in exchange_queues.queues_of(_user(request))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Exchange]) -> QuerySet[Exchange]:
        return exchange_queues.picked(self.value() or "", queryset, _user(request))


class StatusFilter(admin.SimpleListFilter):
    title = gettext_lazy("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Status.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Exchange]) -> QuerySet[Exchange]:
        return queryset.filter(status=self.value()) if self.value() else queryset


class DirectionFilter(admin.SimpleListFilter):
    title = gettext_lazy("direction")
    parameter_name = "direction"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Direction.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Exchange]) -> QuerySet[Exchange]:
        return queryset.filter(direction=self.value()) if self.value() else queryset


@admin.register(Exchange)
class ExchangeAdmin(LongListAdmin):
    list_display = ("name", "standing", "clock", "code", "whom", "type", "officer")
    list_filter = (QueueFilter, StatusFilter, DirectionFilter)
    search_fields = ("reference", "their_reference", "channel_reference")
    search_help_text = gettext_lazy("Our reference or theirs, or how it begins")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Exchange]:
        found = Exchange.objects.visible_to(_user(request))
        return found.select_related("partner", "responsible")

    @admin.display(description=gettext_lazy("reference"))
    def name(self, one: Exchange) -> SafeString:
        return format_html("{}<br>{}", one.reference, _tag(one.get_direction_display(), "grey"))

    @admin.display(description=gettext_lazy("status"))
    def standing(self, one: Exchange) -> SafeString:
        return _tag(one.get_status_display(), exchange_reading.COLOURS.get(one.status, "grey"))

    @admin.display(description=gettext_lazy("answer"))
    def clock(self, one: Exchange) -> SafeString | str:
        found = exchange_reading.clock_of(one)
        if found is None:
            return "–"
        return _tag(found.text, "red" if found.late else "orange" if found.soon else "grey")

    @admin.display(description=gettext_lazy("partner"))
    def whom(self, one: Exchange) -> str:
        """A long name may be broken; Django keeps that of a foreign key on one line."""
        return str(one.partner)

    @admin.display(description=gettext_lazy("handling"))
    def code(self, one: Exchange) -> str:
        return one.handling

    @admin.display(description=gettext_lazy("responsible"))
    def officer(self, one: Exchange) -> str:
        return str(one.responsible or "–")

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        return [
            {
                "text": verb.text,
                "url": reverse(f"admin:{verb.address}"),
                "link": True,
                "secondary": verb.name == "register",
            }
            for verb in exchange_table.STARTS
            if verb.may(_user(request))
        ]

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        one = {"open": exchanges.open_exchange, "export": exchange_handing.export}
        one |= {verb.name: exchange_verbs.view_of(verb) for verb in exchange_table.VERBS}
        return [
            *(
                path(f"{verb.name}/", guard(exchange_verbs.view_of(verb)), name=verb.address)
                for verb in exchange_table.STARTS
            ),
            *(
                path(f"<int:object_id>/{name}/", guard(view), name=f"partners_exchange_{name}")
                for name, view in one.items()
            ),
            path(
                "<int:object_id>/files/<uuid:file>/",
                guard(exchange_handing.save_file),
                name="partners_exchange_file",
            ),
        ]

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and permissions.can_list(_user(request))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not permissions.can_list(_user(request)):
            raise Http404
        return super().changelist_view(request, {**(extra_context or {}), "title": _("Exchanges")})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return exchanges.page(request, object_id)  # type: ignore[arg-type]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """What happened stands on its page."""
        return redirect("admin:partners_exchange_change", object_id)


def _tag(text: Any, colour: str) -> SafeString:
    return format_html('<span class="desk-tag desk-tag--{}">{}</span>', colour, text)
