"""What customs says to the firm, on a page of its own."""

from __future__ import annotations

import uuid as uuids

from django.http import HttpResponse
from django.shortcuts import render

from mou import heard
from mou.views.agreements import get_agreement
from portal.requests import PersonRequest


def feedback(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """The newest first; everybody of the firm reads it."""
    mou = get_agreement(request, uuid)
    return render(request, "mou/feedback.html", {"mou": mou, "rows": heard.of(mou)})
