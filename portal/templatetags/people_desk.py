"""People and the portal's own work on the front page of the officers' desk."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django import template
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from portal import custody, permissions, pins
from portal.models import OutboxMessage, RecoveryRequest, StaffRole, User

register = template.Library()
# From this many days before the pinned keys end the desk says so.
WARN_DAYS = 30


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
    if permissions.can_set_up_desk_key(user):
        found += _keys(user)
    if user.has_role(StaffRole.SYSTEM_ADMINISTRATOR):
        found += _administration()
    return found


def _keys(user: User) -> list[dict[str, Any]]:
    """What keeps sealed reports readable; nothing while there are no keys at all."""
    try:
        waiting, left = custody.waiting_officers(user), custody.days_left()
    except pins.PinsRefused as error:
        return [{"text": str(error), "count": 1, "url": reverse("admin:desk_key"), "urgent": True}]
    found = [
        {
            "text": _("Officers waiting to be added"),
            "count": sum(one.can_give for one in waiting),
            "url": reverse("admin:officers"),
        }
    ]
    if permissions.can_read(user, "portal.sealingkey"):
        listed = reverse("admin:portal_sealingkey_changelist")
        found.append({"text": _("Keys to be rotated"), "count": custody.keys_due(), "url": listed})
        if left <= WARN_DAYS:
            text = _("Days until the pinned keys end and nothing can be sealed")
            found.append({"text": text, "count": left, "url": listed, "urgent": True})
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
