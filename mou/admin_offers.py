"""Offers, programmes and templates at the officers' desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou import coverage_admin_views as coverage
from mou import interest_admin_views as interest
from mou import offer_admin_views as views
from mou import offer_permissions, permissions
from mou.lifecycle import OfferStatus
from mou.models import MouOffer, Programme
from mou.models.offers import MouOfferQuerySet
from portal.desk import DeskAdmin, LongListAdmin, Verb
from portal.models import StaffRole
from portal.permissions import may_read

READERS = (StaffRole.CASEWORKER, StaffRole.COUNTERSIGNER, StaffRole.SUPERVISOR)
for table in ("mouoffer", "programme", "template"):
    may_read(f"mou.{table}", *READERS)

COLOURS = {
    OfferStatus.UNSENT: "grey",
    OfferStatus.SENT: "green",
    OfferStatus.ACCEPTED: "green",
    OfferStatus.DECLINED: "red",
    OfferStatus.WITHDRAWN: "grey",
    OfferStatus.ENDED: "grey",
}
Pick = Callable[[MouOfferQuerySet], MouOfferQuerySet]
WAITS: dict[str, tuple[Any, Pick]] = {
    "address": (gettext_lazy("For an address"), MouOfferQuerySet.lacking_address),
    "sending": (gettext_lazy("To be sent"), MouOfferQuerySet.to_be_sent),
    "answer": (gettext_lazy("For the firm’s answer"), MouOfferQuerySet.unanswered),
}


def tag(offer: MouOffer) -> SafeString:
    """The status of an offer, in words and colour."""
    return format_html(
        '<span class="desk-tag desk-tag--{}">{}</span>',
        COLOURS[OfferStatus(offer.status)],
        offer.get_status_display(),
    )


class WaitsFilter(admin.SimpleListFilter):
    title = gettext_lazy("what it waits for")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(code, text) for code, (text, _picked) in WAITS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        found = WAITS.get(self.value() or "")
        return found[1](queryset) if found and isinstance(queryset, MouOfferQuerySet) else queryset


@admin.register(MouOffer)
class MouOfferAdmin(LongListAdmin):
    list_display = (
        "firm",
        "status_tag",
        "basis",
        "required_component",
        "contact_email",
        "sent_at",
        "answered_at",
    )
    list_filter = (WaitsFilter, "status", "basis", "required_component")
    list_select_related = ("organisation",)
    search_fields = ("^organisation__legal_name", "^organisation__eori", "^contact_email")
    search_help_text = gettext_lazy("Beginning of a firm’s name, its EORI or the contact address")
    fields = ("organisation",)
    downloadable = True
    change_form_template = "admin/mou/mouoffer/offer.html"

    @admin.display(description=gettext_lazy("firm"), ordering="organisation__legal_name")
    def firm(self, offer: MouOffer) -> str:
        return str(offer.organisation)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def status_tag(self, offer: MouOffer) -> SafeString:
        return tag(offer)

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        user: Any = request.user
        url = reverse("admin:mou_mouoffer_coverage")
        found: list[Verb] = [{"text": _("Coverage"), "url": url, "link": True, "secondary": True}]
        if permissions.can_offer(user):
            invite = reverse("admin:mou_mouoffer_invite")
            found.insert(0, {"text": _("Invite a firm"), "url": invite, "link": True})
            bulk = reverse("admin:mou_offerbatch_choose")
            found.insert(1, {"text": _("Offer in bulk"), "url": bulk, "link": True})
        return found

    def verbs(self, request: HttpRequest, obj: MouOffer) -> list[Verb]:
        user: Any = request.user
        found = []
        if permissions.can_enter_contact(user, obj):
            text = _("Change the address") if obj.contact_email else _("Enter an address")
            found.append(_verb(obj, text, "enter_contact", link=True))
        if permissions.can_send_again(user, obj):
            found.append(_verb(obj, _("Send again"), "send_again"))
        if offer_permissions.can_change_component(user, obj):
            text = _("Change the required part")
            found.append(_verb(obj, text, "change_component", link=True, secondary=True))
        if permissions.can_withdraw_offer(user, obj):
            found.append(_verb(obj, _("Withdraw"), "withdraw", link=True, secondary=True))
        return found

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        verbs = {
            "enter_contact": views.enter_contact,
            "change_component": views.change_component,
            "send_again": views.send_again,
            "withdraw": views.withdraw,
        }
        return [
            path("invite/", guard(interest.reach_out), name="mou_mouoffer_invite"),
            path("coverage/", guard(coverage.coverage), name="mou_mouoffer_coverage"),
            path("coverage/csv/", guard(coverage.coverage_csv), name="mou_mouoffer_coverage_csv"),
            *(
                path(
                    f"<int:object_id>/{verb.replace('_', '-')}/",
                    guard(view),
                    name=f"mou_mouoffer_{verb}",
                )
                for verb, view in verbs.items()
            ),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[MouOffer]:
        return super().get_queryset(request).select_related("organisation")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        offer = self.get_object(request, object_id)
        if offer is not None and self.has_view_permission(request, offer):
            extra_context = {
                **(extra_context or {}),
                "title": str(offer),
                "subtitle": None,
                "offer": offer,
                "mou": getattr(offer, "mou", None),
                "tag": tag(offer),
            }
        return super().change_view(request, object_id, form_url, extra_context)


def _verb(offer: MouOffer, text: str, verb: str, **style: bool) -> Verb:
    return {"text": text, "url": reverse(f"admin:mou_mouoffer_{verb}", args=[offer.pk]), **style}


@admin.register(Programme)
class ProgrammeAdmin(DeskAdmin):
    list_display = ("name", "code", "owner", "component_rule")
    ordering = ("name", "pk")
    downloadable = True
