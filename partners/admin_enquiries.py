"""Enquiries from firms at the officers' desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import enquiry_permissions as permissions
from partners.admin_views import enquiries as views
from partners.enquiry_queues import WAITS
from partners.lifecycle import EnquiryStatus
from partners.models import Enquiry
from portal.desk import LongListAdmin, Verb
from portal.models import StaffRole, User
from portal.permissions import may_read

may_read("partners.enquiry", StaffRole.LIAISON_OFFICER)
COLOURS = {
    EnquiryStatus.WAITING: "blue",
    EnquiryStatus.ASKED_BACK: "yellow",
    EnquiryStatus.ANSWERED: "green",
    EnquiryStatus.CLOSED: "grey",
}


class WaitsFilter(admin.SimpleListFilter):
    title = gettext_lazy("what it waits for")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(code, text) for code, (text, _pick, _urgent) in WAITS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Enquiry]) -> QuerySet[Enquiry]:
        found = WAITS.get(self.value() or "")
        return found[1](queryset, _user(request)) if found else queryset


@admin.register(Enquiry)
class EnquiryAdmin(LongListAdmin):
    list_display = (
        "reference",
        "subject",
        "firm",
        "post",
        "topic_name",
        "status_tag",
        "due",
        "assigned_to",
    )
    list_filter = (WaitsFilter, "status", "post")
    list_select_related = ("organisation", "post", "assigned_to")
    search_fields = ("^reference", "^organisation__legal_name")
    search_help_text = gettext_lazy("Beginning of a reference or of a firm’s name")
    fields = (
        "status_tag",
        "subject",
        "firm",
        "post",
        "topic_name",
        "asked",
        "due",
        "assigned_to",
        "outcome",
        "conversation",
    )
    readonly_fields = ("status_tag", "firm", "topic_name", "asked", "due", "conversation")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Also whoever is posted somewhere, for the enquiries to that post."""
        user = request.user
        return isinstance(user, User) and permissions.works_on_enquiries(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Enquiry]:
        return Enquiry.objects.visible_to(_user(request))

    @admin.display(description=gettext_lazy("status"))
    def status_tag(self, enquiry: Enquiry) -> SafeString:
        tag = '<span class="desk-tag desk-tag--{}">{}</span>'
        return format_html(
            tag, COLOURS[EnquiryStatus(enquiry.status)], enquiry.get_status_display()
        )

    @admin.display(description=gettext_lazy("firm"))
    def firm(self, enquiry: Enquiry) -> str:
        return str(enquiry.organisation)

    @admin.display(description=gettext_lazy("topic"))
    def topic_name(self, enquiry: Enquiry) -> str:
        return enquiry.topic_label

    @admin.display(description=gettext_lazy("asked"))
    def asked(self, enquiry: Enquiry) -> str:
        when = date_format(localtime(enquiry.asked_at), "j F Y, H:i")
        return f"{when}, {enquiry.asked_by}" if enquiry.asked_by else when

    @admin.display(description=gettext_lazy("answer due"))
    def due(self, enquiry: Enquiry) -> SafeString | str:
        if enquiry.due_at is None:
            return "–"
        text = date_format(localtime(enquiry.due_at), "j F Y, H:i")
        if not enquiry.is_late:
            return text
        tag = '{} <span class="desk-tag desk-tag--red">{}</span>'
        return format_html(tag, text, _("late"))

    @admin.display(description=gettext_lazy("what was written"))
    def conversation(self, enquiry: Enquiry) -> SafeString:
        letters = enquiry.messages.select_related("written_by").prefetch_related("files")
        context = {"enquiry": enquiry, "letters": letters.order_by("pk")}
        return SafeString(render_to_string("partners/admin/conversation.html", context))

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        verbs = {
            "answer": views.answer,
            "ask_back": views.ask_back,
            "assign": views.assign,
            "hand_over": views.hand_over,
            "close": views.close,
        }
        return [
            path(
                "<int:object_id>/files/<uuid:file>/",
                guard(views.file),
                name="partners_enquiry_file",
            ),
            *(
                path(
                    f"<int:object_id>/{verb.replace('_', '-')}/",
                    guard(view),
                    name=f"partners_enquiry_{verb}",
                )
                for verb, view in verbs.items()
            ),
        ]

    def verbs(self, request: HttpRequest, obj: Enquiry) -> list[Verb]:
        offered = [
            ("answer", _("Answer the firm"), False),
            ("ask_back", _("Ask the firm"), True),
            ("assign", _("Assign"), True),
            ("hand_over", _("Hand to another post"), True),
            ("close", _("Close the enquiry"), True),
        ]
        return [
            {
                "text": text,
                "url": reverse(f"admin:partners_enquiry_{verb}", args=[obj.pk]),
                "link": True,
                "secondary": secondary,
            }
            for verb, text, secondary in offered
            if permissions.can_lead(_user(request), obj, verb)
        ]


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the desk admits nobody else
    return request.user
