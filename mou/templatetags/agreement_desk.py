"""Agreements on the front page of the officers' desk."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from mou.models import Mou
from mou.queues import queues_of
from portal.models import User

register = template.Library()


@register.simple_tag
def agreement_queue(user: User) -> list[dict[str, Any]]:
    """What waits for this officer, with counts and the list behind each."""
    listed = reverse("admin:mou_mou_changelist")
    return [
        {
            "text": queue.text,
            "count": queue.pick(Mou.objects.all(), user).count(),
            "url": f"{listed}?waits={queue.code}",
            "urgent": queue.urgent,
        }
        for queue in queues_of(user)
    ]
