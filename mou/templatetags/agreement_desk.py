"""Agreements on the front page of the officers' desk."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from mou.lifecycle import AlertStatus
from mou.models import Alert
from mou.queues import counted, queues_of
from portal.models import StaffRole, User

register = template.Library()


@register.simple_tag
def agreement_queue(user: User) -> list[dict[str, Any]]:
    """What waits for this officer, with counts and the list behind each."""
    listed = reverse("admin:mou_mou_changelist")
    return [
        {
            "text": queue.text,
            "count": counted(queue, user),
            "url": f"{listed}?waits={queue.code}",
            "urgent": queue.urgent,
        }
        for queue in queues_of(user)
    ]


@register.simple_tag
def alert_queue(user: User) -> list[dict[str, Any]]:
    """Alerts that wait for this officer: drafts to finish, proposals to decide on."""
    listed = reverse("admin:mou_alert_changelist")
    found = []
    if user.has_role(StaffRole.CASEWORKER):
        found.append((_("Alerts being written"), AlertStatus.DRAFT, Alert.objects.all()))
    if user.has_role(StaffRole.SUPERVISOR):
        others = Alert.objects.exclude(written_by=user).exclude(proposed_by=user)
        found.append((_("Alerts to approve"), AlertStatus.PROPOSED, others))
    return [
        {
            "text": text,
            "count": rows.filter(status=status).count(),
            "url": f"{listed}?status__exact={status}",
        }
        for text, status, rows in found
    ]
