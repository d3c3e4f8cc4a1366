"""The risks that an officer shared, on the firm's pages."""

from __future__ import annotations

import uuid as uuids

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from mou import heat_map, measured_threats
from mou.threats import catalogue
from mou.views.agreements import get_agreement
from portal.requests import PersonRequest


def risks(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """What was shared last, as maps and as a table."""
    mou = get_agreement(request, uuid)
    shared = measured_threats.shared_with(mou)
    context: dict[str, object] = {"mou": mou, "shared": shared}
    if shared is not None:
        found = heat_map.of_shared(shared)
        context |= {
            "risks": found,
            "maps": heat_map.maps(found, catalogue(shared.version)),
            "measures": measured_threats.against(mou),
            "measures_url": reverse("mou:plan", args=[mou.uuid, "measures"]),
        }
    return render(request, "mou/risks.html", context)
