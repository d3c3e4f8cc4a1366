"""Requests that take two people, at the desk: for an identity, for an export of several reports."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.desk import DeskAdmin, Verb
from portal.models import StaffRole, User
from portal.permissions import may_read
from reporting import permissions
from reporting.admin_views import exports, identities
from reporting.models import Exclusion, ExportRequest, IdentityRequest, Report

may_read("reporting.identityrequest", StaffRole.IDENTITY_CUSTODIAN, StaffRole.SUPERVISOR)
may_read("reporting.exportrequest", StaffRole.TRIAGE_OFFICER, StaffRole.SUPERVISOR)


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 - the desk admits nobody else
    return request.user


def _state(code: str) -> SafeString:
    text, colour = STATES[code]
    return format_html('<span class="desk-tag desk-tag--{}">{}</span>', colour, text)


STATES: dict[str, tuple[Any, str]] = {
    "waiting": (gettext_lazy("Waits for an answer"), "yellow"),
    "released": (gettext_lazy("Released"), "green"),
    "approved": (gettext_lazy("Approved"), "green"),
    "opened": (gettext_lazy("Opened"), "blue"),
    "exported": (gettext_lazy("Exported"), "blue"),
    "refused": (gettext_lazy("Refused"), "red"),
    "over": (gettext_lazy("Run out"), "grey"),
}


@admin.register(IdentityRequest)
class IdentityRequestAdmin(DeskAdmin):
    list_display = ("report", "state", "requested_by", "requested_at", "released_by")
    list_select_related = ("report", "requested_by", "released_by")
    ordering = ("-requested_at", "-pk")
    fields = (
        "reference",
        "state",
        "reason",
        "requested_by",
        "requested_at",
        "released_by",
        "released_at",
        "refused_by",
        "refusal",
        "opened_at",
        "expires_at",
    )
    readonly_fields = ("reference", "state")

    def get_queryset(self, request: HttpRequest) -> QuerySet[IdentityRequest]:
        """Nobody sees a request about a report that they are shut out of."""
        shut_out = Exclusion.objects.filter(
            report=OuterRef("report"), user=_user(request), lifted_at=None
        )
        found: QuerySet[IdentityRequest] = super().get_queryset(request)
        return found.exclude(Exists(shut_out)).defer("released")

    @admin.display(description=gettext_lazy("report"))
    def reference(self, asked: IdentityRequest) -> str:
        """Without a way to it: a custodian has none."""
        return asked.report.reference

    @admin.display(description=gettext_lazy("status"))
    def state(self, asked: IdentityRequest) -> SafeString:
        if asked.opened_at:
            return _state("opened")
        if asked.refused_at:
            return _state("refused")
        if not asked.is_live:
            return _state("over")
        return _state("released" if asked.released_at else "waiting")

    def verbs(self, request: HttpRequest, obj: IdentityRequest) -> list[Verb]:
        user, found = _user(request), []
        if permissions.can_release_identity(user, obj):
            found.append(_verb(_("Release"), "identityrequest_release_identity", obj, link=True))
            refuse = _verb(_("Refuse"), "identityrequest_refuse_identity", obj, link=True)
            found.append(refuse | {"secondary": True})
        if permissions.can_open_identity(user, obj):
            found.append(_verb(_("See who reported, once"), "identityrequest_open_identity", obj))
        return found

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        pages = (identities.release_identity, identities.refuse_identity, identities.open_identity)
        return [
            path(
                f"<uuid:object_id>/{page.__name__}/",
                guard(page),
                name=f"reporting_identityrequest_{page.__name__}",
            )
            for page in pages
        ]


@admin.register(ExportRequest)
class ExportRequestAdmin(DeskAdmin):
    list_display = ("recipient", "state", "requested_by", "requested_at", "approved_by")
    list_select_related = ("requested_by", "approved_by")
    ordering = ("-requested_at", "-pk")
    fields = (
        "which",
        "recipient",
        "reason",
        "sanitised",
        "with_files",
        "state",
        "requested_by",
        "requested_at",
        "approved_by",
        "approved_at",
        "refused_by",
        "refusal",
        "exported_at",
        "expires_at",
    )
    readonly_fields = ("which", "state")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ExportRequest]:
        """Supervisors see all that they may know wholly; officers what they asked for."""
        user = _user(request)
        found: QuerySet[ExportRequest] = super().get_queryset(request)
        if not user.has_role(StaffRole.SUPERVISOR):
            found = found.filter(requested_by=user)
        shut_out = Exclusion.objects.filter(
            report__export_requests=OuterRef("pk"), user=user, lifted_at=None
        )
        return found.exclude(Exists(shut_out))

    @admin.display(description=gettext_lazy("reports"))
    def which(self, asked: ExportRequest) -> str:
        chosen: QuerySet[Report] = asked.reports.order_by("id")
        return ", ".join(chosen.values_list("reference", flat=True))

    @admin.display(description=gettext_lazy("status"))
    def state(self, asked: ExportRequest) -> SafeString:
        if asked.exported_at:
            return _state("exported")
        if asked.refused_at:
            return _state("refused")
        if not asked.is_live:
            return _state("over")
        return _state("approved" if asked.approved_at else "waiting")

    def verbs(self, request: HttpRequest, obj: ExportRequest) -> list[Verb]:
        user, found = _user(request), []
        if permissions.can_approve_export(user, obj):
            found.append(_verb(_("Approve"), "exportrequest_approve_export", obj))
        if permissions.can_make_export(user, obj):
            found.append(_verb(_("Make the export"), "exportrequest_make_export", obj, link=True))
        if permissions.can_refuse_export(user, obj):
            mine = user.pk == obj.requested_by_id
            text = _("Take it back") if mine else _("Refuse")
            refuse = _verb(text, "exportrequest_refuse_export", obj, link=True)
            found.append(refuse | {"secondary": True})
        return found

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        pages = (exports.approve_export, exports.refuse_export, exports.make_export)
        return [
            path(
                f"<uuid:object_id>/{page.__name__}/",
                guard(page),
                name=f"reporting_exportrequest_{page.__name__}",
            )
            for page in pages
        ]


def _verb(text: str, name: str, obj: Any, *, link: bool = False) -> Verb:
    return {"text": text, "url": reverse(f"admin:reporting_{name}", args=[obj.pk]), "link": link}
