"""Letters to the liaison desk about postings: where and when, never who."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from partners.models import Posting
from partners.visibility import Level
from portal import mail, outbox
from portal.models import User


def tell_of_end(posting: Posting, months: int) -> None:
    """Promise to tell the desk that this posting ends, in the caller's transaction."""
    outbox.enqueue(
        "partners.tell_of_end",
        key=f"partners.posting_ending:{posting.pk}:{posting.ends_on}:{months}",
        posting_id=posting.pk,
        months=months,
    )


def send(*, posting_id: int, months: int) -> None:
    """Worker: to everybody at the liaison desk; nothing where the posting is over by now."""
    posting = Posting.objects.select_related("post").get(pk=posting_id)
    if posting.is_over or posting.ends_on is None:
        return
    followed = _is_followed(posting)
    for one in User.objects.holding("liaison_officer"):
        mail.send(
            template="partners/emails/posting_ending",
            to=one,
            key=f"partners.posting_ending:{posting.pk}:{posting.ends_on}:{months}",
            # Mail is read by others too: a post that not everybody sees is not named.
            city=posting.post.city if posting.post.visibility == Level.PUBLIC else "",
            months=months,
            ends_on=posting.ends_on,
            followed=followed,
            url=settings.OFFICE_URL + reverse("admin:partners_post_change", args=[posting.post_id]),
        )


def _is_followed(posting: Posting) -> bool:
    """Whether somebody is posted there for the time afterwards already."""
    others = Posting.objects.live().filter(post=posting.post_id).exclude(pk=posting.pk)
    return others.filter(Q(ends_on=None) | Q(ends_on__gt=posting.ends_on)).exists()
