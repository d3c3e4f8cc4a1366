"""What it means for keys that somebody works with them no longer; opens none of them."""

from __future__ import annotations

from django.utils import timezone

from portal.models import SealingKey, User
from portal.permissions import works_with_key


def mark_known(user: User) -> None:
    """Keys that somebody may have kept who works with them no longer: rotation is due."""
    now = User.objects.get(pk=user.pk)
    held = SealingKey.objects.filter(
        wraps__desk_key__user=user, wraps__desk_key__revoked_at=None, retired_at=None
    )
    known = [row.pk for row in held if not (now.is_active and works_with_key(now, row.name))]
    SealingKey.objects.filter(pk__in=known, rotation_due_at=None).update(
        rotation_due_at=timezone.now()
    )
