"""Agreements on the front page of the officers' desk."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from mou.lifecycle import AlertStatus, RevisionStatus, TrainingStatus
from mou.models import Alert, ClauseRevision, Training
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
    """Alerts to finish or to decide on, and sessions that are over and not recorded."""
    listed = reverse("admin:mou_alert_changelist")
    found = []
    if user.has_role(StaffRole.CASEWORKER):
        found.append((_("Alerts being written"), AlertStatus.DRAFT, Alert.objects.all()))
    if user.has_role(StaffRole.SUPERVISOR):
        others = Alert.objects.exclude(written_by=user).exclude(proposed_by=user)
        found.append((_("Alerts to approve"), AlertStatus.PROPOSED, others))
    items = [
        {
            "text": text,
            "count": rows.filter(status=status).count(),
            "url": f"{listed}?status__exact={status}",
        }
        for text, status, rows in found
    ]
    if user.has_role(StaffRole.CASEWORKER):
        held = Training.objects.filter(status=TrainingStatus.OFFERED, ends_at__lt=timezone.now())
        url = f"{reverse('admin:mou_training_changelist')}?status__exact={TrainingStatus.OFFERED}"
        items.append({"text": _("Sessions to record"), "count": held.count(), "url": url})
    return items


@register.simple_tag
def library_queue(user: User) -> list[dict[str, Any]]:
    """Revisions of clauses that this supervisor may approve: those of others."""
    if not user.has_role(StaffRole.SUPERVISOR):
        return []
    waiting = ClauseRevision.objects.filter(status=RevisionStatus.DRAFTED)
    return [
        {
            "text": _("Revisions of clauses to approve"),
            "count": waiting.exclude(drafted_by=user).count(),
            "url": f"{reverse('admin:mou_clauserevision_changelist')}?status__exact=drafted",
        }
    ]
