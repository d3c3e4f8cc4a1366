"""The library at the desk: a standard text, a clause with its history, and its revisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mou import clauses, differences
from mou import library_permissions as permissions
from mou.actions import library
from mou.desk_pages import form_page
from mou.library_forms import RefuseRevisionForm, RevisionForm
from mou.models import Clause, ClauseRevision, Template
from portal.errors import DomainError, shows_domain_errors
from portal.models import StaffRole
from portal.permissions import staff_role_required
from portal.requests import PersonRequest

READERS = (StaffRole.CASEWORKER, StaffRole.COUNTERSIGNER, StaffRole.SUPERVISOR)
DESK = (StaffRole.CASEWORKER, StaffRole.SUPERVISOR)
PAGE = "admin:mou_clauserevision_change"


@dataclass(frozen=True)
class Change:
    """One version of the standard text in which a clause became another."""

    template: Template
    difference: SafeString
    revision: ClauseRevision | None


def history(template: Template, code: str) -> list[Change]:
    """When the clause changed, the newest first, in two queries."""
    found = Clause.objects.filter(
        template__programme=template.programme_id, template__language=template.language, code=code
    )
    revisions = {
        one.made_id: one
        for one in ClauseRevision.objects.filter(
            code=code, made__isnull=False, template__language=template.language
        ).select_related("drafted_by", "decided_by")
    }
    changes, before = [], ""
    for clause in found.select_related("template").order_by("template__version"):
        text = clauses.whole(clause.title, clause.text, is_negotiable=clause.is_negotiable)
        if text != before:
            marked = differences.marked(before, text)
            changes.append(Change(clause.template, marked, revisions.get(clause.template_id)))
        before = text
    return changes[::-1]


@staff_role_required(*READERS)
def clause(request: PersonRequest, object_id: int, code: str) -> HttpResponse:
    """One clause of the standard text, and what it said before."""
    template = get_object_or_404(Template.objects.select_related("programme"), pk=object_id)
    found = get_object_or_404(Clause, template=template, code=code)
    waiting = ClauseRevision.objects.filter(
        template__language=template.language, code=code, status="drafted"
    ).first()
    context = {
        **admin.site.each_context(request),
        "title": found.title,
        "template": template,
        "clause": found,
        "changes": history(template, code),
        "waiting": waiting,
        "may_revise": permissions.can_revise(request.user) and waiting is None,
    }
    return render(request, "admin/mou/template/clause.html", context)


@staff_role_required(*DESK)
def revise(request: PersonRequest, object_id: int, code: str) -> HttpResponse:
    """Draft what the clause is to say."""
    template = get_object_or_404(Template, pk=object_id)
    found = get_object_or_404(Clause, template=template, code=code)
    initial = {name: getattr(found, name) for name in ("title", "is_negotiable")}
    initial["text"] = clauses.clean(found.text)
    form = RevisionForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = library.revise(
                template=template, code=code, by=request.user, **form.cleaned_data
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("It is drafted. A supervisor approves it."))
            return redirect(PAGE, made.pk)
    return form_page(
        request,
        form=form,
        title=_("Draft a new version of the clause"),
        subtitle=str(template),
        text=_("Drafts use it when a supervisor has approved it; agreements keep what they say."),
        button=_("Ask for approval"),
        back_url=reverse("admin:mou_template_clause", args=[template.pk, code]),
    )


@staff_role_required(StaffRole.SUPERVISOR)
@require_POST
@shows_domain_errors(PAGE)
def approve(request: PersonRequest, object_id: int) -> HttpResponse:
    """The next version of the standard text."""
    revision = _revision(object_id)
    made = library.approve(revision=revision, by=request.user)
    text = _("Version %(version)d of the standard text is made, and new drafts use it.")
    messages.success(request, text % {"version": made.version})
    return redirect(PAGE, object_id)


@staff_role_required(StaffRole.SUPERVISOR)
@shows_domain_errors(PAGE)
def refuse(request: PersonRequest, object_id: int) -> HttpResponse:
    """The standard text stays as it is, and why."""
    revision = _revision(object_id)
    if request.method != "POST" and not permissions.can_refuse(request.user, revision):
        raise Http404
    form = RefuseRevisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        library.refuse(revision=revision, reason=reason, by=request.user)
        messages.success(request, _("The revision is refused."))
        return redirect(PAGE, object_id)
    context: dict[str, Any] = {"title": _("Refuse"), "button": _("Refuse"), "subtitle": revision}
    back = reverse(PAGE, args=[object_id])
    return form_page(request, form=form, back_url=back, **context)


@staff_role_required(*DESK)
@require_POST
@shows_domain_errors(PAGE)
def withdraw(request: PersonRequest, object_id: int) -> HttpResponse:
    """Whoever drafted it takes it back."""
    library.withdraw(revision=_revision(object_id), by=request.user)
    messages.success(request, _("The revision is taken back."))
    return redirect(PAGE, object_id)


def _revision(object_id: int) -> ClauseRevision:
    return get_object_or_404(ClauseRevision.objects.select_related("template"), pk=object_id)
