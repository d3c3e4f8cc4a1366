"""What one row of a file does to its entry: the rules of the desk's verbs, on rows read already."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from partners.actions import contacts, keeping, partners, posts
from partners.actions.file_entries import Change, Entries
from partners.file_changes import NEW
from partners.file_records import CHANNEL, CONTACT, ENDS, GROUP, HOLDER, MEMBERSHIP, PARTNER, POST
from partners.models import (
    Coverage,
    Group,
    GroupMembership,
    Holder,
    Post,
    SecureChannel,
)
from portal.errors import DomainError


def said(change: Change) -> dict[str, str]:
    """What the row says beside the end of its entry, which comes last of all."""
    end = ENDS.get(change["table"])
    return {name: cell for name, cell in change["cells"].items() if name != end}


def apply_row(entries: Entries, change: Change) -> None:
    verbs = _ADD if change["kind"] == NEW else _CHANGE
    verbs[change["table"]](entries, change)


# --- Partners -----------------------------------------------------------------------------------


def _add_partner(entries: Entries, change: Change) -> None:
    values = entries.blank.values_of_new(PARTNER, change["cells"])
    code = values.pop("code")
    partner = partners.new_partner(code=code, values=values, by=entries.by)
    if code.lower() in entries.coded:
        raise partners.code_taken(code)
    entries.coded[code.lower()] = partner
    entries.add(partner, "partner_added", partner, code=code)
    entries.find(partner)


def _change_partner(entries: Entries, change: Change) -> None:
    partner = entries.partners[change["pk"]]
    keeping.require(partner, entries.by)
    values = entries.blank.values_of(PARTNER, partner, said(change))
    partners.refuse_circle(partner, values.get("parent"))
    if changed := keeping.assign(partner, values):
        entries.touch(partner, *changed)
        entries.record("partner_changed", partner, fields=changed, confirmed=False)


def _add_group(entries: Entries, change: Change) -> None:
    values = entries.blank.values_of_new(GROUP, change["cells"])
    if values["code"].lower() in entries.group_codes:
        raise partners.group_taken()
    group = Group(**values)
    entries.group_codes[group.code.lower()] = group
    entries.add(group, "group_added", group, code=group.code)


def _change_group(entries: Entries, change: Change) -> None:
    group = entries.groups[change["pk"]]
    values = entries.blank.values_of(GROUP, group, change["cells"])
    for name, value in values.items():
        setattr(group, name, value)
    entries.change(group, *values)
    entries.record("group_changed", group)


def _add_membership(entries: Entries, change: Change) -> None:
    group = entries.group_codes.get(change["group"].lower())
    if group is None:
        raise DomainError(_("The group is gone."))
    partner = entries.partner(change)
    told = entries.blank.values_of_new(MEMBERSHIP, change["cells"])
    others = entries.joined[partner.pk, group.pk]
    partners.refuse_join(others, told["since"])
    joined = GroupMembership(partner=partner, group=group, since=told["since"])
    others.append(joined)
    entries.groups_of[partner.pk].append(joined)
    entries.add(joined, "group_joined", partner, group=group.code)
    entries.touch(partner)
    if told["until"] is not None:
        _leave(entries, joined, told["until"])


def _change_membership(entries: Entries, change: Change) -> None:
    """Its end, which is all that a file can change in it."""
    membership = entries.memberships[change["pk"]]
    keeping.require(membership.partner, entries.by)
    until = entries.blank.values_of(MEMBERSHIP, membership, change["cells"])["until"]
    _leave(entries, membership, until)
    entries.change(membership, "until")


def _leave(entries: Entries, membership: GroupMembership, until: Any) -> None:
    partners.refuse_leave(membership, until)
    membership.until = until
    entries.touch(membership.partner)
    entries.record("group_left", membership.partner, group=membership.group.code)


def _add_channel(entries: Entries, change: Change) -> None:
    partner = entries.partner(change)
    told = entries.blank.values_of_new(CHANNEL, change["cells"])
    partners.refuse_channel(entries.reached[partner.pk], told["name"])
    channel = SecureChannel(partner=partner, **told)
    entries.reached[partner.pk].append(channel)
    entries.add(channel, "channel_added", partner, channel=channel)
    entries.touch(partner)


def _change_channel(entries: Entries, change: Change) -> None:
    """How it is reached; another name is another channel."""
    channel = entries.channels[change["pk"]]
    keeping.require(channel.partner, entries.by)
    partners.refuse_ended_channel(channel)
    told = entries.blank.values_of(CHANNEL, channel, said(change))
    if "reference" in told:
        channel.reference = told["reference"]
        entries.change(channel, "reference")
        entries.touch(channel.partner)
        entries.record("channel_corrected", channel.partner, channel=channel.pk)


# --- Contact points and those who hold them -----------------------------------------------------


def _add_contact(entries: Entries, change: Change) -> None:
    owner = entries.partner(change)
    contacts.refuse_more(entries.live[owner.pk])
    values = entries.blank.values_of_new(CONTACT, change["cells"])
    contact = contacts.new_contact(owner=owner, values=values, by=entries.by)
    entries.live[owner.pk] += 1
    entries.add(contact, "contact_point_added", contact, duty=contact.duty)
    entries.find(contact)


def _change_contact(entries: Entries, change: Change) -> None:
    contact = entries.desk(change["pk"])
    values = entries.blank.values_of(CONTACT, contact, said(change))
    if changed := keeping.assign(contact, values):
        entries.touch(contact, *changed)
        entries.record("contact_point_changed", contact, fields=changed, confirmed=False)


def _add_holder(entries: Entries, change: Change) -> None:
    contact = entries.desk(change["owner_pk"])
    values = entries.blank.values_of_new(HOLDER, change["cells"])
    holder = Holder(contact_point=contact, since=entries.today, **values)
    entries.hold(holder, contact)
    entries.add(holder, "holder_named", contact, holder=holder)
    entries.touch(contact)


def _change_holder(entries: Entries, change: Change) -> None:
    holder = entries.holders[change["pk"]]
    contact = entries.desk(change["owner_pk"])
    contacts.require_named(holder, entries.by)
    values = entries.blank.values_of(HOLDER, holder, change["cells"])
    ends = [*values] == ["until"] and holder.until is None
    for name, value in values.items():
        setattr(holder, name, value)
    entries.change(holder, *values)
    entries.touch(contact)
    entries.record("holder_ended" if ends else "holder_corrected", contact, holder=holder.pk)


# --- Posts --------------------------------------------------------------------------------------


def _add_post(entries: Entries, change: Change) -> None:
    values = entries.blank.values_of_new(POST, change["cells"])
    covers = values.pop("covers")
    post = posts.new_post(by=entries.by, **values)
    if post.code in entries.post_codes:
        raise posts.post_taken(post.code)
    entries.post_codes.add(post.code)
    entries.add(post, "post_opened", post, code=post.code)
    entries.new += posts.first_coverages(post, covers)
    entries.find(post)


def _change_post(entries: Entries, change: Change) -> None:
    post = entries.posts[change["pk"]]
    posts.require_open(post, entries.by)
    held = entries.coverages[post.pk]
    before = sorted(held)
    post.covers = before
    told = entries.blank.values_of(POST, post, said(change))
    wanted = told.pop("covers", before)
    if told:
        changed = sorted(keeping.assign(post, told))
        entries.touch(post, *changed)
        entries.record("post_edited", post, fields=changed, confirmed=False)
        if "host_country" in changed and str(post.host_country) not in held:
            entries.new.append(_coverage(entries, post, str(post.host_country)))
    for country in sorted({*wanted} - {*held}):
        entries.add(_coverage(entries, post, country), "country_covered", post, country=country)
        entries.touch(post)
    for country in sorted({*before} - {*wanted, str(post.host_country)}):
        _uncover(entries, post, country)


def _coverage(entries: Entries, post: Post, country: str) -> Coverage:
    found = Coverage(post=post, country=country, since=entries.today)
    entries.coverages[post.pk][country] = found
    return found


def _uncover(entries: Entries, post: Post, country: str) -> None:
    held = entries.coverages[post.pk].get(country)
    found = posts.refuse_end_of_coverage(post, country, held, entries.today)
    found.until = entries.today
    entries.change(found, "until")
    entries.touch(post)
    entries.record("coverage_ended", post, country=country)


_ADD = {
    PARTNER: _add_partner,
    CONTACT: _add_contact,
    HOLDER: _add_holder,
    GROUP: _add_group,
    MEMBERSHIP: _add_membership,
    CHANNEL: _add_channel,
    POST: _add_post,
}
_CHANGE = {
    PARTNER: _change_partner,
    CONTACT: _change_contact,
    HOLDER: _change_holder,
    GROUP: _change_group,
    MEMBERSHIP: _change_membership,
    CHANNEL: _change_channel,
    POST: _change_post,
}
