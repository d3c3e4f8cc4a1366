"""The liaison desk on the front page of the officers' desk."""

from __future__ import annotations

from typing import Any

from django import template

from partners.queues import counted, queues_of
from portal.models import User

register = template.Library()


@register.simple_tag
def liaison_queue(user: User) -> list[dict[str, Any]]:
    """What waits for this officer, with counts and the list behind each."""
    return [
        {
            "text": queue.text,
            "count": counted(queue, user),
            "url": queue.url(),
            "urgent": queue.urgent,
        }
        for queue in queues_of(user)
    ]
