"""What is done about posts when a day has come; each thing by itself, and each may run twice."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from partners import post_clock, post_letters
from partners.actions import postings
from partners.models import Post, Posting
from portal import audit, outbox


def lead_posts_on() -> None:
    """Clock: promise what is due, so that one post that fails holds up no other."""
    today = timezone.localdate()
    for post_id in post_clock.posts_due(today).values_list("pk", flat=True):
        outbox.enqueue("partners.lead_post_on", key=f"partners.post:{post_id}", post_id=post_id)
    for posting, months in post_clock.to_warn(today):
        warn(posting=posting, months=months)


def lead_post_on(*, post_id: int) -> None:
    """Worker: postings whose last day is over end; the post is vacant or active by itself."""
    postings.end_expired(post=Post.objects.get(pk=post_id))


@transaction.atomic
def warn(*, posting: Posting, months: int) -> None:
    """Tell the desk once of this end at this distance; a new end is told of anew."""
    locked = Posting.objects.select_for_update(of=("self",)).select_related("post")
    posting = locked.get(pk=posting.pk)
    if posting.is_over or (posting.warned is not None and posting.warned <= months):
        return
    posting.warned = months
    posting.save(update_fields=["warned"])
    audit.record("posting_end_told", target=posting.post, by=None, months=months)
    post_letters.tell_of_end(posting, months)
