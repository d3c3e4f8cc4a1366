"""Agreements at the officers' desk: the list, and one page with all there is to know."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou import agreement_admin_views as views
from mou import amendment_admin_views as amending
from mou import assignment_admin_views as assigning
from mou import countersign_admin_views as countersigning
from mou import cover_admin_views as covers
from mou import dashboard_admin_views as dashboard
from mou import life_admin_views as life
from mou import negotiation_admin_views as negotiating
from mou import permissions, signing_permissions
from mou import plan_admin_views as plans
from mou import risk_admin_views as risks
from mou import survey_admin_views as surveys
from mou.agreement_filters import MineFilter, WaitsFilter
from mou.dossier import STATUS_COLOURS
from mou.lifecycle import MouStatus, VersionStatus
from mou.models import Mou, MouVersion, Notice, Party
from portal.desk import LongListAdmin, Verb
from portal.models import StaffRole, User
from portal.permissions import may_read

may_read("mou.mou", StaffRole.CASEWORKER, StaffRole.COUNTERSIGNER, StaffRole.SUPERVISOR)

OPEN = [
    VersionStatus.DRAFT,
    VersionStatus.AGREED,
    VersionStatus.SIGNING,
    VersionStatus.SEALING,
]


def _of_one(name: str, view: Any) -> tuple[str, tuple[str, Any]]:
    """A page of one agreement, named as its verb is."""
    return name, (f"<int:object_id>/{name.replace('_', '-')}/", view)


# Name → route below the table's own address, and the view.
PAGES: dict[str, tuple[str, Any]] = {
    "dashboard": ("figures/", dashboard.dashboard),
    "dashboard_csv": ("figures/csv/", dashboard.dashboard_csv),
    "signature": ("signature/<uuid:uuid>/", countersigning.signature),
    "signature_state": ("signature/<uuid:uuid>/state/", countersigning.state),
    "download": ("<int:object_id>/documents/<int:number>/<slug:step>/", views.download),
    "timeline_csv": ("<int:object_id>/timeline/download/", life.timeline_csv),
    "close_review": ("<int:object_id>/reviews/<int:review_id>/", life.close_review),
    "survey_file": ("<int:object_id>/survey/files/<uuid:file>/", surveys.survey_file),
    "calendar": ("<int:object_id>/plan/calendar/", plans.calendar),
    "calendar_one": ("<int:object_id>/plan/calendar/<uuid:line>/", plans.calendar_one),
    "plan": ("<int:object_id>/plan/<slug:part>/", plans.plan),
    "plan_add": ("<int:object_id>/plan/<slug:part>/add/", plans.plan_add),
    "measure_file": (
        "<int:object_id>/plan/measures/<uuid:line>/files/<uuid:file>/",
        plans.measure_file,
    ),
    "plan_step": ("<int:object_id>/plan/<slug:part>/<uuid:line>/<slug:verb>/", plans.plan_step),
    "name_member": ("<int:object_id>/members/add/", covers.name_member),
    "refuse_member": ("<int:object_id>/members/<uuid:cover>/refuse/", covers.refuse_member),
    "invite_member": ("<int:object_id>/members/<uuid:cover>/invite/", covers.invite_member),
    "rate": ("<int:object_id>/risks/<int:rating_id>/", risks.rate),
    **negotiating.PAGES,
    **dict(
        _of_one(name, view)
        for name, view in {
            "draft": views.draft,
            "preview": views.preview,
            "propose": views.propose,
            "difference": views.difference,
            "reopen": views.reopen,
            "decline_to_sign": countersigning.decline_to_sign,
            "reinstate": views.reinstate,
            "withdraw": views.withdraw,
            **{verb: life.view_of(asks) for verb, asks in (life.VERBS | amending.VERBS).items()},
            "rebase": life.rebase,
            "take_notice_back": life.take_notice_back,
            "approve_termination": life.approve_termination,
            "refuse_termination": life.refuse_termination,
            "timeline": life.timeline,
            "survey": surveys.survey,
            "return_questions": surveys.return_questions,
            "accept_survey": surveys.accept_survey,
            "risks": risks.risks,
            "begin_assessment": risks.begin_assessment,
            "settle_risks": risks.settle_risks,
            "share_risks": risks.share_risks,
            "members": covers.members,
            "take": assigning.take,
            "assign": assigning.assign,
            "declare": countersigning.declare,
            "countersign": countersigning.countersign,
        }.items()
    ),
}


@admin.register(Mou)
class MouAdmin(LongListAdmin):
    list_display = ("number", "firm", "standing", "waits", "caseworker", "begun")
    list_filter = (WaitsFilter, "status", MineFilter)
    list_select_related = ("organisation", "caseworker")
    search_fields = ("^number", "^organisation__legal_name", "^organisation__eori")
    search_help_text = gettext_lazy("Beginning of a number, a firm’s name or its EORI")
    fields = ("number",)
    downloadable = True
    change_form_template = "admin/mou/mou/agreement.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Mou]:
        waits = MouVersion.objects.filter(mou=OuterRef("pk"), status__in=OPEN)
        found: QuerySet[Mou] = super().get_queryset(request)
        return found.annotate(waits_for=Subquery(waits.values("waiting_for")[:1]))

    @admin.display(description=gettext_lazy("firm"), ordering="organisation__legal_name")
    def firm(self, mou: Mou) -> str:
        return str(mou.organisation)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def standing(self, mou: Mou) -> SafeString:
        colour = STATUS_COLOURS[MouStatus(mou.status)]
        return _tag(mou.get_status_display(), colour)

    @admin.display(description=gettext_lazy("held up by"))
    def waits(self, mou: Mou) -> SafeString | str:
        waits_for = getattr(mou, "waits_for", "")
        return _tag(waits_for, "orange") if waits_for else "–"

    @admin.display(description=gettext_lazy("begun"), ordering="id")
    def begun(self, mou: Mou) -> Any:
        return mou.created_at.date()

    def desk_urls(self) -> list[URLPattern]:
        guard = self.admin_site.admin_view
        return [
            path(route, guard(view), name=f"mou_mou_{name}")
            for name, (route, view) in PAGES.items()
        ]

    def list_verbs(self, request: HttpRequest) -> list[Verb]:
        url = reverse("admin:mou_mou_dashboard")
        return [{"text": _("Figures"), "url": url, "link": True, "secondary": True}]

    def verbs(self, request: HttpRequest, obj: Mou) -> list[Verb]:
        user = request.user
        assert isinstance(user, User)  # noqa: S101 - the desk admits nobody else
        version = obj.current
        allowed = {
            "propose": _is_draft(version) and permissions.can_propose(user, obj),
            "draft": permissions.can_draft(user, obj),
            "reopen": permissions.can_reopen(user, obj),
            "decline_to_sign": signing_permissions.can_decline_to_sign(user, obj),
            "reinstate": permissions.can_reinstate(user, obj),
            "withdraw": permissions.can_withdraw(user, obj),
            "open_amendment": permissions.can_open_amendment(user, obj),
            "drop": permissions.can_drop(user, obj),
            **_life(user, obj),
            "take": permissions.can_take(user, obj),
            "assign": permissions.can_assign(user, obj),
        }
        offered = [_verb(obj, verb) for verb, may in allowed.items() if may]
        return [*self._countersign(user, obj, version), *offered]

    def _countersign(self, user: User, mou: Mou, version: MouVersion | None) -> list[Verb]:
        if version is None or not user.has_role(StaffRole.COUNTERSIGNER):
            return []
        if version.status != VersionStatus.SIGNING:
            return []
        verb = _verb(mou, "countersign")
        if version.drafted_by_id == user.pk:
            reason = _("You drafted this text. Another countersigner has to sign it.")
            return [verb | {"disabled_reason": reason}]
        if version.signature_of(Party.ADMINISTRATION) is not None:
            return []
        if not countersigning.is_signed_by_firm(version):
            return [verb | {"disabled_reason": _("The firm has not signed yet.")}]
        return [verb]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {**(extra_context or {}), "title": _("Agreements")})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        mou = self.get_object(request, object_id)
        if mou is not None and self.has_view_permission(request, mou):
            assert isinstance(request.user, User)  # noqa: S101 - the desk admits nobody else
            shown = views.facts(mou, request.user) | life.facts(mou, request.user)
            extra_context = {**(extra_context or {}), **shown}
        return super().change_view(request, object_id, form_url, extra_context)


def _is_draft(version: MouVersion | None) -> bool:
    return version is not None and version.status == VersionStatus.DRAFT


def _life(user: User, mou: Mou) -> dict[str, bool]:
    """What may be done with an agreement that was signed."""
    found = list(Notice.objects.live().filter(mou=mou)) if mou.in_force_at else []
    for notice in found:
        notice.mou = mou
    running = [notice for notice in found if not notice.is_immediate]
    decides = any(permissions.can_decide_termination(user, notice) for notice in found)
    back = any(permissions.can_take_notice_back(user, notice) for notice in running)
    asked = len(found) > len(running)
    return {
        "approve_termination": decides,
        "refuse_termination": decides,
        "suspend_for_cause": permissions.can_suspend(user, mou),
        "rebase": permissions.can_rebase(user, mou),
        "give_notice": permissions.can_give_notice(user, mou) and not running,
        "take_notice_back": back,
        "propose_termination": permissions.can_propose_termination(user, mou) and not asked,
    }


VERBS = {
    "countersign": (gettext_lazy("Countersign"), "declare", {}),
    "propose": (gettext_lazy("Read and send to the firm"), "preview", {}),
    "draft": (gettext_lazy("Draft the text"), "draft", {"secondary": True}),
    "reopen": (gettext_lazy("Take the text back"), "reopen", {"secondary": True}),
    "decline_to_sign": (gettext_lazy("Decline to sign"), "decline_to_sign", {"secondary": True}),
    "reinstate": (gettext_lazy("Put in force again"), "reinstate", {}),
    "withdraw": (gettext_lazy("Withdraw"), "withdraw", {"secondary": True}),
    "open_amendment": (gettext_lazy("Begin a new version"), "open_amendment", {"secondary": True}),
    "drop": (gettext_lazy("Drop the new version"), "drop", {"secondary": True}),
    "approve_termination": (
        gettext_lazy("End the agreement now"),
        "approve_termination",
        {"danger": True, "link": False},
    ),
    "refuse_termination": (
        gettext_lazy("Let it go on"),
        "refuse_termination",
        {"secondary": True, "link": False},
    ),
    "suspend_for_cause": (gettext_lazy("Suspend"), "suspend_for_cause", {"secondary": True}),
    "rebase": (gettext_lazy("Change what it rests on"), "rebase", {"secondary": True}),
    "give_notice": (gettext_lazy("Give notice"), "give_notice", {"secondary": True}),
    "take_notice_back": (
        gettext_lazy("Take the notice back"),
        "take_notice_back",
        {"secondary": True, "link": False},
    ),
    "propose_termination": (
        gettext_lazy("End at once"),
        "propose_termination",
        {"secondary": True},
    ),
    "take": (gettext_lazy("Make it my case"), "take", {"secondary": True, "link": False}),
    "assign": (gettext_lazy("Give to a caseworker"), "assign", {"secondary": True}),
}


def _verb(mou: Mou, verb: str) -> Verb:
    text, page, style = VERBS[verb]
    return {
        "text": text,
        "url": reverse(f"admin:mou_mou_{page}", args=[mou.pk]),
        "link": True,
    } | style


def _tag(text: str, colour: str) -> SafeString:
    return format_html('<span class="desk-tag desk-tag--{}">{}</span>', colour, text)
