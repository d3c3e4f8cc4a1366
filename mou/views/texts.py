"""The text of an agreement: read, accepted or sent back by the firm."""

from __future__ import annotations

import uuid as uuids

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mou import documents, permissions
from mou.actions import drafting
from mou.course import course_of
from mou.forms import AgreeForm, ReturnForm
from mou.lifecycle import VersionStatus
from mou.models import Mou, MouVersion, Party
from mou.negotiation_permissions import can_comment
from mou.versions import readable
from mou.views.agreements import get_agreement
from portal.errors import shows_domain_errors
from portal.requests import PersonRequest


def _shown(mou: Mou) -> MouVersion:
    """The text, once the administration has shown it to the firm."""
    version = mou.current
    if version is None:
        raise Http404
    if (
        version.status == VersionStatus.DRAFT
        and not version.acceptances.filter(party=Party.ADMINISTRATION).exists()
    ):
        # Until then the firm reads the one that is signed, if there is one.
        version = mou.signed
    if version is None:
        raise Http404
    return version


def read(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """The whole text as a page."""
    mou = get_agreement(request, uuid)
    version = _shown(mou)
    return _page(request, mou, version, AgreeForm(initial={"content_hash": version.content_hash}))


def _page(request: PersonRequest, mou: Mou, version: MouVersion, form: AgreeForm) -> HttpResponse:
    return render(
        request,
        "mou/read.html",
        {
            "mou": mou,
            "version": version,
            "text": documents.render_html(version.content),
            "form": form,
            "stage": course_of(mou).status,
            "may_compare": len(readable(mou, request.user)) > 1,
            "may_negotiate": can_comment(request.user, mou),
            "may_agree": permissions.can_agree(request.user, mou),
            "may_return": permissions.can_return(request.user, mou),
        },
    )


@require_POST
@shows_domain_errors("mou:agreement")
def agree(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """The firm accepts the text whose hash came with the form."""
    mou = get_agreement(request, uuid)
    form = AgreeForm(request.POST)
    if not form.is_valid():
        return _page(request, mou, _shown(mou), form)
    drafting.agree(mou=mou, content_hash=form.cleaned_data["content_hash"], by=request.user)
    messages.success(
        request,
        _("The text is accepted and frozen. The signatory gets an e-mail when it can be signed."),
    )
    return redirect("mou:agreement", mou.uuid)


@shows_domain_errors("mou:agreement")
def return_text(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """The firm sends the text back and says what should change."""
    mou = get_agreement(request, uuid)
    if request.method != "POST" and not permissions.can_return(request.user, mou):
        raise Http404
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        drafting.return_text(mou=mou, remark=form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The text is sent back. You get an e-mail with the next one."))
        return redirect("mou:agreement", mou.uuid)
    return render(request, "mou/return.html", {"mou": mou, "form": form})
