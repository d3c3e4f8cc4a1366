"""People and the portal's own work on the front page of the officers' desk."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django import template
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import permissions
from portal.models import OutboxMessage, RecoveryRequest, StaffRole, User

register = template.Library()


@register.simple_tag
def people_queue(user: User) -> list[dict[str, Any]]:
    """What waits for this officer: approvals and, for administrators, what is stuck."""
    found = []
    if permissions.can_read(user, "portal.recoveryrequest"):
        asked = RecoveryRequest.objects.open().filter(second_approved_at=None)
        mine = [
            r for r in asked.select_related("user") if permissions.can_approve_recovery(user, r)
        ]
        found.append(
            {
                "text": _("Lost second factors for you to check"),
                "count": len(mine),
                "url": reverse("admin:portal_recoveryrequest_changelist"),
                "urgent": True,
            }
        )
    if user.has_role(StaffRole.SYSTEM_ADMINISTRATOR):
        found += _administration()
    return found


def _administration() -> list[dict[str, Any]]:
    held = Authenticator.objects.filter(user_id=OuterRef("pk"))
    without = User.objects.filter(is_staff=True, is_active=True).exclude(Exists(held))
    return [
        {
            "text": _("Staff without a second factor"),
            "count": without.count(),
            "url": reverse("admin:portal_user_changelist") + "?is_staff__exact=1",
        },
        {
            "text": _("Work that failed again and again"),
            "count": OutboxMessage.objects.stuck().count(),
            "url": reverse("admin:portal_outboxmessage_changelist") + "?done_at__isempty=1",
            "urgent": True,
        },
    ]
