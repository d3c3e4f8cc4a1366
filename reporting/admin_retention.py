"""Retention at the desk: rules, holds, runs and what is left of erased reports."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk import DeskAdmin, Verb
from portal.models import StaffRole, User
from portal.permissions import may_read
from reporting import permissions
from reporting import retention as rules
from reporting.admin_views import retention as views
from reporting.models import LegalHold, Report, RetentionRule, RetentionRun, Tombstone

WATCHERS = (StaffRole.DATA_PROTECTION_OFFICER, StaffRole.AUDITOR)
READERS = (StaffRole.SUPERVISOR, *WATCHERS)
may_read("reporting.retentionrule", StaffRole.TRIAGE_OFFICER, *READERS)
for label in ("legalhold", "retentionrun", "tombstone"):
    may_read(f"reporting.{label}", *READERS)

# What a run did with reports, as its page says it.
WORDS = {
    "dated": gettext_lazy("given a date of review"),
    "postponed": gettext_lazy("looked at later, because something happened"),
    "flagged": gettext_lazy("open for long, shown to officers"),
    "held": gettext_lazy("not erased, because held"),
    "review": gettext_lazy("put under review"),
    "erased": gettext_lazy("erased"),
}


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the desk admits nobody else
    return request.user


@admin.register(RetentionRule)
class RetentionRuleAdmin(DeskAdmin):
    list_display = ("name", "review_months", "erase_months", "changed_at", "changed_by")
    list_select_related = ("changed_by",)
    ordering = ("pk",)
    fields = ("name", "code", "review_months", "erase_months", "changed_at", "changed_by")

    def verbs(self, request: HttpRequest, obj: Model) -> list[Verb]:
        if not permissions.can_change_rules(_user(request)):
            return []
        url = reverse("admin:reporting_retentionrule_change_rule", args=[obj.pk])
        return [{"text": _("Change the rule"), "url": url, "link": True}]

    def desk_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:object_id>/change_rule/",
                self.admin_site.admin_view(views.change_rule),
                name="reporting_retentionrule_change_rule",
            )
        ]


@admin.register(LegalHold)
class LegalHoldAdmin(DeskAdmin):
    list_display = ("report", "placed_at", "placed_by", "lifted_at", "lifter")
    list_filter = (("lifted_at", admin.EmptyFieldListFilter),)
    list_select_related = ("report", "placed_by", "lifted_by")
    ordering = ("-pk",)
    fields = ("report_reference", "reason", "placed_at", "placed_by", "lifted_at", "lifter")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LegalHold]:
        """Whoever has a conflict of interest does not learn of the report here either."""
        found: QuerySet[LegalHold] = super().get_queryset(request)
        if _user(request).has_role(StaffRole.TRIAGE_OFFICER, StaffRole.SUPERVISOR):
            return found.filter(report__in=Report.objects.visible_to(_user(request)))
        return found

    @admin.display(description=gettext_lazy("report"))
    def report_reference(self, hold: LegalHold) -> str:
        return str(hold.report)

    @admin.display(description=gettext_lazy("lifted by"), empty_value="-", ordering="lifted_by")
    def lifter(self, hold: LegalHold) -> str | User | None:
        if hold.lifted_at is not None and hold.lifted_by is None:
            return _("Lifted by who placed it, while that was allowed")
        return hold.lifted_by

    def verbs(self, request: HttpRequest, obj: LegalHold) -> list[Verb]:
        if not permissions.can_lift_hold(_user(request), obj):
            return []
        url = reverse("admin:reporting_legalhold_lift", args=[obj.pk])
        return [{"text": _("Lift the hold"), "url": url, "link": True}]

    def desk_urls(self) -> list[URLPattern]:
        return [
            path(
                "<int:object_id>/lift/",
                self.admin_site.admin_view(views.lift),
                name="reporting_legalhold_lift",
            )
        ]


@admin.register(RetentionRun)
class RetentionRunAdmin(DeskAdmin):
    list_display = ("day", "dry", "started_at", "finished_at", "summary")
    list_filter = ("dry",)
    ordering = ("-pk",)
    fields = ("day", "dry", "started_at", "finished_at", "by_rule")

    @admin.display(description=gettext_lazy("erased"))
    def summary(self, run: RetentionRun) -> int:
        return sum(counts.get("erased", 0) for counts in run.counts.values())

    @admin.display(description=gettext_lazy("by rule"))
    def by_rule(self, run: RetentionRun) -> SafeString | str:
        lines = [
            (_rule_name(rule), ", ".join(f"{number} {WORDS[what]}" for what, number in row.items()))
            for rule, row in sorted(run.counts.items())
        ]
        told = format_html_join("", "<li>{}: {}</li>", lines)
        return format_html("<ul>{}</ul>", told) if lines else _("Nothing was due.")


@admin.register(Tombstone)
class TombstoneAdmin(DeskAdmin):
    list_display = ("reference", "what", "rule", "erased_at")
    search_fields = ("=reference",)
    ordering = ("-pk",)
    fields = ("reference", "what", "rule", "erased_at")


def _rule_name(code: str) -> str:
    if code == rules.OPEN_RULE:
        return _("Open")
    return str(rules.TABLE[code].name) if code in rules.TABLE else code
