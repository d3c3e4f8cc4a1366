"""The directory as a file is compared with it: read at once, found by what a file names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from partners.entry_texts import channel_key, membership_key, with_covers
from partners.file_records import CHANNEL, GROUP, MEMBERSHIP, PARTNER, POST
from partners.models import (
    ContactPoint,
    Group,
    GroupMembership,
    Holder,
    Partner,
    Post,
    SecureChannel,
)


class Directory:
    """What a file may speak of, read at once: a long file asks as many queries as a short one."""

    def __init__(self) -> None:
        partners = list(Partner.objects.select_related("parent"))
        self.partners = {partner.code.lower(): partner for partner in partners}
        by_pk = {partner.pk: partner for partner in partners}
        holders = Prefetch("holders", Holder.objects.filter(erased_at=None))
        points = ContactPoint.objects.select_related("post").prefetch_related(holders)
        self.contacts: dict[str, ContactPoint] = {}
        self.holders: dict[str, Holder] = {}
        self.of_partner: dict[int, list[ContactPoint]] = {}
        for contact in points:
            if contact.partner_id is not None:
                contact.partner = by_pk[contact.partner_id]
                self.of_partner.setdefault(contact.partner_id, []).append(contact)
            self.contacts[str(contact.uuid)] = contact
            for holder in contact.holders.all():
                holder.contact_point = contact
                self.holders[str(holder.uuid)] = holder
        self.coded: dict[str, dict[str, Any]] = {
            PARTNER: self.partners,
            GROUP: {group.code.lower(): group for group in Group.objects.all()},
            POST: {post.code.lower(): post for post in with_covers(Post.objects.all())},
        }
        self.owned: dict[str, dict[str, Any]] = {CHANNEL: {}, MEMBERSHIP: {}}
        for channel in SecureChannel.objects.filter(ended_at=None):
            channel.partner = by_pk[channel.partner_id]
            self.owned[CHANNEL][channel_key(channel).lower()] = channel
        self.belonging: dict[tuple[str, str], list[GroupMembership]] = {}
        for one in GroupMembership.objects.select_related("group"):
            one.partner = by_pk[one.partner_id]
            self.owned[MEMBERSHIP][membership_key(one).lower()] = one
            place = one.partner.code.lower(), one.group.code.lower()
            self.belonging.setdefault(place, []).append(one)


@dataclass(frozen=True)
class Belongs:
    """Where cards go that do not say where they belong."""

    partner: Partner | None = None
    duty: str = ""


def is_of(contact: ContactPoint, code: str) -> bool:
    return not code or contact.owner.code.lower() == code.lower()
