"""Reports on the front page of the officers' desk."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse

from portal.models import User
from reporting import permissions
from reporting.queues import counted, queues_of
from reporting.requests import asked_of

register = template.Library()


@register.simple_tag
def report_queue(user: User) -> list[dict[str, Any]]:
    """What waits for this officer, with capped counts and the list behind each."""
    queues = queues_of(user)
    listed = reverse("admin:reporting_report_changelist") if queues else ""
    found = []
    for queue in queues:
        count = counted(queue, user)
        found.append(
            {
                "text": queue.text,
                # An empty queue is drawn quietly.
                "count": 0 if count == "0" else count,
                "url": f"{listed}?queue={queue.code}",
                "urgent": queue.urgent,
            }
        )
    return found + asked_of(user)


@register.simple_tag
def statistics_url(user: User) -> str:
    """Also for those who read counts and no report."""
    return reverse("admin:reporting_statistics") if permissions.can_read_statistics(user) else ""


@register.filter
def entry_files(files: dict[Any, Any], key: Any) -> Any:
    """What belongs to this entry."""
    return files.get(key, ())
