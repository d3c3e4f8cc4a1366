"""What measures and activities have in common: the lock, the refusal, and who is told."""

from __future__ import annotations

from typing import TypeVar

from django.utils.translation import gettext as _

from mou import lifecycle, notifications
from mou.actions.locking import lock
from mou.models import Activity, ContactPoint, Measure, Mou, Party
from mou.plan_permissions import side_of, table_of
from portal import audit
from portal.errors import NotAllowed
from portal.models import User

Planned = TypeVar("Planned", Measure, Activity, ContactPoint)


def lock_planned(thing: Planned) -> Planned:
    """The agreement first, as everywhere, then the thing as it is now."""
    mou = lock(thing.mou)
    found = type(thing)._default_manager.select_for_update(of=("self",)).get(pk=thing.pk)
    found.mou = mou
    return found


def demand(allowed: bool, verb: str, thing: Measure | Activity) -> str:
    """The status that the verb leads to; an error where it may not be."""
    after = lifecycle.after(table_of(thing), verb, thing.status)
    if not allowed:
        raise NotAllowed(_("You may not do this."))
    return after


def told(event: str, mou: Mou, by: User, **facts: str) -> None:
    """In the record, and to the other side; nothing of what is planned is mailed."""
    audit.record(event, target=mou, by=by, organisation=mou.organisation, **facts)
    ours = side_of(by, mou) == Party.ADMINISTRATION
    notifications.notify("planned_by_office" if ours else "planned_by_firm", mou=mou)
