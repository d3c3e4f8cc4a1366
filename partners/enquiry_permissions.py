"""Who asks a post, who answers for it, and who reads what was written."""

from __future__ import annotations

from partners import lifecycle
from partners.lifecycle import ENQUIRY
from partners.models import Enquiry, Post, PostQuerySet, PostStatus
from partners.posted import is_posted
from partners.visibility import Level, columns
from portal.models import Organisation, StaffRole, User


def asking_firms(user: User) -> list[Organisation]:
    """The firms this person may ask for: those with a memorandum in force.

    What a post does for business is shown from the partners' level on, so only they may ask for
    it. Anybody of such a firm may: a question binds the firm to nothing.
    """
    if user.is_staff or not user.is_active:
        return []
    firms = Organisation.objects.filter(
        memberships__user=user, memberships__ended_at=None, standings__in_force=True
    )
    return list(firms.order_by("legal_name", "pk").distinct())


def asked_posts() -> PostQuerySet:
    """Posts that take questions from firms: attachés, also while the post is vacant.

    Strategic posts represent the ministry and help no firm.
    """
    posts = Post.objects.visible_at(Level.PARTNER).only(*columns(Post, Level.PARTNER))
    found: PostQuerySet = posts.attaches().exclude(  # type: ignore[attr-defined]
        status=PostStatus.SUSPENDED
    )
    return found


def can_ask(user: User, organisation: Organisation) -> bool:
    return organisation in asking_firms(user)


def can_write_again(user: User, enquiry: Enquiry) -> bool:
    """Anybody of the firm, whatever became of its memorandum: what was begun is finished."""
    return _of_the_firm(user, enquiry) and _allows("write_again", enquiry)


def can_withdraw(user: User, enquiry: Enquiry) -> bool:
    return _of_the_firm(user, enquiry) and _allows("withdraw", enquiry)


def can_read_enquiry(user: User, enquiry: Enquiry) -> bool:
    return Enquiry.objects.visible_to(user).filter(pk=enquiry.pk).exists()


def works_on_enquiries(user: User) -> bool:
    """Liaison officers, and whoever is posted somewhere now."""
    if not user.is_staff or not user.is_active or user.has_role(StaffRole.SYSTEM_ADMINISTRATOR):
        return False
    return user.has_role(StaffRole.LIAISON_OFFICER) or is_posted(user)


def can_lead(user: User, enquiry: Enquiry, verb: str) -> bool:
    """Assign, answer, ask back, hand over or close: a liaison officer, or the post's own."""
    if not user.is_staff or not user.is_active or user.has_role(StaffRole.SYSTEM_ADMINISTRATOR):
        return False
    works = user.has_role(StaffRole.LIAISON_OFFICER) or is_posted(user, enquiry.post)
    return works and _allows(verb, enquiry)


def _of_the_firm(user: User, enquiry: Enquiry) -> bool:
    if user.is_staff or not user.is_active:
        return False
    return user.memberships.live().filter(organisation=enquiry.organisation_id).exists()


def _allows(verb: str, enquiry: Enquiry) -> bool:
    return lifecycle.allows(ENQUIRY, verb, enquiry.status)
