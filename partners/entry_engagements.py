"""What an entry's own page tells an officer of the engagements with it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser

from partners.engagement_permissions import can_read_engagements
from partners.models import Engagement, Partner, Post
from partners.visibility import Level
from portal.models import User

SHOWN = 5


def newest(
    entry: Partner | Post, user: User | AnonymousUser, level: Level
) -> dict[str, Any] | None:
    """The last few and where all of them stand; none for who may not read engagements."""
    if level < Level.LIAISON or not isinstance(user, User) or not can_read_engagements(user):
        return None
    of = "partner" if isinstance(entry, Partner) else "post"
    rows = Engagement.objects.visible_to(user).filter(**{of: entry}).order_by("-starts_at", "-pk")
    parameter = of if of == "partner" else "post__id__exact"
    return {"rows": list(rows[:SHOWN]), "query": f"{parameter}={entry.pk}"}
