"""The firm's pages about clauses: the list, one clause with its thread, and what is said there."""

from __future__ import annotations

import uuid as uuids
from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from mou.models import ClauseProposal, Mou
from mou.negotiating import ON_CLAUSE, ON_PROPOSAL, Clauses, tell
from mou.views.agreements import get_agreement
from portal.errors import shows_domain_errors
from portal.requests import PersonRequest

PAGE = "mou:clauses"


def clauses(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """Every clause of the text and its state."""
    mou = get_agreement(request, uuid)
    return render(request, "mou/clauses.html", Clauses(mou, request.user).context)


def clause(request: PersonRequest, uuid: uuids.UUID, code: str) -> HttpResponse:
    """One clause: what it says, what was said about it, and what the reader may say."""
    mou = get_agreement(request, uuid)
    return render(request, "mou/clause.html", Clauses(mou, request.user).page(code))


def _said(
    request: PersonRequest, mou: Mou, code: str, verb: str, proposal: ClauseProposal | None = None
) -> HttpResponse:
    form = tell(request, mou, code, verb, proposal)
    if form is not None:
        page = Clauses(mou, request.user).page(code, {verb: form})
        return render(request, "mou/clause.html", page)
    return redirect("mou:clause", mou.uuid, code)


def on_clause(verb: str) -> Callable[..., HttpResponse]:
    """The view of a verb about a clause."""
    assert verb in ON_CLAUSE  # noqa: S101 - named in the addresses

    @require_POST
    @shows_domain_errors(PAGE)
    def view(request: PersonRequest, uuid: uuids.UUID, code: str) -> HttpResponse:
        return _said(request, get_agreement(request, uuid), code, verb)

    return view


def on_proposal(verb: str) -> Callable[..., HttpResponse]:
    """The view of a verb about a proposed wording."""
    assert verb in ON_PROPOSAL  # noqa: S101 - named in the addresses

    @require_POST
    @shows_domain_errors(PAGE)
    def view(request: PersonRequest, uuid: uuids.UUID, proposal: uuids.UUID) -> HttpResponse:
        mou = get_agreement(request, uuid)
        found = get_object_or_404(ClauseProposal, mou=mou, uuid=proposal)
        return _said(request, mou, found.code, verb, found)

    return view
