"""What the liaison desk does with partners, their groups and their secure channels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from partners import keeping_permissions as permissions
from partners import search
from partners.actions.keeping import (
    EditedMeanwhile,
    assign,
    end_terms,
    find_true,
    lock,
    not_allowed,
    write,
)
from partners.addresses import is_taken_by_a_page
from partners.models import Group, GroupMembership, Holder, Partner, SecureChannel
from portal import audit
from portal.errors import AlreadyDone, DomainError
from portal.models import User

DEEPEST = 10


@transaction.atomic
def add_partner(*, code: str, by: User, values: Mapping[str, Any]) -> Partner:
    """A new entry, due at once: whoever adds it confirms it when it is complete."""
    partner = new_partner(code=code, values=values, by=by)
    if Partner.objects.filter(code__iexact=code).exists():
        raise code_taken(code)
    try:
        with transaction.atomic():
            partner.save(force_insert=True)
    except IntegrityError:
        raise code_taken(code) from None
    search.keep_entry(partner)
    audit.record("partner_added", target=partner, by=by, code=code)
    return partner


def new_partner(*, code: str, values: Mapping[str, Any], by: User) -> Partner:
    """As it will be added; whether the code is free is asked by whoever writes it."""
    if not permissions.can_keep(by):
        raise not_allowed()
    if is_taken_by_a_page(code):
        raise DomainError(
            _("“%(code)s” is the address of a page of the portal. Choose another code.")
            % {"code": code}
        )
    partner = Partner(code=code, **{"keeper": by, **values})
    partner.changed_at, partner.changed_by = timezone.now(), by
    return partner


def code_taken(code: str) -> DomainError:
    return DomainError(_("The code “%(code)s” is taken. Choose another.") % {"code": code})


@transaction.atomic
def change_partner(
    *,
    partner: Partner,
    values: Mapping[str, Any],
    version: int,
    by: User,
    confirm: bool = False,
) -> Partner:
    """Correct it; the record names the fields, never what stands in them."""
    partner = lock(partner, by, version)
    refuse_circle(partner, values.get("parent"))
    changed = assign(partner, values)
    if confirm:
        find_true(partner, by)
    if changed or confirm:
        write(partner, by)
        audit.record("partner_changed", target=partner, by=by, fields=changed, confirmed=confirm)
    return partner


@transaction.atomic
def end_partner(*, partner: Partner, ended_on: date, by: User) -> Partner:
    """It is no more; what was exchanged with it keeps its name."""
    partner = lock(partner, by)
    # An end that is still to come may be moved; what it ended moves with it. Whoever held a duty
    # of it holds it no longer: the data of former holders are erased in time.
    before, partner.ended_on = partner.ended_on, ended_on
    joined = GroupMembership.objects.select_for_update().filter(partner=partner).order_by("pk")
    for membership in end_memberships(joined, ended_on, before):
        membership.save(update_fields=["until"])
    held = Holder.objects.select_for_update().filter(contact_point__partner=partner)
    for holder in end_terms(held.order_by("pk"), ended_on, before):
        holder.save(update_fields=["until"])
    write(partner, by)
    audit.record("partner_ended", target=partner, by=by, on=ended_on.isoformat())
    return partner


def end_memberships(
    joined: Iterable[GroupMembership], on: date, before: date | None
) -> list[GroupMembership]:
    """Those that had no end, or ended on the day `before`; not written yet."""
    ended = [
        one
        for one in joined
        if one.until in (None, before) and (one.since is None or one.since <= on)
    ]
    for membership in ended:
        membership.until = on
    return ended


@transaction.atomic
def add_group(*, code: str, name: str, about: str, by: User) -> Group:
    if not permissions.can_keep(by):
        raise not_allowed()
    try:
        with transaction.atomic():
            group = Group.objects.create(code=code, name=name, about=about)
    except IntegrityError:
        raise group_taken() from None
    audit.record("group_added", target=group, by=by, code=code)
    return group


def group_taken() -> DomainError:
    return DomainError(_("There is a group of this code already."))


@transaction.atomic
def change_group(*, group: Group, name: str, about: str, version: str, by: User) -> Group:
    """`version` is the fingerprint of the group as the editor read it."""
    if not permissions.can_keep(by):
        raise not_allowed()
    group = Group.objects.select_for_update().get(pk=group.pk)
    if group.fingerprint != version:
        raise EditedMeanwhile(group)
    group.name, group.about = name, about
    group.save()
    audit.record("group_changed", target=group, by=by)
    return group


@transaction.atomic
def join_group(*, partner: Partner, group: Group, since: date | None, by: User) -> GroupMembership:
    """From that day, or since anybody can remember."""
    partner = lock(partner, by)
    refuse_join(GroupMembership.objects.filter(partner=partner, group=group), since)
    membership = GroupMembership.objects.create(partner=partner, group=group, since=since)
    write(partner, by)
    audit.record("group_joined", target=partner, by=by, group=group.code)
    return membership


def refuse_join(others: Iterable[GroupMembership], since: date | None) -> None:
    """`others` are those of the same partner in the same group."""
    ends = [one.until for one in others]
    if since is None and any(until is not None for until in ends):
        raise DomainError(_("It belonged to this group before: give the day since when it does."))
    if any(until is None or until >= (since or date.min) for until in ends):
        raise AlreadyDone(_("It belongs to this group on that day already."))


@transaction.atomic
def leave_group(*, membership: GroupMembership, until: date, by: User) -> GroupMembership:
    partner = lock(membership.partner, by)
    membership = GroupMembership.objects.select_for_update().get(pk=membership.pk)
    refuse_leave(membership, until)
    membership.until = until
    membership.save(update_fields=["until"])
    write(partner, by)
    audit.record("group_left", target=partner, by=by, group=membership.group.code)
    return membership


def refuse_leave(membership: GroupMembership, until: date) -> None:
    if membership.until is not None:
        raise AlreadyDone(_("Its end is known already."))
    if membership.since is not None and until < membership.since:
        raise DomainError(_("It cannot end before it began."))


@transaction.atomic
def add_channel(*, partner: Partner, name: str, reference: str, by: User) -> SecureChannel:
    """Recorded, not replaced: what is said there stays there."""
    partner = lock(partner, by)
    refuse_channel(partner.channels.filter(ended_at=None), name)
    channel = SecureChannel.objects.create(partner=partner, name=name, reference=reference)
    write(partner, by)
    audit.record("channel_added", target=partner, by=by, channel=channel.pk)
    return channel


def refuse_channel(present: Iterable[SecureChannel], name: str) -> None:
    """`present` are those of the partner that have not ended."""
    if name.lower() in {one.name.lower() for one in present}:
        raise AlreadyDone(_("This channel is recorded already."))


@transaction.atomic
def correct_channel(*, channel: SecureChannel, reference: str, by: User) -> SecureChannel:
    """How it is reached there; under another name it is another channel."""
    partner = lock(channel.partner, by)
    channel = SecureChannel.objects.select_for_update().get(pk=channel.pk)
    refuse_ended_channel(channel)
    channel.reference = reference
    channel.save(update_fields=["reference"])
    write(partner, by)
    audit.record("channel_corrected", target=partner, by=by, channel=channel.pk)
    return channel


def refuse_ended_channel(channel: SecureChannel) -> None:
    if channel.ended_at is not None:
        raise AlreadyDone(_("This channel has ended already."))


@transaction.atomic
def end_channel(*, channel: SecureChannel, by: User) -> SecureChannel:
    partner = lock(channel.partner, by)
    channel = SecureChannel.objects.select_for_update().get(pk=channel.pk)
    refuse_ended_channel(channel)
    channel.ended_at = timezone.now()
    channel.save(update_fields=["ended_at"])
    write(partner, by)
    audit.record("channel_ended", target=partner, by=by, channel=channel.pk)
    return channel


def refuse_circle(partner: Partner, parent: Partner | None) -> None:
    above = parent
    for _step in range(DEEPEST):
        if above is None:
            return
        if above.pk == partner.pk:
            break
        above = above.parent
    raise DomainError(_("A partner cannot be part of itself, nor of one of its own parts."))
