"""Partners and their groups at the liaison desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries.fields import Country

from partners import directory, hours, keeping_permissions, legal_basis, queues
from partners.admin_views import editing, verbs
from partners.admin_views.keeping_verbs import (
    CHANNEL_VERBS,
    GROUP_VERBS,
    MEMBERSHIP_VERBS,
    PARTNER_VERBS,
)
from partners.admin_views.searching import SpeltSearch
from partners.models import ContactPoint, Group, GroupMembership, Holder, Partner, SecureChannel
from partners.models.checked import Checked
from portal.desk import DeskAdmin, LongListAdmin, Verb
from portal.models import StaffRole, User
from portal.permissions import may_read

for table in ("partner", "group", "groupmembership", "securechannel"):
    may_read(f"partners.{table}", *keeping_permissions.READERS)


def user_of(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the desk admits nobody else
    return request.user


class DirectoryAdmin(DeskAdmin):
    """A table of the directory: read by the liaison desk and supervisors, and nobody who also
    administers the system."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and (
            keeping_permissions.can_read_directory(user_of(request))
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        return redirect(f"admin:partners_{self.opts.model_name}_change", object_id)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if any("\0" in value for value in request.GET.values()):
            # A database cannot be asked for this; as with filters that make no sense.
            return redirect(request.path)
        return super().changelist_view(request, extra_context)


class WaitsFilter(admin.SimpleListFilter):
    title = gettext_lazy("what waits")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(code, text) for code, (text, _pick) in queues.DUE.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        found = queues.DUE.get(self.value() or "")
        return queryset if found is None else found[1](queryset, user_of(request))


class KeeperFilter(admin.SimpleListFilter):
    title = gettext_lazy("kept by")
    parameter_name = "keeper"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        officers = User.objects.holding(StaffRole.LIAISON_OFFICER).order_by("name", "pk")
        return [("nobody", _("Nobody by name")), *((str(one.pk), one.name) for one in officers)]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        value = self.value() or ""
        if value == "nobody":
            return queryset.filter(keeper=None)
        return (
            queryset.filter(keeper=int(value))
            if value.isdecimal() and len(value) < 10
            else (queryset.none() if value else queryset)
        )


class GroupFilter(admin.SimpleListFilter):
    title = gettext_lazy("group")
    parameter_name = "group"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Group.objects.order_by("name").values_list("code", "name"))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        if not self.value():
            return queryset
        return queryset.filter(pk__in=directory.members(self.value() or ""))


class CountryFilter(admin.SimpleListFilter):
    title = gettext_lazy("country")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        codes = Partner.objects.exclude(country="").order_by("country").values_list("country")
        names = {str(code): Country(str(code)).name for (code,) in codes.distinct()}
        return sorted(names.items(), key=lambda item: str(item[1]))

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        return queryset.filter(country=self.value()) if self.value() else queryset


def due_tag(entry: Checked) -> SafeString:
    confirmed = entry.verified_on and not entry.is_stale
    text, colour = (_("confirmed"), "green") if confirmed else (_("to be confirmed"), "orange")
    return format_html('<span class="desk-tag desk-tag--{}">{}</span>', colour, text)


@admin.register(Partner)
class PartnerAdmin(SpeltSearch, LongListAdmin, DirectoryAdmin):
    list_display = ("name", "code", "type", "country_name", "checked", "review_due", "kept_by")
    list_filter = (WaitsFilter, "type", GroupFilter, CountryFilter, KeeperFilter)
    list_select_related = ("keeper",)
    search_fields = ("^name", "^local_name", "^abbreviation", "^code")
    downloadable = True
    fields = ("name",)
    change_form_template = "admin/partners/partner/entry.html"

    @admin.display(description=gettext_lazy("country"))
    def country_name(self, partner: Partner) -> str:
        return str(Country(str(partner.country)).name) if partner.country else ""

    @admin.display(description=gettext_lazy("standing"))
    def checked(self, partner: Partner) -> SafeString:
        return due_tag(partner)

    @admin.display(description=gettext_lazy("kept by"))
    def kept_by(self, partner: Partner) -> str:
        return partner.keeper.name if partner.keeper is not None else _("nobody by name")

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        if not keeping_permissions.can_keep(user_of(request)):
            return []
        return [
            {"text": text, "url": reverse(f"admin:partners_{name}"), "link": True, **style}
            for text, name, style in (
                (_("Add a partner"), "partner_add_entry", {}),
                (_("Confirm what is due"), "partner_due", {"secondary": True}),
                (_("Import or export"), "directoryimport_changelist", {"secondary": True}),
            )
        ]

    def verbs(self, request: HttpRequest, obj: Partner) -> list[Verb]:
        user = user_of(request)
        if not keeping_permissions.can_change(user, obj):
            return []
        return [
            edit_button(obj, _("Correct or confirm"), "edit"),
            edit_button(obj, _("Add a contact point"), "add_contact", secondary=True),
            *verbs.buttons(PARTNER_VERBS, user, obj),
        ]

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        pages = {"edit": editing.change_partner, "add_contact": editing.add_contact}
        return [
            path("add-entry/", guard(editing.add_partner), name="partners_partner_add_entry"),
            path("due/", guard(editing.next_due), name="partners_partner_due"),
            *(
                path(f"<int:object_id>/{name}/", guard(view), name=f"partners_partner_{name}")
                for name, view in pages.items()
            ),
            *verbs.urls(PARTNER_VERBS),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        partner = self.get_object(request, object_id)
        if partner is not None and self.has_view_permission(request, partner):
            extra_context = {**(extra_context or {}), **_facts(partner, user_of(request))}
        return super().change_view(request, object_id, form_url, extra_context)


def _facts(partner: Partner, user: User) -> dict[str, Any]:
    """All that the page of one partner shows, in a fixed number of queries."""
    today = timezone.localdate()
    held = Holder.objects.on(today).filter(erased_at=None).order_by("since", "pk")
    contacts = ContactPoint.objects.filter(partner=partner).prefetch_related(
        Prefetch("holders", held, to_attr="held_by")
    )
    may = keeping_permissions.can_change(user, partner)
    return {
        "title": partner.name,
        "subtitle": None,
        "entry": partner,
        "hours": hours.write(partner.hours),
        "contacts": contacts.order_by("ended_at", "duty", "pk"),
        "memberships": partner.group_memberships.select_related("group").order_by("pk"),
        "channels": partner.channels.order_by("ended_at", "name"),
        "instruments": legal_basis.binding(
            own=legal_basis.own_country(), partner=partner, on=today
        ),
        "focus_areas": partner.focus_areas.on(today).order_by("name", "pk"),
        "parts": partner.parts.order_by("name")[:50],
        "may": may,
    }


def edit_button(entry: Checked, text: str, verb: str, **style: Any) -> Verb:
    name = f"admin:partners_{entry._meta.model_name}_{verb}"
    return {"text": text, "url": reverse(name, args=[entry.pk]), "link": True, **style}


@admin.register(Group)
class GroupAdmin(DirectoryAdmin):
    list_display = ("name", "code", "about")
    ordering = ("name", "pk")
    fields = ("name", "code", "about", "members")
    readonly_fields = ("members",)
    downloadable = True

    @admin.display(description=gettext_lazy("members"))
    def members(self, group: Group) -> SafeString:
        listed = reverse("admin:partners_partner_changelist")
        count = directory.members(group.code).count()
        url = f"{listed}?group={group.code}"
        return format_html('<a href="{}">{}</a>', url, _("%(count)d today") % {"count": count})

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        return verbs.buttons(GROUP_VERBS, user_of(request), None)

    def verbs(self, request: HttpRequest, obj: Group) -> list[Verb]:
        return verbs.buttons(GROUP_VERBS, user_of(request), obj)

    def desk_urls(self) -> list[URLPattern]:
        return verbs.urls(GROUP_VERBS)


@admin.register(GroupMembership)
class GroupMembershipAdmin(LongListAdmin, DirectoryAdmin):
    list_display = ("partner", "group", "since", "until")
    list_filter = ("group",)
    list_select_related = ("partner", "group")
    fields = list_display
    downloadable = True

    def verbs(self, request: HttpRequest, obj: GroupMembership) -> list[Verb]:
        return verbs.buttons(MEMBERSHIP_VERBS, user_of(request), obj)

    def desk_urls(self) -> list[URLPattern]:
        return verbs.urls(MEMBERSHIP_VERBS)


@admin.register(SecureChannel)
class SecureChannelAdmin(LongListAdmin, DirectoryAdmin):
    list_display = ("partner", "name", "reference", "ended")
    list_filter = ("name",)
    list_select_related = ("partner",)
    fields = list_display
    readonly_fields = ("ended",)
    downloadable = True

    @admin.display(description=gettext_lazy("ended"))
    def ended(self, channel: SecureChannel) -> str:
        return date_format(channel.ended_at, "j F Y") if channel.ended_at else ""

    def verbs(self, request: HttpRequest, obj: SecureChannel) -> list[Verb]:
        return verbs.buttons(CHANNEL_VERBS, user_of(request), obj)

    def desk_urls(self) -> list[URLPattern]:
        return verbs.urls(CHANNEL_VERBS)
