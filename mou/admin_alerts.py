"""Alerts at the officers' desk: the list, each one, and which firms have acknowledged it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou import alert_admin_views as views
from mou import alert_permissions as permissions
from mou import feedback_admin_views as feedback
from mou import feedback_permissions
from mou.alert_words import words_of
from mou.lifecycle import AlertStatus
from mou.models import Alert, AlertDelivery
from portal.desk import LongListAdmin, Verb
from portal.models import StaffRole, User
from portal.permissions import may_read

for table in ("alert", "alertdelivery"):
    may_read(f"mou.{table}", StaffRole.CASEWORKER, StaffRole.COUNTERSIGNER, StaffRole.SUPERVISOR)
COLOURS = {
    AlertStatus.DRAFT: "grey",
    AlertStatus.PROPOSED: "yellow",
    AlertStatus.PUBLISHED: "green",
    AlertStatus.WITHDRAWN: "red",
    AlertStatus.EXPIRED: "grey",
}
PUBLICATION = ("approved_by", "published_at")
# Offered in the filter; older ones are reached from their own pages.
OFFERED = 20


def _listed(labels: list[str]) -> SafeString | str:
    return format_html_join(mark_safe("<br>"), "{}", ((label,) for label in labels)) or "–"


@admin.register(Alert)
class AlertAdmin(LongListAdmin):
    list_display = ("title", "status_tag", "handling", "published_at", "expires_on")
    list_filter = ("status", "handling")
    search_fields = ("title",)
    search_help_text = gettext_lazy("Words of the title")
    downloadable = True
    fields = (
        "status_tag",
        "remark",
        "title",
        "text",
        "advice",
        "firms",
        "goods",
        "ways",
        "signs",
        "handling",
        "expires_on",
        ("written_by", "written_at", "proposed_by"),
        PUBLICATION,
        "answers",
        ("withdrawn_by", "withdrawn_at", "withdrawal"),
    )
    readonly_fields = ("status_tag", "firms", "goods", "ways", "signs", "answers")

    @admin.display(description=gettext_lazy("status"))
    def status_tag(self, alert: Alert) -> SafeString:
        colour = COLOURS[AlertStatus(alert.status)]
        tag = '<span class="desk-tag desk-tag--{}">{}</span>'
        return format_html(tag, colour, alert.get_status_display())

    @admin.display(description=gettext_lazy("which firms"))
    def firms(self, alert: Alert) -> str:
        labels = words_of(alert).audience
        return _listed(labels) if labels else _("Every partner firm whose agreement is in force")

    @admin.display(description=gettext_lazy("which goods"))
    def goods(self, alert: Alert) -> str:
        return _listed(words_of(alert).commodities)

    @admin.display(description=gettext_lazy("which methods"))
    def ways(self, alert: Alert) -> str:
        return _listed([label for label, _meaning in words_of(alert).methods])

    @admin.display(description=gettext_lazy("which signs"))
    def signs(self, alert: Alert) -> str:
        return _listed(words_of(alert).indicators)

    @admin.display(description=gettext_lazy("acknowledged"))
    def answers(self, alert: Alert) -> str:
        """By how many of the firms that have it, and what it was worth to them."""
        if alert.published_at is None:
            return "–"
        reached = alert.deliveries.count()
        read = alert.deliveries.exclude(acknowledged_at=None).count()
        return _("%(read)d of %(reached)d firms") % {"read": read, "reached": reached}

    def get_fields(self, request: HttpRequest, obj: Alert | None = None) -> list[Any]:
        """Without what did not happen to it."""
        found: list[Any] = list(self.fields or ())
        if obj is not None and not obj.remark:
            found.remove("remark")
        if obj is not None and obj.withdrawn_at is None:
            found.pop()
        if obj is not None and obj.published_at is None:
            found = [name for name in found if name not in (PUBLICATION, "answers")]
        return found

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        verbs = {
            "edit": views.edit,
            "propose": views.propose,
            "approve": views.approve,
            "return": views.send_back,
            "withdraw": views.withdraw,
        }
        return [
            path("write/", guard(views.write), name="mou_alert_write"),
            *(
                path(f"<int:object_id>/{verb}/", guard(view), name=f"mou_alert_{verb}")
                for verb, view in verbs.items()
            ),
        ]

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        user: Any = request.user
        if not permissions.can_write(user):
            return []
        url = reverse("admin:mou_alert_write")
        return [{"text": _("Write an alert"), "url": url, "link": True}]

    def verbs(self, request: HttpRequest, obj: Alert) -> list[Verb]:
        user = request.user
        assert isinstance(user, User)  # noqa: S101 - the desk admits nobody else
        found: list[Verb] = []
        if permissions.can_propose(user, obj):
            found.append(_verb(obj, _("Ask for approval"), "propose"))
        if permissions.can_edit(user, obj):
            found.append(_verb(obj, _("Change"), "edit", link=True, secondary=True))
        if permissions.can_approve(user, obj):
            found.append(_verb(obj, _("Approve"), "approve", link=True))
        if permissions.can_return(user, obj):
            found.append(_verb(obj, _("Send back"), "return", link=True, secondary=True))
        if obj.published_at is not None:
            url = f"{reverse('admin:mou_alertdelivery_changelist')}?alert={obj.pk}&read=no"
            text = _("Who has not acknowledged it")
            found.append({"text": text, "url": url, "link": True, "secondary": True})
        if permissions.can_withdraw(user, obj):
            found.append(_verb(obj, _("Withdraw"), "withdraw", link=True, secondary=True))
        return found


def _verb(alert: Alert, text: str, verb: str, **style: Any) -> Verb:
    return {"text": text, "url": reverse(f"admin:mou_alert_{verb}", args=[alert.pk]), **style}


class AlertFilter(admin.SimpleListFilter):
    title = gettext_lazy("alert")
    parameter_name = "alert"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        newest = Alert.objects.exclude(published_at=None).order_by("-pk")[:OFFERED]
        return [(str(alert.pk), alert.title) for alert in newest]

    def has_output(self) -> bool:
        return True

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AlertDelivery]
    ) -> QuerySet[AlertDelivery]:
        asked = self.value() or ""
        if not asked:
            return queryset
        return (
            queryset.filter(alert=int(asked))
            if asked.isdecimal() and len(asked) < 18
            else queryset.none()
        )


class ReadFilter(admin.SimpleListFilter):
    title = gettext_lazy("acknowledged")
    parameter_name = "read"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", gettext_lazy("Not yet")), ("yes", gettext_lazy("Yes"))]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[AlertDelivery]
    ) -> QuerySet[AlertDelivery]:
        if self.value() == "no":
            return queryset.filter(acknowledged_at=None)
        return queryset.exclude(acknowledged_at=None) if self.value() == "yes" else queryset


@admin.register(AlertDelivery)
class AlertDeliveryAdmin(LongListAdmin):
    list_display = (
        "firm",
        "alert",
        "delivered_at",
        "acknowledged_at",
        "acknowledged_by",
        "usefulness",
        "because",
    )
    list_filter = (ReadFilter, AlertFilter, "usefulness", "because")
    list_select_related = ("alert", "mou__organisation", "cover__organisation", "acknowledged_by")
    search_fields = ("mou__organisation__legal_name", "mou__number")
    search_help_text = gettext_lazy("Firm or number of its agreement")
    downloadable = True
    fields = (
        ("alert", "mou"),
        "because",
        ("delivered_at", "reminded_at"),
        ("acknowledged_at", "acknowledged_by"),
        "usefulness",
    )

    def desk_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(feedback.answer_alert)
        return [path("<int:object_id>/feedback/", view, name="mou_alertdelivery_feedback")]

    def verbs(self, request: HttpRequest, obj: AlertDelivery) -> list[Verb]:
        user: Any = request.user
        if not feedback_permissions.can_answer(user, obj):
            return []
        url = reverse("admin:mou_alertdelivery_feedback", args=[obj.pk])
        return [{"text": _("Give the firm feedback"), "url": url, "link": True}]

    @admin.display(description=gettext_lazy("firm"))
    def firm(self, delivery: AlertDelivery) -> str:
        return str(delivery.firm)
