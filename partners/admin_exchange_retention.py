"""How long exchanges are kept, at the desk: rules, holds, runs and what is left of erased ones."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import exchange_permissions as permissions
from partners import exchange_retention as rules
from partners.admin_views import exchange_retention as views
from partners.models import (
    Exchange,
    ExchangeHold,
    ExchangeRetentionRun,
    ExchangeRule,
    ExchangeTombstone,
)
from portal.desk import DeskAdmin, Verb
from portal.models import StaffRole, User
from portal.permissions import may_read

WATCHERS = (StaffRole.DATA_PROTECTION_OFFICER, StaffRole.AUDITOR)
READERS = (StaffRole.SUPERVISOR, *WATCHERS)
may_read("partners.exchangerule", StaffRole.LIAISON_OFFICER, *READERS)
for label in ("exchangehold", "exchangeretentionrun", "exchangetombstone"):
    may_read(f"partners.{label}", *READERS)

# What a run did with exchanges, as its page says it.
WORDS = {
    "dated": gettext_lazy("given a date of review"),
    "postponed": gettext_lazy("looked at later, because the rule says so now"),
    "held": gettext_lazy("not erased, because held"),
    "review": gettext_lazy("put under review"),
    "erased": gettext_lazy("erased"),
}


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the desk admits nobody else
    return request.user


def rule_name(code: str) -> str:
    return str(rules.TABLE[code].name) if code in rules.TABLE else code


@admin.register(ExchangeRule)
class ExchangeRuleAdmin(DeskAdmin):
    list_display = ("name", "review_months", "erase_months", "source", "confirmed", "changed_at")
    ordering = ("pk",)
    fields = (
        "name",
        "code",
        "review_months",
        "erase_months",
        "source",
        "confirmed",
        "changed_at",
        "changed_by",
    )

    def verbs(self, request: HttpRequest, obj: Model) -> list[Verb]:
        if not permissions.can_change_rules(_user(request)):
            return []
        url = reverse("admin:partners_exchangerule_change_rule", args=[obj.pk])
        return [{"text": _("Change the rule"), "url": url, "link": True}]

    def desk_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:object_id>/change_rule/",
                self.admin_site.admin_view(views.change_rule),
                name="partners_exchangerule_change_rule",
            )
        ]


@admin.register(ExchangeHold)
class ExchangeHoldAdmin(DeskAdmin):
    list_display = ("exchange", "placed_at", "placed_by", "lifted_at", "lifted_by")
    list_filter = (("lifted_at", admin.EmptyFieldListFilter),)
    list_select_related = ("exchange", "placed_by", "lifted_by")
    ordering = ("-pk",)
    fields = ("exchange_reference", "reason", "placed_at", "placed_by", "lifted_at", "lifted_by")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExchangeHold]:
        """A supervisor who may know no exchange learns of none here either."""
        found: QuerySet[ExchangeHold] = super().get_queryset(request)
        if _user(request).has_role(*WATCHERS):
            return found
        return found.filter(exchange__in=Exchange.objects.visible_to(_user(request)))

    @admin.display(description=gettext_lazy("exchange"))
    def exchange_reference(self, hold: ExchangeHold) -> str:
        return str(hold.exchange)

    def verbs(self, request: HttpRequest, obj: ExchangeHold) -> list[Verb]:
        if not permissions.can_lift_hold(_user(request), obj):
            return []
        url = reverse("admin:partners_exchangehold_lift", args=[obj.pk])
        return [{"text": _("Lift the hold"), "url": url, "link": True}]

    def desk_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:object_id>/lift/",
                self.admin_site.admin_view(views.lift),
                name="partners_exchangehold_lift",
            )
        ]


@admin.register(ExchangeRetentionRun)
class ExchangeRetentionRunAdmin(DeskAdmin):
    list_display = ("day", "dry", "started_at", "finished_at", "summary")
    list_filter = ("dry",)
    ordering = ("-pk",)
    fields = ("day", "dry", "started_at", "finished_at", "by_rule")

    @admin.display(description=gettext_lazy("erased"))
    def summary(self, run: ExchangeRetentionRun) -> int:
        return sum(counts.get("erased", 0) for counts in run.counts.values())

    @admin.display(description=gettext_lazy("by rule"))
    def by_rule(self, run: ExchangeRetentionRun) -> SafeString | str:
        lines = [
            (rule_name(rule), ", ".join(f"{number} {WORDS[what]}" for what, number in row.items()))
            for rule, row in sorted(run.counts.items())
        ]
        told = format_html_join("", "<li>{}: {}</li>", lines)
        return format_html("<ul>{}</ul>", told) if lines else _("Nothing was due.")


@admin.register(ExchangeTombstone)
class ExchangeTombstoneAdmin(DeskAdmin):
    list_display = ("reference", "named_rule", "erased_at")
    search_fields = ("=reference",)
    ordering = ("-pk",)
    fields = ("reference", "named_rule", "erased_at")

    @admin.display(description=gettext_lazy("rule"))
    def named_rule(self, stone: ExchangeTombstone) -> str:
        return rule_name(stone.rule)
