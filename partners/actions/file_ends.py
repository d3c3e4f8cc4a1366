"""What ends by one row of a file: the rules of the desk's verbs, on rows read already."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from partners.actions import keeping, partners, posts
from partners.actions.file_entries import Change, Entries
from partners.file_records import CHANNEL, CONTACT, ENDS, PARTNER, POST


def end_row(entries: Entries, change: Change) -> None:
    if ENDS.get(change["table"], "") in change["cells"]:
        _END[change["table"]](entries, change)


def _end_partner(entries: Entries, change: Change) -> None:
    partner = entries.partners[change["pk"]]
    keeping.require(partner, entries.by)
    before, partner.ended_on = partner.ended_on, date.fromisoformat(change["cells"]["ended_on"])
    joined = entries.groups_of[partner.pk]
    for membership in partners.end_memberships(joined, partner.ended_on, before):
        entries.change(membership, "until")
    _end_terms(entries, change, partner.ended_on, before)
    entries.touch(partner, "ended_on")
    entries.record("partner_ended", partner, on=partner.ended_on.isoformat())


def _end_contact(entries: Entries, change: Change) -> None:
    contact = entries.desk(change["pk"])
    contact.ended_at = timezone.now()
    _end_terms(entries, change, entries.today)
    entries.touch(contact, "ended_at")
    entries.record("contact_point_ended", contact, duty=contact.duty)


def _end_channel(entries: Entries, change: Change) -> None:
    channel = entries.channels[change["pk"]]
    keeping.require(channel.partner, entries.by)
    partners.refuse_ended_channel(channel)
    channel.ended_at = timezone.now()
    entries.change(channel, "ended_at")
    entries.touch(channel.partner)
    entries.record("channel_ended", channel.partner, channel=channel.pk)


def _close_post(entries: Entries, change: Change) -> None:
    post = entries.posts[change["pk"]]
    posts.begin_to_close(post, entries.by, posted=post.pk in entries.posted)
    for coverage in posts.end_coverages(entries.coverages[post.pk].values(), entries.today):
        entries.change(coverage, "until")
    _end_terms(entries, change, entries.today)
    entries.touch(post, "status")
    entries.record("post_closed", post)


def _end_terms(entries: Entries, change: Change, until: date, before: date | None = None) -> None:
    held = entries.terms[change["table"], change["pk"]]
    for holder in keeping.end_terms(held, until, before):
        entries.change(holder, "until")


_END = {
    PARTNER: _end_partner,
    CONTACT: _end_contact,
    CHANNEL: _end_channel,
    POST: _close_post,
}
