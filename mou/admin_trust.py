"""Trust schemes and statuses at the officers' desk."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou import eori_admin_views as eori_views
from mou import permissions
from mou import trust_admin_views as views
from mou.actions import trust_events
from mou.comparison import PROGRAMME
from mou.models import (
    ComponentState,
    MouOffer,
    Programme,
    TrustDecision,
    TrustScheme,
    TrustStatus,
)
from mou.models.trust import normalise_number
from mou.obstacles import obstacles
from portal.desk import DeskAdmin, LongListAdmin, Verb
from portal.models import StaffRole
from portal.permissions import may_read

READERS = (StaffRole.CASEWORKER, StaffRole.COUNTERSIGNER, StaffRole.SUPERVISOR)
may_read("mou.trustscheme", *READERS)
may_read("mou.truststatus", *READERS)

COLOURS = {
    ComponentState.NONE: "grey",
    ComponentState.VALID: "green",
    ComponentState.SUSPENDED: "orange",
    ComponentState.REVOKED: "red",
    ComponentState.ANNULLED: "red",
}
VERBS = {
    "suspend": (gettext_lazy("Suspend"), {"secondary": True}),
    "reinstate": (gettext_lazy("Reinstate"), {}),
    "downgrade": (gettext_lazy("Downgrade"), {"secondary": True}),
    "revoke": (gettext_lazy("Revoke"), {"secondary": True}),
    "annul": (gettext_lazy("Annul"), {"secondary": True}),
}


def tag(status: TrustStatus, field: str) -> SafeString:
    """What one half of a certificate is worth, in words and colour."""
    state = ComponentState(getattr(status, field))
    return format_html('<span class="desk-tag desk-tag--{}">{}</span>', COLOURS[state], state.label)


@admin.register(TrustScheme)
class TrustSchemeAdmin(DeskAdmin):
    list_display = ("name", "code", "legal_basis", "valid_from", "valid_to")
    ordering = ("name", "pk")
    downloadable = True


class DecisionFilter(admin.SimpleListFilter):
    title = gettext_lazy("decisions ahead")
    parameter_name = "decision"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("waiting", gettext_lazy("Waits for its day")),
            ("held_up", gettext_lazy("Could not take effect")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:
        decisions = {
            "waiting": TrustDecision.objects.waiting().filter(obstacle=""),
            "held_up": TrustDecision.objects.held_up(),
        }.get(self.value() or "")
        return queryset if decisions is None else queryset.filter(pk__in=decisions.values("status"))


@admin.register(TrustStatus)
class TrustStatusAdmin(LongListAdmin):
    list_display = ("number", "firm", "effective_from", "simplifications_tag", "security_tag")
    list_filter = (DecisionFilter, "type", "simplifications", "security")
    list_select_related = ("organisation",)
    search_fields = ("^organisation__legal_name", "^organisation__eori")
    search_help_text = gettext_lazy("Beginning of a certificate number, a firm’s name or its EORI")
    downloadable = True
    fields = ("number",)
    change_form_template = "admin/mou/truststatus/status.html"

    @admin.display(description=gettext_lazy("holder"), ordering="organisation__legal_name")
    def firm(self, status: TrustStatus) -> str:
        return str(status.organisation)

    @admin.display(description=gettext_lazy("customs simplifications"), ordering="simplifications")
    def simplifications_tag(self, status: TrustStatus) -> SafeString:
        return tag(status, "simplifications")

    @admin.display(description=gettext_lazy("security and safety"), ordering="security")
    def security_tag(self, status: TrustStatus) -> SafeString:
        return tag(status, "security")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[TrustStatus], search_term: str
    ) -> tuple[QuerySet[TrustStatus], bool]:
        """A number is found as it is printed, with or without its spaces."""
        number = normalise_number(search_term)
        if number[2:5] == "AEO":
            return queryset.filter(number_normalised__startswith=number), False
        return super().get_search_results(request, queryset, search_term)

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        if not permissions.can_import(request.user):  # type: ignore[arg-type]
            return []
        return [
            {"text": text, "url": reverse(f"admin:mou_truststatus_{name}"), "secondary": True}
            for name, text in (
                ("export", _("Export the register")),
                ("published", _("Export what is public")),
            )
        ]

    def verbs(self, request: HttpRequest, obj: TrustStatus) -> list[Verb]:
        if not permissions.can_record_trust(request.user):  # type: ignore[arg-type]
            return []
        found = [
            {
                "text": text,
                "url": reverse(f"admin:mou_truststatus_{verb}", args=[obj.pk]),
                "link": True,
                **style,
            }
            for verb, (text, style) in VERBS.items()
            if trust_events.components_for(verb, obj)
        ]
        if obj.organisation.eori:
            for verb, text, link in (
                ("check_eori", _("Ask about the EORI number"), False),
                ("record_eori", _("Record a check of the EORI number"), True),
            ):
                url = reverse(f"admin:mou_truststatus_{verb}", args=[obj.pk])
                found.append({"text": text, "url": url, "link": link, "secondary": True})
        url = reverse("admin:mou_truststatus_consent", args=[obj.pk])
        consent = {"text": _("Consents"), "url": url, "link": True, "secondary": True}
        return [*found, consent, *self._offer(obj)]

    def _offer(self, status: TrustStatus) -> list[Verb]:
        if ComponentState.VALID not in (status.simplifications, status.security):
            return []
        programme = Programme.objects.filter(code=PROGRAMME).first()
        if programme is None or obstacles(programme, [status.organisation_id]):
            return []
        url = reverse("admin:mou_truststatus_offer", args=[status.pk])
        return [{"text": _("Offer an agreement"), "url": url, "secondary": True}]

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        verbs = {
            "suspend": views.suspend,
            "reinstate": views.reinstate,
            "downgrade": views.downgrade,
            "revoke": views.revoke,
            "annul": views.annul,
            "consent": views.consent,
            "check_eori": eori_views.check,
            "record_eori": eori_views.record,
            "offer": views.offer,
        }
        return [
            path(
                f"<int:object_id>/{verb.replace('_', '-')}/",
                guard(view),
                name=f"mou_truststatus_{verb}",
            )
            for verb, view in verbs.items()
        ] + [
            path("export/", guard(views.export), name="mou_truststatus_export"),
            path("published/", guard(views.published), name="mou_truststatus_published"),
            path(
                "<int:object_id>/decisions/<int:decision_id>/drop/",
                guard(views.drop_decision),
                name="mou_truststatus_drop_decision",
            ),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        status = self.get_object(request, object_id)
        if status is not None and self.has_view_permission(request, status):
            asked = status.organisation.eori_checks.select_related("asked_by")
            checks = list(asked.order_by("-pk")[:4])
            extra_context = {
                **(extra_context or {}),
                "title": status.number,
                "subtitle": None,
                "status": status,
                "halves": {
                    _("Customs simplifications"): tag(status, "simplifications"),
                    _("Security and safety"): tag(status, "security"),
                },
                "decisions": status.decisions.waiting()
                .select_related("recorded_by")
                .order_by("effective_on", "pk"),
                "may_drop": permissions.can_record_trust(request.user),  # type: ignore[arg-type]
                "check": checks[0] if checks else None,
                "earlier_checks": [one for one in checks[1:] if one.answered_at],
                "consents": status.consents.order_by("kind", "-pk"),
                "events": status.events.select_related("recorded_by").order_by("-pk"),
                "offers": MouOffer.objects.filter(organisation=status.organisation_id)
                .select_related("mou")
                .order_by("-pk"),
            }
        return super().change_view(request, object_id, form_url, extra_context)
