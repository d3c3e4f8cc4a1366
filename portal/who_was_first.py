"""Two people at once: the second is told who moved a thing before, when, and where it stands."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from portal.errors import AlreadyDone
from portal.models import AuditEvent, User


def tell(thing: Any, *, moved: Collection[str], by: User) -> None:
    """AlreadyDone where somebody else moved it last; `moved` are the events that say so."""
    events = AuditEvent.objects.filter(
        target_type=thing._meta.label_lower, target_id=str(thing.pk), event__in=moved
    )
    last = events.order_by("-id").first()
    if last is None or last.actor == f"user:{by.pk}":
        return
    first = User.objects.filter(pk=last.actor.rpartition(":")[2]).first()
    raise AlreadyDone(
        _("%(name)s was first: since %(time)s it is “%(status)s”.")
        % {
            "name": first or _("Somebody"),
            "time": date_format(timezone.localtime(last.at), "j F Y, H:i"),
            "status": thing.get_status_display(),
        }
    )
