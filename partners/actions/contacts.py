"""What the liaison desk does with contact points and with the people who hold them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import keeping_permissions as permissions
from partners import search
from partners.actions.keeping import assign, end_terms, find_true, lock, write
from partners.models import ContactPoint, Duty, Holder, Partner, Post
from partners.visibility import Level
from portal import audit
from portal.errors import AlreadyDone, DomainError
from portal.models import User

MOST = 60
# Who sees a duty that nobody has decided about yet; an officer may widen it.
BEGINS_AT = {Duty.DUTY_DESK: Level.RESTRICTED, Duty.DRUGS: Level.LIAISON}


@transaction.atomic
def add_contact(*, owner: Partner | Post, by: User, values: Mapping[str, Any]) -> ContactPoint:
    """A duty of a partner or of a post."""
    owner = lock(owner, by)
    of: dict[str, Any] = {"partner" if isinstance(owner, Partner) else "post": owner}
    refuse_more(ContactPoint.objects.live().filter(**of).count())
    contact = new_contact(owner=owner, values=values, by=by)
    contact.save(force_insert=True)
    search.keep_entry(contact)
    audit.record("contact_point_added", target=contact, by=by, duty=contact.duty)
    return contact


def refuse_more(present: int) -> None:
    if present >= MOST:
        raise DomainError(_("At most %(count)d contact points can be kept.") % {"count": MOST})


def new_contact(*, owner: Partner | Post, values: Mapping[str, Any], by: User) -> ContactPoint:
    """As it will be added to this owner, who is locked."""
    of: dict[str, Any] = {"partner" if isinstance(owner, Partner) else "post": owner}
    first = BEGINS_AT.get(Duty(values["duty"]), Level.PUBLIC)
    contact = ContactPoint(**of, **{"keeper": by, "visibility": first, **values})
    contact.changed_at, contact.changed_by = timezone.now(), by
    return contact


@transaction.atomic
def change_contact(
    *,
    contact: ContactPoint,
    values: Mapping[str, Any],
    version: int,
    by: User,
    confirm: bool = False,
) -> ContactPoint:
    """Correct it; the record names the fields, never what stands in them."""
    contact = lock(contact, by, version)
    changed = assign(contact, values)
    if confirm:
        find_true(contact, by)
    if changed or confirm:
        write(contact, by)
        audit.record(
            "contact_point_changed", target=contact, by=by, fields=changed, confirmed=confirm
        )
    return contact


@transaction.atomic
def end_contact(*, contact: ContactPoint, by: User) -> ContactPoint:
    """The duty is no more; whoever holds it holds it no longer."""
    contact = lock(contact, by)
    contact.ended_at = timezone.now()
    _end(end_terms(contact.holders.select_for_update(), timezone.localdate()))
    write(contact, by)
    audit.record("contact_point_ended", target=contact, by=by, duty=contact.duty)
    return contact


@transaction.atomic
def name_holder(
    *,
    contact: ContactPoint,
    name: str,
    title: str,
    email: str,
    direct_line: str,
    since: date,
    by: User,
    replaces: bool = False,
) -> Holder:
    """From that day; with `replaces` the term of whoever holds it now ends the day before."""
    contact = lock(contact, by)
    if replaces:
        now = contact.holders.select_for_update().filter(until=None)
        _end(end_terms(now, since - timedelta(days=1)))
    holder = Holder.objects.create(
        contact_point=contact,
        name=name,
        title=title,
        email=email,
        direct_line=direct_line,
        since=since,
    )
    write(contact, by)
    audit.record("holder_named", target=contact, by=by, holder=holder.pk)
    return holder


@transaction.atomic
def correct_holder(
    *,
    holder: Holder,
    name: str,
    title: str,
    email: str,
    direct_line: str,
    since: date,
    until: date | None,
    version: int,
    by: User,
) -> Holder:
    """What was written wrongly; `version` is that of the contact point."""
    contact = lock(holder.contact_point, by, version)
    holder = _locked(holder, by)
    if until is not None and until < since:
        raise DomainError(_("A term cannot end before it began."))
    holder.name, holder.title, holder.email = name, title, email
    holder.direct_line, holder.since, holder.until = direct_line, since, until
    holder.save()
    write(contact, by)
    audit.record("holder_corrected", target=contact, by=by, holder=holder.pk)
    return holder


@transaction.atomic
def end_holder(*, holder: Holder, until: date, by: User) -> Holder:
    contact = lock(holder.contact_point, by)
    holder = _locked(holder, by)
    if holder.until is not None:
        raise AlreadyDone(_("The end of this term is known already."))
    if until < holder.since:
        raise DomainError(_("A term cannot end before it began."))
    holder.until = until
    holder.save(update_fields=["until"])
    write(contact, by)
    audit.record("holder_ended", target=contact, by=by, holder=holder.pk)
    return holder


def _locked(holder: Holder, by: User) -> Holder:
    holder = Holder.objects.select_for_update().get(pk=holder.pk)
    require_named(holder, by)
    return holder


def require_named(holder: Holder, by: User) -> None:
    if not permissions.can_change_holder(by, holder):
        raise AlreadyDone(_("This person’s data are erased."))


def _end(holders: list[Holder]) -> None:
    for holder in holders:
        holder.save(update_fields=["until"])
