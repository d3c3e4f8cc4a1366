"""The library at the officers' desk: standard texts, their clauses, and revisions of these."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou import clauses, differences
from mou import library_admin_views as views
from mou import library_permissions as permissions
from mou.models import Clause, ClauseRevision, Template
from portal.desk import DeskAdmin, LongListAdmin, Verb
from portal.models import StaffRole, User
from portal.permissions import may_read

may_read("mou.clauserevision", StaffRole.CASEWORKER, StaffRole.COUNTERSIGNER, StaffRole.SUPERVISOR)


@admin.register(Template)
class TemplateAdmin(DeskAdmin):
    list_display = ("title", "language", "version", "valid_from", "valid_to", "is_used")
    list_filter = ("language",)
    list_select_related = ("programme",)
    ordering = ("programme", "language", "-version", "pk")
    downloadable = True
    fields = ("title",)
    change_form_template = "admin/mou/template/template.html"

    @admin.display(description=gettext_lazy("in use"), boolean=True)
    def is_used(self, template: Template) -> bool:
        today = timezone.localdate()
        ends = template.valid_to
        return template.valid_from <= today and (ends is None or ends >= today)

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        at = "<int:object_id>/clauses/<slug:code>/"
        return [
            path(at, guard(views.clause), name="mou_template_clause"),
            path(f"{at}revise/", guard(views.revise), name="mou_template_revise"),
        ]

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        url = reverse("admin:mou_clauserevision_changelist")
        return [{"text": _("Revisions of clauses"), "url": url, "link": True, "secondary": True}]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        template = self.get_object(request, object_id)
        if template is not None:
            same = Template.objects.filter(
                programme=template.programme_id, language=template.language
            )
            shown = {
                "standard": template,
                "clauses": list(template.clauses.order_by("position")),
                "versions": list(same.order_by("-version")[:50]),
                "title": str(template),
                "subtitle": None,
            }
            extra_context = {**(extra_context or {}), **shown}
        return super().change_view(request, object_id, form_url, extra_context)


@admin.register(ClauseRevision)
class ClauseRevisionAdmin(LongListAdmin):
    list_display = ("title", "status", "template", "drafted_by", "drafted_at")
    list_filter = ("status",)
    list_select_related = ("template", "drafted_by")
    fields = (
        ("title", "code"),
        "template",
        "status",
        "difference",
        "is_negotiable",
        "reason",
        ("drafted_by", "drafted_at"),
        ("decided_by", "decided_at"),
        "decision",
        "made",
    )
    readonly_fields = ("difference",)
    change_form_template = "admin/mou/template/revision.html"

    @admin.display(description=gettext_lazy("what changes"))
    def difference(self, revision: ClauseRevision) -> SafeString:
        was = Clause.objects.filter(template=revision.template_id, code=revision.code).first()
        title, negotiable = (was.title, was.is_negotiable) if was else ("", False)
        marked = differences.marked(
            clauses.whole(title, revision.base, is_negotiable=negotiable),
            clauses.whole(revision.title, revision.text, is_negotiable=revision.is_negotiable),
        )
        return format_html('<div class="mou-difference__text">{}</div>', marked)

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        verbs = {"approve": views.approve, "refuse": views.refuse, "withdraw": views.withdraw}
        return [
            path(f"<int:object_id>/{verb}/", guard(view), name=f"mou_clauserevision_{verb}")
            for verb, view in verbs.items()
        ]

    def verbs(self, request: HttpRequest, obj: ClauseRevision) -> list[Verb]:
        user = request.user
        assert isinstance(user, User)  # noqa: S101 - the desk admits nobody else
        found: list[Verb] = []
        if permissions.can_approve(user, obj):
            found.append(_verb(obj, _("Approve"), "approve"))
        if permissions.can_refuse(user, obj):
            found.append(_verb(obj, _("Refuse"), "refuse", link=True, secondary=True))
        if permissions.can_withdraw(user, obj):
            found.append(_verb(obj, _("Take it back"), "withdraw", secondary=True))
        return found


def _verb(revision: ClauseRevision, text: str, verb: str, **style: Any) -> Verb:
    url = reverse(f"admin:mou_clauserevision_{verb}", args=[revision.pk])
    return {"text": text, "url": url, **style}
