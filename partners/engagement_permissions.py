"""Who plans engagements and writes them up, and who follows up."""

from __future__ import annotations

from django.utils import timezone

from partners import lifecycle
from partners.lifecycle import ENGAGEMENT
from partners.models import Engagement, FollowUp, Post
from partners.posted import is_posted
from portal.models import StaffRole, User


def can_read_engagements(user: User) -> bool:
    """Liaison officers, supervisors, and whoever is posted somewhere."""
    if not _works(user):
        return False
    return user.has_role(StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR) or is_posted(user)


def can_plan_engagement(user: User) -> bool:
    return _works(user) and (user.has_role(StaffRole.LIAISON_OFFICER) or is_posted(user))


def can_plan_for(user: User, post: Post | None) -> bool:
    """A posted officer plans for the own post alone."""
    if not _works(user):
        return False
    return user.has_role(StaffRole.LIAISON_OFFICER) or (post is not None and is_posted(user, post))


def can_edit_engagement(user: User, engagement: Engagement) -> bool:
    return _leads(user, engagement, "edit")


def can_hold_engagement(user: User, engagement: Engagement) -> bool:
    begun = engagement.starts_at <= timezone.now()
    return begun and _leads(user, engagement, "hold")


def can_write_up_engagement(user: User, engagement: Engagement) -> bool:
    return _leads(user, engagement, "write_up")


def can_cancel_engagement(user: User, engagement: Engagement) -> bool:
    return _leads(user, engagement, "cancel")


def can_add_follow_up(user: User, engagement: Engagement) -> bool:
    return _leads(user, engagement, "follow_up")


def can_finish_follow_up(user: User, follow_up: FollowUp) -> bool:
    """Its owner, and who leads the engagement."""
    if follow_up.done_at is not None or not _works(user):
        return False
    return follow_up.owner_id == user.pk or can_plan_for(user, follow_up.engagement.post)


def follows_up(user: User) -> bool:
    """Whether something was given to this officer to do."""
    return _works(user) and FollowUp.objects.filter(owner=user).exists()


def works_on_follow_ups(user: User) -> bool:
    """Who plans engagements, and whoever of another part was given something to do."""
    return can_plan_engagement(user) or follows_up(user)


def _leads(user: User, engagement: Engagement, verb: str) -> bool:
    allowed = lifecycle.allows(ENGAGEMENT, verb, engagement.status)
    return allowed and can_plan_for(user, engagement.post)


def _works(user: User) -> bool:
    active = user.is_staff and user.is_active
    return active and not user.has_role(StaffRole.SYSTEM_ADMINISTRATOR)
