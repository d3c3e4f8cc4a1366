"""Who may do what with posts and the people posted there: the liaison desk writes."""

from __future__ import annotations

from partners import lifecycle
from partners.keeping_permissions import can_keep
from partners.models import Post, Posting
from portal.models import User


def is_liaison(user: User) -> bool:
    """As for the rest of the directory: nobody who also administers the system."""
    return can_keep(user)


def can_open_post(user: User) -> bool:
    return is_liaison(user)


def can_edit_post(user: User, post: Post) -> bool:
    return _may(user, post, "edit")


def can_suspend_post(user: User, post: Post) -> bool:
    return _may(user, post, "suspend")


def can_resume_post(user: User, post: Post) -> bool:
    return _may(user, post, "resume")


def can_close_post(user: User, post: Post) -> bool:
    return _may(user, post, "close")


def can_reopen_post(user: User, post: Post) -> bool:
    return _may(user, post, "reopen")


def can_cover(user: User, post: Post) -> bool:
    return _may(user, post, "cover")


def can_end_coverage(user: User, post: Post) -> bool:
    return _may(user, post, "end_coverage")


def can_start_posting(user: User, post: Post) -> bool:
    return _may(user, post, "start_posting")


def can_change_posting(user: User, posting: Posting) -> bool:
    return not posting.is_over and _may(user, posting.post, "change_posting")


def can_accredit(user: User, posting: Posting) -> bool:
    return not posting.is_over and _may(user, posting.post, "accredit")


def can_name_successor(user: User, posting: Posting) -> bool:
    return not posting.is_over and _may(user, posting.post, "name_successor")


def can_hand_over(user: User, posting: Posting) -> bool:
    fresh = not posting.is_over and posting.handed_over_at is None
    return fresh and _may(user, posting.post, "hand_over")


def can_end_posting(user: User, posting: Posting) -> bool:
    return not posting.is_over and _may(user, posting.post, "end_posting")


def can_call_off_posting(user: User, posting: Posting) -> bool:
    return not posting.is_over and _may(user, posting.post, "call_off_posting")


def _may(user: User, post: Post, verb: str) -> bool:
    return is_liaison(user) and lifecycle.allows(lifecycle.POST, verb, post.status)
