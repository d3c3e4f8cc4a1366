"""Focus areas at the officers' desk: what is watched for, with whom, and who is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries import countries

from partners import focus_permissions as permissions
from partners.actions import focus_areas as actions
from partners.admin_views import verbs
from partners.admin_views.verbs import Verb
from partners.forms import focus_areas as forms
from partners.models import FocusArea, Partner
from partners.models.focus_areas import FocusAreaQuerySet
from portal import reference
from portal.desk import DeskAdmin
from portal.desk import Verb as Button
from portal.models import User
from portal.permissions import may_read

may_read("partners.focusarea", *permissions.READERS)

VERBS = [
    Verb(
        FocusArea,
        "define_focus_area",
        gettext_lazy("Define a focus area"),
        permissions.can_define_focus_area,
        actions.define_focus_area,
        gettext_lazy("The focus area is on the list. Reports that match it are told to its owner."),
        forms.DefineFocusAreaForm,
        adds=True,
    ),
    Verb(
        FocusArea,
        "edit_focus_area",
        gettext_lazy("Change"),
        permissions.can_edit_focus_area,
        actions.edit_focus_area,
        gettext_lazy("The change is kept."),
        forms.EditFocusAreaForm,
        title=gettext_lazy("Change this focus area"),
        argument="area",
    ),
]


class WaitsFilter(admin.SimpleListFilter):
    title = gettext_lazy("what it waits for")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("owner", gettext_lazy("An owner who may be told")),
            ("now", gettext_lazy("Nothing: it runs now")),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Any]:
        if self.value() == "owner":
            return queryset.unheard(permissions.owners())
        today = timezone.localdate()
        return queryset.on(today) if self.value() == "now" else queryset


@admin.register(FocusArea)
class FocusAreaAdmin(DeskAdmin):
    list_display = ("name", "goods", "ways", "period", "standing", "owner")
    list_filter = (WaitsFilter,)
    list_select_related = ("owner",)
    search_fields = ("name", "code")
    search_help_text = gettext_lazy("A name or a code")
    ordering = ("name", "pk")
    fields = (
        "name",
        "standing",
        "goods",
        "ways",
        "from_where",
        "with_whom",
        "period",
        "owner",
        "note",
        "code",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> FocusAreaQuerySet:
        """With the partners that this officer may know of, and no others."""
        known = Partner.objects.visible_to(request.user).order_by("name")
        named = Prefetch("partners", known, to_attr="known_partners")
        found = cast("FocusAreaQuerySet", super().get_queryset(request))
        return found.with_heard(permissions.owners()).prefetch_related(named)

    @admin.display(description=gettext_lazy("kinds of goods"))
    def goods(self, area: FocusArea) -> str:
        return _named("commodity", area.commodities)

    @admin.display(description=gettext_lazy("direction and mode"))
    def ways(self, area: FocusArea) -> str:
        directions = _named("direction", area.directions)
        return f"{directions} · {_named('transport_mode', area.modes)}"

    @admin.display(description=gettext_lazy("origins"))
    def from_where(self, area: FocusArea) -> str:
        names = _countries(area.origins)
        return _narrowing(names) if names else _("any")

    @admin.display(description=gettext_lazy("partners"))
    def with_whom(self, area: FocusArea) -> str:
        names = ", ".join(str(one) for one in area.known_partners)  # type: ignore[attr-defined]
        if not area.countries:
            return names or "–"
        return f"{names} · {_narrowing(_countries(sorted(area.countries)))}"

    @admin.display(description=gettext_lazy("period"))
    def period(self, area: FocusArea) -> str:
        since = date_format(area.since, "j F Y") if area.since else ""
        until = date_format(area.until, "j F Y") if area.until else ""
        return f"{since} – {until}" if since or until else _("Without end")

    @admin.display(description=gettext_lazy("standing"))
    def standing(self, area: FocusArea) -> SafeString:
        today = timezone.localdate()
        text, colour = _("Runs"), "green"
        if area.until and area.until < today:
            text, colour = _("Over"), "grey"
        elif area.since and area.since > today:
            text, colour = _("To come"), "blue"
        elif not area.is_heard:  # type: ignore[attr-defined]
            text, colour = _("Nobody is told"), "yellow"
        return format_html('<span class="desk-tag desk-tag--{}">{}</span>', colour, text)

    def list_verbs(self, request: HttpRequest) -> list[Button]:
        return verbs.buttons(VERBS, _user(request), None)

    def verbs(self, request: HttpRequest, obj: FocusArea) -> list[Button]:
        return verbs.buttons(VERBS, _user(request), obj)

    def desk_urls(self) -> list[URLPattern]:
        return verbs.urls(VERBS)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        user = request.user
        return isinstance(user, User) and permissions.can_read_focus_areas(user)


def _countries(codes: Iterable[str]) -> str:
    return ", ".join(countries.name(code) or code for code in codes)


def _narrowing(names: str) -> str:
    """A blank country hides no match, and whoever reads the area is to know."""
    return _("%(names)s; a report without a noted country matches as well") % {"names": names}


def _named(list_name: str, codes: list[str]) -> str:
    return ", ".join(reference.label(list_name, code) for code in codes) or _("any")


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the desk admits nobody else
    return request.user
