"""Instruments at the liaison desk: what is in force, between whom and for what."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_countries.fields import Country

from partners import exchange_permissions as permissions
from partners.actions import instruments as actions
from partners.admin_views import verbs
from partners.admin_views.verbs import Verb
from partners.forms import instruments as forms
from partners.models import Instrument, InstrumentParty, Purpose
from portal.desk import DeskAdmin
from portal.desk import Verb as Button
from portal.models import StaffRole, User
from portal.permissions import may_read

may_read("partners.instrument", StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR)
may_read("partners.instrumentparty", StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR)

VERBS = [
    Verb(
        Instrument,
        "add_instrument",
        gettext_lazy("Add an instrument"),
        permissions.can_add_instrument,
        actions.add_instrument,
        gettext_lazy("The instrument is on the list. Add its parties now."),
        forms.AddInstrumentForm,
        adds=True,
    ),
    Verb(
        Instrument,
        "add_party",
        gettext_lazy("Add a party"),
        permissions.can_add_party,
        actions.add_party,
        gettext_lazy("The party is on the list."),
        forms.AddPartyForm,
        argument="instrument",
    ),
    Verb(
        Instrument,
        "edit_instrument",
        gettext_lazy("Change"),
        permissions.can_edit_instrument,
        actions.edit_instrument,
        gettext_lazy("The change is kept."),
        forms.EditInstrumentForm,
        title=gettext_lazy("Change this instrument"),
        secondary=True,
        argument="instrument",
    ),
    Verb(
        Instrument,
        "end_instrument",
        gettext_lazy("It ends"),
        permissions.can_end_instrument,
        actions.end_instrument,
        gettext_lazy("Its end is kept. After that day nothing is sent under it."),
        forms.EndInstrumentForm,
        title=gettext_lazy("This instrument ends"),
        secondary=True,
        argument="instrument",
    ),
]
PARTY_VERBS = [
    Verb(
        InstrumentParty,
        "end_party",
        gettext_lazy("No longer bound"),
        permissions.can_end_party,
        actions.end_party,
        gettext_lazy("Its end is kept."),
        forms.EndPartyForm,
        title=gettext_lazy("This party is no longer bound"),
        secondary=True,
        argument="party",
        home=lambda party: party.instrument,
    ),
]


@admin.register(Instrument)
class InstrumentAdmin(DeskAdmin):
    list_display = ("name", "kind", "standing", "parties_now", "checked")
    list_filter = ("kind", "confirmed")
    search_fields = ("title", "code", "reference")
    search_help_text = gettext_lazy("A title, a code or where it is published")
    ordering = ("title",)
    fields = (
        "title",
        "code",
        "kind",
        "standing",
        "reference",
        "signed",
        "force",
        "purposes_named",
        "limits",
        "checked",
        "source",
        "parties_listed",
    )
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Instrument]:
        return super().get_queryset(request).annotate(count=Count("parties"))

    @admin.display(description=gettext_lazy("title"), ordering="title")
    def name(self, one: Instrument) -> str:
        return one.title

    @admin.display(description=gettext_lazy("standing"))
    def standing(self, one: Instrument) -> SafeString:
        return _tag(*standing_of(one))

    @admin.display(description=gettext_lazy("parties"))
    def parties_now(self, one: Any) -> str:
        return str(one.count) if one.count else _("none: covers nothing")

    @admin.display(description=gettext_lazy("dates confirmed"))
    def checked(self, one: Instrument) -> SafeString:
        if one.confirmed:
            return _tag(_("confirmed"), "green")
        return _tag(_("not confirmed"), "yellow")

    @admin.display(description=gettext_lazy("signed on"))
    def signed(self, one: Instrument) -> str:
        return _day(one.signed_on)

    @admin.display(description=gettext_lazy("in force"))
    def force(self, one: Instrument) -> str:
        if one.in_force_on is None:
            return "–"
        if one.ended_on is None:
            return _("since %(day)s") % {"day": _day(one.in_force_on)}
        return _("from %(day)s to %(last)s") % {
            "day": _day(one.in_force_on),
            "last": _day(one.ended_on),
        }

    @admin.display(description=gettext_lazy("purposes"))
    def purposes_named(self, one: Instrument) -> str:
        labels = dict(Purpose.choices)
        return "; ".join(str(labels.get(code, code)) for code in one.purposes)

    @admin.display(description=gettext_lazy("parties"))
    def parties_listed(self, one: Instrument) -> SafeString:
        """Those bound now first; each with its days and, while it is bound, the way to end it."""
        rows = sorted(one.parties.select_related("partner"), key=_order)
        if not rows:
            return format_html("{}", _("None yet: add them, or it covers nothing."))
        lines = [
            format_html(
                '<li class="instrument-party">{} {} {}</li>', _name(row), _since(row), _ender(row)
            )
            for row in rows
        ]
        return format_html(
            '<ul class="instrument-parties">{}</ul>',
            SafeString("".join(lines)),
        )

    def list_verbs(self, request: HttpRequest) -> list[Button]:
        return verbs.buttons(VERBS, _user(request), None)

    def verbs(self, request: HttpRequest, obj: Instrument) -> list[Button]:
        return verbs.buttons(VERBS, _user(request), obj)

    def desk_urls(self) -> list[URLPattern]:
        return verbs.urls(VERBS)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and permissions.can_read_instruments(
            _user(request)
        )

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        return redirect("admin:partners_instrument_change", object_id)


@admin.register(InstrumentParty)
class InstrumentPartyAdmin(DeskAdmin):
    """Only the pages of its verbs: the list stands on the page of the instrument."""

    list_display = ("instrument", "country", "partner", "since", "until")
    list_select_related = ("instrument", "partner")
    ordering = ("instrument__title", "country")

    def verbs(self, request: HttpRequest, obj: InstrumentParty) -> list[Button]:
        return verbs.buttons(PARTY_VERBS, _user(request), obj)

    def desk_urls(self) -> list[URLPattern]:
        return verbs.urls(PARTY_VERBS)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and permissions.can_read_instruments(
            _user(request)
        )


def standing_of(one: Instrument) -> tuple[str, str]:
    """In a word and a colour."""
    today = timezone.localdate()
    if one.ended_on is not None and one.ended_on < today:
        return _("ended"), "grey"
    if one.in_force_on is not None and one.in_force_on <= today:
        return _("in force"), "green"
    if one.signed_on is not None and one.signed_on <= today:
        return _("signed, not in force"), "yellow"
    return _("not signed"), "grey"


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the desk admits nobody else
    return request.user


def _day(day: Any) -> str:
    return date_format(day, "j F Y") if day else "–"


def _name(row: InstrumentParty) -> str:
    return str(row.partner) if row.partner_id else str(Country(str(row.country)).name)


def _order(row: InstrumentParty) -> tuple[bool, str]:
    return row.until is not None, _name(row)


def _since(row: InstrumentParty) -> str:
    if row.until is not None:
        return _("(until %(day)s)") % {"day": _day(row.until)}
    return _("(since %(day)s)") % {"day": _day(row.since)} if row.since else ""


def _ender(row: InstrumentParty) -> SafeString | str:
    if row.until is not None:
        return ""
    url = reverse("admin:partners_instrumentparty_end_party", args=[row.pk])
    text = _("No longer bound")
    return format_html('<a href="{}" aria-label="{}: {}">{}</a>', url, text, _name(row), text)


def _tag(text: Any, colour: str) -> SafeString:
    return format_html('<span class="desk-tag desk-tag--{}">{}</span>', colour, text)
