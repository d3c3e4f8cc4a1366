"""Clauses of a text at the desk: the list, one clause with its thread, what is said there."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mou import permissions as texts
from mou.agreement_admin_views import READERS, get_mou, page_of
from mou.models import ClauseProposal, Mou
from mou.negotiating import ON_CLAUSE, ON_PROPOSAL, Clauses, tell
from portal.errors import shows_domain_errors
from portal.models import StaffRole
from portal.permissions import staff_role_required
from portal.requests import PersonRequest

PAGE = "admin:mou_mou_clauses"


def _page(request: PersonRequest, template: str, **context: Any) -> HttpResponse:
    shared = {**admin.site.each_context(request), "back_url": page_of(context["mou"])}
    return render(request, f"admin/mou/mou/{template}.html", {**shared, **context})


@staff_role_required(*READERS)
def clauses(request: PersonRequest, object_id: int) -> HttpResponse:
    """Every clause of the text and its state."""
    mou = get_mou(object_id)
    title = _("Clauses of %(number)s") % {"number": mou.number}
    context = Clauses(mou, request.user).context
    may_draft = texts.can_draft(request.user, mou)
    return _page(request, "clauses", title=title, may_draft=may_draft, **context)


@staff_role_required(*READERS)
def clause(request: PersonRequest, object_id: int, code: str) -> HttpResponse:
    """One clause: what it says, what was said about it, and what the reader may say."""
    mou = get_mou(object_id)
    return _clause(request, Clauses(mou, request.user).page(code))


def _clause(request: PersonRequest, context: dict[str, Any]) -> HttpResponse:
    list_url = reverse(PAGE, args=[context["mou"].pk])
    title = context["clause"].title
    return _page(request, "clause", title=title, list_url=list_url, **context)


def _said(
    request: PersonRequest, mou: Mou, code: str, verb: str, proposal: ClauseProposal | None = None
) -> HttpResponse:
    form = tell(request, mou, code, verb, proposal)
    if form is not None:
        return _clause(request, Clauses(mou, request.user).page(code, {verb: form}))
    return redirect("admin:mou_mou_clause", mou.pk, code)


def on_clause(verb: str) -> Callable[..., HttpResponse]:
    """The view of a verb about a clause."""
    assert verb in ON_CLAUSE  # noqa: S101 - named in the addresses

    @staff_role_required(StaffRole.CASEWORKER)
    @require_POST
    @shows_domain_errors(PAGE)
    def view(request: PersonRequest, object_id: int, code: str) -> HttpResponse:
        return _said(request, get_mou(object_id), code, verb)

    return view


def on_proposal(verb: str) -> Callable[..., HttpResponse]:
    """The view of a verb about a proposed wording."""
    assert verb in ON_PROPOSAL  # noqa: S101 - named in the addresses

    @staff_role_required(StaffRole.CASEWORKER)
    @require_POST
    @shows_domain_errors(PAGE)
    def view(request: PersonRequest, object_id: int, proposal: uuids.UUID) -> HttpResponse:
        mou = get_mou(object_id)
        found = get_object_or_404(ClauseProposal, mou=mou, uuid=proposal)
        return _said(request, mou, found.code, verb, found)

    return view


PAGES: dict[str, tuple[str, Any]] = {
    "clauses": ("<int:object_id>/clauses/", clauses),
    "clause": ("<int:object_id>/clauses/<slug:code>/", clause),
    **{
        f"{verb}_on_clause": (f"<int:object_id>/clauses/<slug:code>/{verb}/", on_clause(verb))
        for verb in ON_CLAUSE
    },
    **{
        f"{verb}_wording": (
            f"<int:object_id>/wordings/<uuid:proposal>/{verb}/",
            on_proposal(verb),
        )
        for verb in ON_PROPOSAL
    },
}
