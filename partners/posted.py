"""Whether an officer is posted abroad today: asked once a request, by many."""

from __future__ import annotations

from django.utils import timezone

from partners.models import Post, Posting
from portal.models import User


def is_posted(user: User, post: Post | None = None) -> bool:
    """At this post, or at any. Remembered with the person, like the roles: for one request."""
    posts = user.__dict__.get("_posted_at")
    if posts is None:
        postings = Posting.objects.on(timezone.localdate()).filter(user=user, ended_at=None)
        posts = user.__dict__["_posted_at"] = set(postings.values_list("post_id", flat=True))
    return post.pk in posts if post is not None else bool(posts)
