"""The data protection officer's work on the front page of the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal import permissions
from portal.lifecycle import BreachStatus
from portal.models import Breach, RightsRequest, User
from portal.permissions import DUTIES

register = template.Library()
READERS = tuple(sorted(DUTIES["register"].read))
SOON = timedelta(days=7)


@register.simple_tag
def register_queue(user: User) -> list[dict[str, Any]]:
    """Requests and breaches that wait, with what is left of their time."""
    if not permissions.can_keep_registers(user):
        return []
    today = timezone.localdate()
    listed = f"{reverse('admin:portal_rightsrequest_changelist')}?status__in=received,identified"
    waiting = RightsRequest.objects.waiting()
    return [
        _breaches(),
        {
            "text": _("Rights requests due within a week or overdue"),
            "count": waiting.filter(due_on__lte=today + SOON).count(),
            "url": listed,
            "urgent": True,
        },
        {
            "text": _("Rights requests to answer"),
            "count": waiting.count(),
            "url": listed,
        },
    ]


def _breaches() -> dict[str, Any]:
    running = list(Breach.objects.undecided().order_by("due_at").only("due_at")[:100])
    text = _("Breaches that the authority may have to know of")
    if running:
        left = running[0].hours_left()
        text = (
            ngettext(
                "Breaches: %(n)d hour left to tell the authority",
                "Breaches: %(n)d hours left to tell the authority",
                left,
            )
            % {"n": left}
            if left >= 0
            else _("Breaches: the time to tell the authority has passed")
        )
    listed = reverse("admin:portal_breach_changelist")
    return {
        "text": text,
        "count": len(running),
        "url": f"{listed}?status__exact={BreachStatus.DISCOVERED}",
        "urgent": True,
    }
