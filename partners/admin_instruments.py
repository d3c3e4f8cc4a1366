"""Instruments at the liaison desk: what is in force, between whom and for what.

Every verb here proposes; what is decided stands in `admin_instrument_changes`.
"""

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

from partners import instrument_permissions as permissions
from partners.actions import instrument_changes as changes
from partners.admin_instrument_changes import shown
from partners.admin_views import verbs
from partners.admin_views.verbs import Verb
from partners.forms import instruments as forms
from partners.instrument_terms import party_name
from partners.models import Instrument, InstrumentParty, Purpose
from portal.desk import DeskAdmin
from portal.desk import Verb as Button
from portal.models import StaffRole, User
from portal.permissions import may_read

may_read("partners.instrument", StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR)
may_read("partners.instrumentparty", StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR)

LEAD = gettext_lazy("It changes nothing until a supervisor, and not you, has decided on it.")
PROPOSED = gettext_lazy(
    "It is proposed. Until a supervisor has decided, everything stays as it is."
)

VERBS = [
    Verb(
        Instrument,
        "propose_instrument",
        gettext_lazy("Propose an instrument"),
        permissions.can_propose_instrument,
        changes.propose_instrument,
        PROPOSED,
        forms.AddInstrumentForm,
        lead=LEAD,
        adds=True,
    ),
    Verb(
        Instrument,
        "propose_party",
        gettext_lazy("Propose a party"),
        permissions.can_propose_party,
        changes.propose_party,
        PROPOSED,
        forms.AddPartyForm,
        lead=LEAD,
        argument="instrument",
    ),
    Verb(
        Instrument,
        "propose_edit",
        gettext_lazy("Propose a change"),
        permissions.can_propose_edit,
        changes.propose_edit,
        PROPOSED,
        forms.EditInstrumentForm,
        lead=LEAD,
        secondary=True,
        argument="instrument",
    ),
    Verb(
        Instrument,
        "propose_end",
        gettext_lazy("Propose its end"),
        permissions.can_propose_end,
        changes.propose_end,
        PROPOSED,
        forms.EndInstrumentForm,
        lead=LEAD,
        secondary=True,
        argument="instrument",
    ),
]
PARTY_VERBS = [
    Verb(
        InstrumentParty,
        "propose_party_end",
        gettext_lazy("Propose its end"),
        permissions.can_propose_party_end,
        changes.propose_party_end,
        PROPOSED,
        forms.EndPartyForm,
        title=gettext_lazy("Propose that this party is no longer bound"),
        lead=LEAD,
        secondary=True,
        argument="party",
        home=lambda party: party.instrument,
    ),
]


@admin.register(Instrument)
class InstrumentAdmin(DeskAdmin):
    change_form_template = "admin/partners/instrument/page.html"
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
                '<li class="instrument-party">{} {} {}</li>',
                party_name(row),
                _since(row),
                _ender(row),
            )
            for row in rows
        ]
        return format_html(
            '<ul class="instrument-parties">{}</ul>',
            SafeString("".join(lines)),
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """With what is proposed and not decided yet."""
        instrument = self.get_object(request, object_id)
        context = {}
        if instrument is not None and self.has_view_permission(request, instrument):
            known = instrument.changes.select_related("proposed_by", "instrument").order_by("pk")
            context["proposals"] = shown(known.open(), _user(request))
        return super().change_view(
            request, object_id, form_url, {**context, **(extra_context or {})}
        )

    def list_verbs(self, request: HttpRequest) -> list[Button]:
        """What is proposed and is no instrument yet stands in a list of its own."""
        url = reverse("admin:partners_instrumentchange_changelist")
        text = _("Proposed changes")
        proposed: Button = {"text": text, "url": url, "link": True, "secondary": True}
        return [*verbs.buttons(VERBS, _user(request), None), proposed]

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


def _order(row: InstrumentParty) -> tuple[bool, str]:
    return row.until is not None, party_name(row)


def _since(row: InstrumentParty) -> str:
    if row.until is not None:
        return _("(until %(day)s)") % {"day": _day(row.until)}
    return _("(since %(day)s)") % {"day": _day(row.since)} if row.since else ""


def _ender(row: InstrumentParty) -> SafeString | str:
    if row.has_ended:
        return ""
    url = reverse("admin:partners_instrumentparty_propose_party_end", args=[row.pk])
    text = _("Propose its end")
    return format_html('<a href="{}" aria-label="{}: {}">{}</a>', url, text, party_name(row), text)


def _tag(text: Any, colour: str) -> SafeString:
    return format_html('<span class="desk-tag desk-tag--{}">{}</span>', colour, text)
