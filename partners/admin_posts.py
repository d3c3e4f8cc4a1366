"""Posts and postings at the officers' desk: lists, pages, verbs, and the timeline."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import keeping_permissions, post_clock
from partners.admin_partners import DirectoryAdmin, WaitsFilter, edit_button
from partners.admin_views import editing, verbs
from partners.admin_views import posts as views
from partners.admin_views.keeping_verbs import POST_KEEPING
from partners.admin_views.searching import SpeltSearch
from partners.hours import write
from partners.lifecycle import PostStatus
from partners.models import Post, Posting
from partners.templatetags.directory import language_names
from portal.desk import LongListAdmin, Verb
from portal.permissions import may_read

for table in ("post", "posting"):
    may_read(f"partners.{table}", *views.READERS)
COLOURS = {
    PostStatus.ACTIVE: "green",
    PostStatus.VACANT: "yellow",
    PostStatus.SUSPENDED: "red",
    PostStatus.CLOSED: "grey",
}


def _day(day: date | None) -> str:
    return date_format(day, "j F Y") if day else ""


def _lines(parts: Any) -> SafeString | str:
    return format_html_join(mark_safe("<br>"), "{}", ((part,) for part in parts)) or "–"


@admin.register(Post)
class PostAdmin(SpeltSearch, DirectoryAdmin):
    list_display = ("city", "host_country", "type", "status_tag", "review_due")
    list_filter = (WaitsFilter, "status", "type")
    search_fields = ("city", "code")
    ordering = ("city", "pk")
    downloadable = True
    fields = (
        "status_tag",
        ("type", "title"),
        ("city", "host_country", "mission"),
        "covered",
        "people",
        "desks",
        "portfolio",
        "services",
        "counterparts",
        ("email", "phone"),
        "spoken",
        "opening",
        ("time_zone", "holidays"),
        ("latitude", "longitude"),
        "visibility",
        ("verified_on", "verified_by", "review_due", "keeper"),
        "note",
    )
    readonly_fields = ("status_tag", "covered", "people", "desks", "spoken", "opening")

    @admin.display(description=gettext_lazy("status"))
    def status_tag(self, post: Post) -> SafeString:
        tag = '<span class="desk-tag desk-tag--{}">{}</span>'
        return format_html(tag, COLOURS[PostStatus(post.status)], post.get_status_display())

    @admin.display(description=gettext_lazy("covers"))
    def covered(self, post: Post) -> SafeString | str:
        return _lines(
            _("%(country)s, until %(day)s") % {"country": one.country_name, "day": _day(one.until)}
            if one.until
            else one.country_name
            for one in post.coverages.order_by("until", "pk")
        )

    @admin.display(description=gettext_lazy("posted there"))
    def people(self, post: Post) -> SafeString | str:
        found = post.postings.real().order_by("-starts_on", "-pk")
        parts = [
            (
                reverse("admin:partners_posting_change", args=[one.pk]),
                one.name or _("Former holder"),
                _day(one.starts_on),
                _day(one.ends_on) if one.ends_on else "…",
            )
            for one in found
        ]
        line = '<a href="{}">{}</a>, {} – {}'
        return format_html_join(mark_safe("<br>"), line, parts) or "–"

    @admin.display(description=gettext_lazy("contact points"))
    def desks(self, post: Post) -> SafeString | str:
        parts = [
            (
                reverse("admin:partners_contactpoint_change", args=[one.pk]),
                f"{one.get_duty_display()}: {one.name}" if one.name else one.get_duty_display(),
                _("ended") if one.has_ended else one.email or one.phone or "–",
            )
            for one in post.contact_points.order_by("ended_at", "duty", "pk")
        ]
        line = '<a href="{}">{}</a>, {}'
        return format_html_join(mark_safe("<br>"), line, parts) or "–"

    @admin.display(description=gettext_lazy("languages"))
    def spoken(self, post: Post) -> str:
        return language_names(post.languages) or "–"

    @admin.display(description=gettext_lazy("hours"))
    def opening(self, post: Post) -> str:
        return write(post.hours) or "–"

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        view = guard(views.timeline)
        pages = {"edit": editing.change_post, "add_contact": editing.add_post_contact}
        return [
            path("timeline/", view, name="partners_post_timeline"),
            path("<int:object_id>/timeline/", view, name="partners_post_timeline_of"),
            *(
                path(f"<int:object_id>/{name}/", guard(page), name=f"partners_post_{name}")
                for name, page in pages.items()
            ),
            *verbs.urls([*views.POST_VERBS, *POST_KEEPING]),
        ]

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        user: Any = request.user
        url = reverse("admin:partners_post_timeline")
        timeline = {"text": _("Timeline of postings"), "url": url, "link": True, "secondary": True}
        return [*verbs.buttons(views.POST_VERBS, user, None), timeline]

    def verbs(self, request: HttpRequest, obj: Post) -> list[Verb]:
        user: Any = request.user
        url = reverse("admin:partners_post_timeline_of", args=[obj.pk])
        timeline = {"text": _("Timeline"), "url": url, "link": True, "secondary": True}
        found = verbs.buttons([*views.POST_VERBS, *POST_KEEPING], user, obj)
        if not keeping_permissions.can_change(user, obj):
            return [*found, timeline]
        return [
            edit_button(obj, _("Correct or confirm"), "edit"),
            *found,
            edit_button(obj, _("Add a contact point"), "add_contact", secondary=True),
            timeline,
        ]


class EndingFilter(admin.SimpleListFilter):
    title = gettext_lazy("ends")
    parameter_name = "ends"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("soon", _("Within nine months")), ("over", _("Over or called off"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Posting]) -> QuerySet[Posting]:
        if self.value() == "soon":
            return queryset.filter(pk__in=post_clock.ending().values("pk"))
        if self.value() == "over":
            return queryset.exclude(pk__in=Posting.objects.live().values("pk"))
        return queryset


@admin.register(Posting)
class PostingAdmin(LongListAdmin, DirectoryAdmin):
    list_display = ("who", "post", "starts_on", "ends_on", "state")
    list_filter = (EndingFilter, "post")
    list_select_related = ("post",)
    fields = (
        "state",
        "post",
        ("name", "title"),
        ("email", "direct_line", "user"),
        ("starts_on", "ends_on"),
        "accredited",
        ("successor", "handed_over_at"),
        ("ended_at", "ended_by", "called_off_at"),
    )
    readonly_fields = ("state", "accredited")

    @admin.display(description=gettext_lazy("who"))
    def who(self, posting: Posting) -> str:
        return posting.name or _("Former holder")

    @admin.display(description=gettext_lazy("state"))
    def state(self, posting: Posting) -> str:
        if posting.called_off_at is not None:
            return _("Called off")
        return _("Over") if posting.ended_at is not None else _("Posted or to be posted")

    @admin.display(description=gettext_lazy("accredited to"))
    def accredited(self, posting: Posting) -> SafeString | str:
        return _lines(
            _("%(country)s (%(kind)s): asked for %(asked)s, accepted %(since)s, ended %(until)s")
            % {
                "country": one.country_name,
                "kind": one.get_kind_display(),
                "asked": _day(one.asked_on) or "–",
                "since": _day(one.since) or "–",
                "until": _day(one.until) or "–",
            }
            for one in posting.accreditations.order_by("kind", "pk")
        )

    def desk_urls(self) -> list[URLPattern]:
        return verbs.urls(views.POSTING_VERBS)

    def verbs(self, request: HttpRequest, obj: Posting) -> list[Verb]:
        user: Any = request.user
        return verbs.buttons(views.POSTING_VERBS, user, obj)
