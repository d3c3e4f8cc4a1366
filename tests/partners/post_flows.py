"""Leads posts and postings to where a test begins, by the real actions."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from partners.actions import postings, posts
from partners.lifecycle import PostStatus
from partners.models import Enquiry, Post, Posting, PostType
from portal.models import User
from tests.factories import OrganisationFactory, UserFactory


def liaison() -> User:
    return UserFactory(liaison_officer=True)


def today(days: int = 0) -> date:
    return timezone.localdate() + timedelta(days=days)


def told(**more: Any) -> dict[str, Any]:
    """What a post in Singapore needs to be opened."""
    return {
        "code": "singapore",
        "type": PostType.ATTACHE,
        "city": "Singapore",
        "host_country": "SG",
        "time_zone": "Asia/Singapore",
        "email": "singapore@customs.example",
        "covers": [],
        **more,
    }


def opened(by: User | None = None, **more: Any) -> Post:
    return posts.open_post(by=by or liaison(), **told(**more))


def posted(post: Post, by: User | None = None, **more: Any) -> Posting:
    """Somebody there since a month ago, for three years."""
    person = {
        "name": "Alma Berg",
        "title": "Attaché",
        "email": "alma.berg@customs.example",
        "direct_line": "+65 0000 0001",
        "starts_on": today(-30),
        "ends_on": today(1000),
        **more,
    }
    return postings.start_posting(post=post, by=by or liaison(), **person)


def at(status: str) -> Post:
    """A post in this status."""
    by = liaison()
    post = opened(by)
    if status == PostStatus.ACTIVE:
        posted(post, by)
    elif status == PostStatus.SUSPENDED:
        posts.suspend_post(post=post, by=by)
    elif status == PostStatus.CLOSED:
        posts.close_post(post=post, by=by)
    return Post.objects.get(pk=post.pk)


def asked(post: Post, **more: Any) -> Enquiry:
    """A question of a firm that waits with this post."""
    now = timezone.now()
    return Enquiry.objects.create(
        organisation=OrganisationFactory(),
        post=post,
        topic="market_entry",
        subject="Cheese",
        waiting_since=now,
        due_at=now,
        **more,
    )
