"""The liaison desk on the front page of the officers' desk."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from partners.keeping_permissions import can_read_directory
from partners.queues import GROUPS, counted, queues_of
from portal.models import User

register = template.Library()


@register.simple_tag
def liaison_queues(user: User) -> list[dict[str, Any]]:
    """What waits for this officer, part by part, with counts and the list behind each."""
    found: dict[str, list[dict[str, Any]]] = {group: [] for group in GROUPS}
    for queue in queues_of(user):
        told = {"text": queue.text, "count": counted(queue, user), "url": queue.url()}
        found[queue.group].append(told | {"urgent": queue.urgent})
    return [{"title": GROUPS[name], "items": items} for name, items in found.items() if items]


@register.simple_tag
def directory_search_url(user: User) -> str:
    """Where whoever reads the directory looks for something in it."""
    return reverse("admin:partners_partner_changelist") if can_read_directory(user) else ""
