"""What editing any entry of the directory has in common: lock it, look who was first, write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import keeping_permissions as permissions
from partners import search
from partners.models import ContactPoint, Holder
from partners.models.checked import Checked, Shipped
from partners.visibility import Level
from portal import audit
from portal.errors import AlreadyDone, DomainError, NotAllowed
from portal.models import User

Entry = TypeVar("Entry", bound=Checked)
# What is written with every edit, and with every confirmation.
EDITED = ("version", "changed_at", "changed_by")
FOUND_TRUE = ("verified_on", "verified_by", "review_due", "confirmed")


class EditedMeanwhile(AlreadyDone):
    """Somebody else changed the entry since it was read; it carries what stands there now."""

    def __init__(self, entry: models.Model) -> None:
        by = getattr(entry, "changed_by", None)
        who = by.name if by is not None else _("Somebody else")
        super().__init__(_("%(who)s changed this entry while you were editing it.") % {"who": who})
        self.entry = entry


def not_allowed() -> NotAllowed:
    return NotAllowed(_("Only liaison officers keep the directory."))


def lock(entry: Entry, by: User, version: int | None = None) -> Entry:
    """The entry as it is now, for this transaction; `version` is what the editor had seen."""
    if not permissions.can_keep(by):
        raise not_allowed()
    found = type(entry)._default_manager.select_for_update().get(pk=entry.pk)
    require(found, by)
    if version is not None:
        check_version(found, version)
    return found


def require(entry: Checked, by: User) -> None:
    """This person may change it, and it has not ended; the entry is locked."""
    if not permissions.can_keep(by):
        raise not_allowed()
    if not permissions.can_change(by, entry):
        raise AlreadyDone(over(entry))


def over(entry: Checked) -> str:
    """Why nothing of it is changed any more."""
    if isinstance(entry, ContactPoint) and entry.ended_at is None:
        owner = {"owner": str(entry.owner)}
        if entry.post_id is not None:
            return (
                _("The post in %(owner)s is closed: its contact points stay as they are.") % owner
            )
        return _("“%(owner)s” has ended: its contact points stay as they are.") % owner
    return _("This entry has ended: nothing is changed in it any more.")


def end_terms(holders: Iterable[Holder], until: date, before: date | None = None) -> list[Holder]:
    """Those that went on beyond this day, or ended on the day `before`; not written yet.

    A term that had not begun by then ends on its first day.
    """
    ended = [one for one in holders if one.until in (None, before) or one.until > until]
    for holder in ended:
        holder.until = max(until, holder.since)
    return ended


def check_version(thing: Any, seen: int) -> None:
    """What the editor had before them is what stands there now; the thing is locked."""
    if thing.version != seen:
        raise EditedMeanwhile(thing)


def assign(entry: Checked, values: Mapping[str, Any]) -> list[str]:
    """Set these fields; returns the names of those that were another before."""
    changed = [name for name, value in values.items() if getattr(entry, name) != value]
    for name in changed:
        setattr(entry, name, values[name])
    return changed


def touch(entry: Checked, by: User) -> None:
    """One edit more, by this person; not written yet."""
    entry.version += 1
    entry.changed_at, entry.changed_by = timezone.now(), by


def write(entry: Checked, by: User) -> None:
    touch(entry, by)
    entry.save()
    search.keep_entry(entry)


def find_true(entry: Checked, by: User) -> None:
    """It holds as of today."""
    today = timezone.localdate()
    entry.verified_on, entry.verified_by = today, by
    entry.review_due = entry.due_after(today)
    if isinstance(entry, Shipped):
        # It came with the portal from general knowledge; now somebody has looked.
        entry.confirmed = True


@transaction.atomic
def confirm_entry(*, entry: Entry, version: int | None = None, by: User) -> Entry:
    """Everything in it was looked at and still holds."""
    entry = lock(entry, by, version)
    find_true(entry, by)
    write(entry, by)
    audit.record("entry_confirmed", target=entry, by=by)
    return entry


@transaction.atomic
def set_visibility(*, entry: Entry, visibility: int, by: User) -> Entry:
    """To whom the whole entry is shown; its fields may be narrower, never wider."""
    entry = lock(entry, by)
    level = Level(visibility)
    if entry.visibility == level:
        raise AlreadyDone(_("It is shown to these readers already."))
    entry.visibility = level
    write(entry, by)
    audit.record("visibility_set", target=entry, by=by, level=level.name.lower())
    return entry


@transaction.atomic
def name_keeper(*, entry: Entry, keeper: User | None, by: User) -> Entry:
    """Who is asked whether it still holds."""
    entry = lock(entry, by)
    if keeper is not None and not permissions.can_keep(keeper):
        raise DomainError(_("Only a liaison officer keeps an entry."))
    entry.keeper = keeper
    write(entry, by)
    audit.record("keeper_named", target=entry, by=by, keeper=keeper.pk if keeper else None)
    return entry


def erase(holder: Holder) -> None:
    """Nothing is left of the person; the row says that there was somebody, from when to when."""
    holder.name = holder.title = holder.email = holder.direct_line = ""
    holder.erased_at = timezone.now()
    holder.save()
    search.keep_entry(holder.contact_point)
