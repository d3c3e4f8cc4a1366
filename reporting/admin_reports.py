"""Reports at the triage desk: the list, which goes on from its last row, and the page of one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal import reference
from portal.desk import DeskAdmin, LongListAdmin, Verb
from portal.models import StaffRole, User
from portal.permissions import may_read
from reporting import dossier, due, listing, permissions
from reporting.admin_views import beside, bulk, exports, files, open, report, verbs
from reporting.lifecycle import Priority, Status
from reporting.models import Label, Report
from reporting.queues import queues_of

may_read("reporting.report", StaffRole.TRIAGE_OFFICER, StaffRole.SUPERVISOR)


# Not shown on a card.
NONE = SafeString('<span class="report-none">–</span>')


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the desk admits nobody else
    return request.user


class QueueFilter(admin.SimpleListFilter):
    title = gettext_lazy("what waits")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(queue.code, queue.text) for queue in queues_of(_user(request))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        return listing.in_queue(queryset, self.value() or "", _user(request))


class StatusFilter(admin.SimpleListFilter):
    template = "admin/reporting/report/filter.html"
    title = gettext_lazy("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Status.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        return queryset.filter(status=self.value()) if self.value() else queryset


class PriorityFilter(admin.SimpleListFilter):
    template = "admin/reporting/report/filter.html"
    title = gettext_lazy("priority")
    parameter_name = "priority"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(code, code) for code in Priority.values]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        return queryset.filter(priority=self.value()) if self.value() else queryset


class CategoryFilter(admin.SimpleListFilter):
    template = "admin/reporting/report/filter.html"
    title = gettext_lazy("kind of goods")
    parameter_name = "category"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(reference.choices("commodity"))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        return queryset.filter(category=self.value()) if self.value() else queryset


class LabelFilter(admin.SimpleListFilter):
    template = "admin/reporting/report/filter.html"
    title = gettext_lazy("label")
    parameter_name = "label"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(str(label.pk), label.name) for label in Label.objects.order_by("name")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        value = self.value() or ""
        return listing.with_label(queryset, int(value)) if value.isdigit() else queryset


@admin.register(Report)
class ReportAdmin(LongListAdmin):
    list_display = ("name", "standing", "weight", "clock", "assigned", "grade", "goods")
    list_display_links = ("name",)
    list_filter = (QueueFilter, StatusFilter, PriorityFilter, CategoryFilter, LabelFilter)
    search_fields = ("reference",)
    search_help_text = gettext_lazy("A reference, or how it begins")
    change_list_template = "admin/reporting/report/list.html"
    actions = ("take_each", "label_each", "export_each")  # type: ignore[assignment]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Report]:
        return listing.listed(_user(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Report], search_term: str
    ) -> tuple[QuerySet[Report], bool]:
        typed = search_term.strip()
        return (listing.by_reference(queryset, typed) if typed else queryset), False

    # --- Columns ------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("reference, received"))
    def name(self, report: Report) -> SafeString:
        """The hour is all that is known of when it came."""
        came = date_format(localtime(report.received_hour), "j F Y, H:00")
        news = _tag(_("new word"), "green") if report.news_at else ""
        return format_html(
            '<span class="report-name">{}</span><br><span class="report-came">{}</span> {}',
            report.reference,
            came,
            news,
        )

    @admin.display(description=gettext_lazy("status"))
    def standing(self, report: Report) -> SafeString:
        return _tag(report.get_status_display(), dossier.STATUS_COLOURS.get(report.status, "grey"))

    @admin.display(description=gettext_lazy("priority"))
    def weight(self, report: Report) -> SafeString | str:
        colour = dossier.PRIORITY_COLOURS.get(report.priority, "grey")
        priority = _tag(report.priority, colour) if report.priority else ""
        if not report.urgent:
            return priority or NONE
        return format_html("{} {}", _tag(_("urgent"), "red"), priority)

    @admin.display(description=gettext_lazy("clock"))
    def clock(self, report: Report) -> SafeString | str:
        clocks = due.clocks(report)
        if not clocks:
            return NONE
        nearest = clocks[0]
        return format_html(
            '<span class="report-clock{}">{}: {}</span>',
            " report-clock--late" if nearest.late else "",
            nearest.text,
            nearest.left,
        )

    @admin.display(description=gettext_lazy("assigned to"))
    def assigned(self, report: Report) -> str:
        return str(report.assigned_to) if report.assigned_to else NONE

    @admin.display(description=gettext_lazy("grade"))
    def grade(self, report: Report) -> str:
        return dossier.grade_of(report) or NONE

    @admin.display(description=gettext_lazy("kind of goods"))
    def goods(self, report: Report) -> str:
        return reference.label("commodity", report.category) if report.category else NONE

    # --- Several at once ----------------------------------------------------------------------

    @admin.action(description=gettext_lazy("Take them"))
    def take_each(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        done, refused = bulk.take_each(chosen(request, queryset), by=_user(request))
        _tell(request, done, refused)

    @admin.action(description=gettext_lazy("Label them"))
    def label_each(self, request: HttpRequest, queryset: QuerySet[Report]) -> HttpResponse:
        return bulk.to_labels(chosen(request, queryset))

    @admin.action(description=gettext_lazy("Ask to export them"))
    def export_each(self, request: HttpRequest, queryset: QuerySet[Report]) -> HttpResponse:
        return exports.to_request(chosen(request, queryset))

    # --- Pages --------------------------------------------------------------------------------

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        return beside.list_verbs(_user(request))

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        pages: dict[str, Any] = {"open": open.open_report}
        pages |= {verb.name: verbs.view_of(verb) for verb in verbs.VERBS.values()}
        return [
            *beside.desk_urls(guard),
            path("label/", guard(bulk.label_each), name="reporting_report_label_each"),
            *(
                path(f"<uuid:object_id>/{name}/", guard(view), name=f"reporting_report_{name}")
                for name, view in pages.items()
            ),
            path(
                "<uuid:object_id>/files/<uuid:file_id>/",
                guard(files.view),
                name="reporting_report_file",
            ),
            path(
                "<uuid:object_id>/files/<uuid:file_id>/original/",
                guard(files.original),
                name="reporting_report_original",
            ),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not permissions.can_list(_user(request)):
            raise Http404
        return super().changelist_view(request, {**(extra_context or {}), "title": _("Reports")})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return report.page(request, object_id)  # type: ignore[arg-type]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Django's own record knows nothing of a report; what happened stands on its page."""
        return redirect("admin:reporting_report_change", object_id)


def chosen(request: HttpRequest, queryset: QuerySet[Report]) -> list[Report]:
    """Those that were ticked on the page, and never “all that there are”."""
    ticked = request.POST.getlist(ACTION_CHECKBOX_NAME)
    return list(queryset.filter(pk__in=ticked[: DeskAdmin.list_per_page]))


def _tell(request: HttpRequest, done: int, refused: int) -> None:
    if done:
        told = ngettext("%(count)d report is yours now.", "%(count)d reports are yours now.", done)
        messages.success(request, told % {"count": done})
    if refused:
        told = ngettext(
            "%(count)d report was left as it is.",
            "%(count)d reports were left as they are.",
            refused,
        )
        messages.warning(request, told % {"count": refused})


def _tag(text: Any, colour: str) -> SafeString:
    return format_html('<span class="desk-tag desk-tag--{}">{}</span>', colour, text)
