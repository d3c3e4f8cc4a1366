"""Partners at intake: a pass let them in; it says for which firm, never who they are."""

from __future__ import annotations

import secrets
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from reporting import drafts, inbox, passes
from reporting.drafts import Held
from reporting.models import Draft, FeedbackCode
from reporting.passes import OURS, PassGone
from reporting.views.pages import intake, page

PATH = "/report/ours/"


@intake()
@require_POST
def partner(request: HttpRequest) -> HttpResponse:
    """Spend a pass: to the form, or to the list of the firm's reports."""
    try:
        brought = passes.redeem(request.POST.get("token", ""))
    except PassGone as error:
        return page("pass_gone", None, {"problem": str(error)}, status=410)
    if brought["capacity"] == OURS:
        return _to_ours(brought)
    with drafts.writing(request, language=brought["language"]) as held:
        # What they had begun to write goes on, now on the firm's behalf.
        held.told["partner"] = brought
    response = redirect("report")
    drafts.set_cookie(response, held.secret)
    return response


def _to_ours(brought: dict[str, Any]) -> HttpResponse:
    """The list has a secret of its own, which the form never sees."""
    held = Held(secrets.token_bytes(drafts.SECRET), {"partner": brought}, is_new=True)
    with transaction.atomic():
        drafts.keep(held)
    response = redirect("report_ours")
    drafts.set_cookie(response, held.secret, cookie=settings.OURS_COOKIE_NAME, path=PATH)
    return response


@intake()
def ours(request: HttpRequest) -> HttpResponse:
    """What was reported on the firm's behalf, and the coded answer to it."""
    secret = drafts.secret_of(request, settings.OURS_COOKIE_NAME)
    held = drafts.opened(secret) if secret else None
    if held is None or held.partner.get("capacity") != OURS:
        return page("pass_gone", None, {"problem": ""}, status=410)
    if request.method == "POST":
        Draft.objects.filter(pk=held.id).update(expires_at=timezone.now())
        response = page("ours_left", None)
        drafts.drop_cookie(response, cookie=settings.OURS_COOKIE_NAME, path=PATH)
        return response
    firm = held.partner["organisation"]
    tags = passes.firm_tags(UUID(firm["uuid"]))
    rows = inbox.of_firm(tags, before=request.GET.get("before", "")[:16])
    shown = rows[: inbox.PAGE]
    words = dict(FeedbackCode.choices)
    return page(
        "ours",
        None,
        {
            "firm": firm["name"],
            "rows": [{"row": row, "feedback": words.get(row.feedback, "")} for row in shown],
            "before": shown[-1].reference if len(rows) > inbox.PAGE else "",
        },
    )
