"""A firm's page that shows what two versions of its text say differently."""

from __future__ import annotations

import uuid as uuids
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from mou import differences
from mou.models import Mou
from mou.versions import CompareForm, readable
from mou.views.agreements import get_agreement
from portal.models import User
from portal.requests import PersonRequest


def difference(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """Word by word, the newest and the one before it unless others are chosen."""
    mou = get_agreement(request, uuid)
    chosen = request.GET if request.GET else None
    return render(
        request, "mou/difference.html", {"mou": mou, **compared(mou, request.user, chosen)}
    )


def compared(mou: Mou, reader: User, chosen: Any) -> dict[str, Any]:
    """Both versions and the parts that differ; 404 where there are not two to compare."""
    versions = readable(mou, reader)
    if len(versions) < 2:
        raise Http404
    form = CompareForm(chosen, versions=versions)
    old, new = form.pair
    if not form.is_bound:
        form.initial = {"old": old.number, "new": new.number}
    parts = differences.compare(old.content, new.content)
    return {"form": form, "old": old, "new": new, "parts": parts}
