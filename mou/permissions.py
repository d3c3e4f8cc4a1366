"""Who may do what to an agreement: one predicate a verb, asked by actions and templates."""

from __future__ import annotations

from typing import Any

from mou import course, lifecycle
from mou.lifecycle import InterestStatus, MouStatus, VersionStatus
from mou.models import (
    Amendment,
    Interest,
    Mou,
    MouOffer,
    MouVersion,
    Notice,
    Party,
    Review,
)
from portal.models import Organisation, StaffRole, User
from portal.models.organisations import MembershipRole

# --- The desk -------------------------------------------------------------------------------


def can_import(user: User) -> bool:
    return user.has_role(StaffRole.CASEWORKER)


def can_offer(user: User) -> bool:
    return user.has_role(StaffRole.CASEWORKER)


def can_make_offer(user: User) -> bool:
    """Besides caseworkers a supervisor, who may overturn the refusal of one."""
    return can_offer(user) or user.has_role(StaffRole.SUPERVISOR)


def can_enter_contact(user: User, offer: MouOffer) -> bool:
    return user.has_role(StaffRole.CASEWORKER) and lifecycle.allows(
        lifecycle.OFFER, "enter_contact", offer.status
    )


def can_withdraw_offer(user: User, offer: MouOffer) -> bool:
    return user.has_role(StaffRole.CASEWORKER) and lifecycle.allows(
        lifecycle.OFFER, "withdraw", offer.status
    )


def can_send_again(user: User, offer: MouOffer) -> bool:
    return user.has_role(StaffRole.CASEWORKER) and lifecycle.allows(
        lifecycle.OFFER, "accept", offer.status
    )


def can_accept_interest(user: User, interest: Interest) -> bool:
    """A caseworker; after a refusal another than refused, a supervisor as well."""
    if interest.status == InterestStatus.UNDER_REVIEW:
        return can_uphold_refusal(user, interest)
    return user.has_role(StaffRole.CASEWORKER) and lifecycle.allows(
        lifecycle.INTEREST, "accept", interest.status
    )


def can_refuse_interest(user: User, interest: Interest) -> bool:
    return user.has_role(StaffRole.CASEWORKER) and lifecycle.allows(
        lifecycle.INTEREST, "refuse", interest.status
    )


def can_uphold_refusal(user: User, interest: Interest) -> bool:
    """Look again at a refusal: another officer than refused."""
    return (
        user.has_role(StaffRole.CASEWORKER, StaffRole.SUPERVISOR)
        and interest.decided_by_id != user.pk
        and lifecycle.allows(lifecycle.INTEREST, "uphold", interest.status)
    )


def can_record_trust(user: User) -> bool:
    return user.has_role(StaffRole.CASEWORKER)


def can_read_figures(user: User) -> bool:
    return user.has_role(StaffRole.CASEWORKER, StaffRole.COUNTERSIGNER, StaffRole.SUPERVISOR)


def can_take(user: User, mou: Mou) -> bool:
    """Make an agreement one's own case, whoever had it."""
    return (
        user.has_role(StaffRole.CASEWORKER)
        and mou.ended_at is None
        and mou.caseworker_id != user.pk
    )


def can_assign(user: User, mou: Mou) -> bool:
    """Give it to a caseworker: the supervisor, or whose case it is."""
    leads = user.has_role(StaffRole.SUPERVISOR)
    own = user.has_role(StaffRole.CASEWORKER) and mou.caseworker_id == user.pk
    return (leads or own) and mou.ended_at is None


def can_draft(user: User, mou: Mou) -> bool:
    return user.has_role(StaffRole.CASEWORKER) and text_allows(mou, "draft")


def can_propose(user: User, mou: Mou) -> bool:
    return user.has_role(StaffRole.CASEWORKER) and text_allows(mou, "propose")


def can_reopen(user: User, mou: Mou) -> bool:
    return (
        user.has_role(StaffRole.CASEWORKER)
        and text_allows(mou, "reopen")
        and not is_signed_by_both(mou)
    )


def can_countersign(user: User, version: MouVersion) -> bool:
    """Four eyes: whoever drafted the text does not countersign it."""
    return (
        user.has_role(StaffRole.COUNTERSIGNER)
        and version.drafted_by_id != user.pk
        and text_allows(version.mou, "countersign")
        and lifecycle.allows(lifecycle.VERSION, "complete", version.status)
    )


def can_open_amendment(user: User, mou: Mou) -> bool:
    """While it is alive and no other amendment is open."""
    return (
        user.has_role(StaffRole.CASEWORKER)
        and _mou_allows(mou, "amend")
        and course.course_of(mou) is mou
    )


def can_suspend(user: User, mou: Mou) -> bool:
    return user.has_role(StaffRole.CASEWORKER) and _mou_allows(mou, "suspend_for_cause")


def can_rebase(user: User, mou: Mou) -> bool:
    return user.has_role(StaffRole.CASEWORKER) and _mou_allows(mou, "rebase")


def can_propose_termination(user: User, mou: Mou) -> bool:
    return user.has_role(StaffRole.CASEWORKER) and _mou_allows(mou, "propose_termination")


def can_decide_termination(user: User, notice: Notice) -> bool:
    """Four eyes: a supervisor, and another person than asked."""
    return (
        user.has_role(StaffRole.SUPERVISOR)
        and notice.given_by_id != user.pk
        and notice.is_immediate
        and notice.taken_back_at is None
        and notice.approved_at is None
        and _mou_allows(notice.mou, "approve_termination")
    )


def can_close_review(user: User, review: Review) -> bool:
    return user.has_role(StaffRole.CASEWORKER) and lifecycle.allows(
        lifecycle.REVIEW, "close", review.status
    )


def can_reinstate(user: User, mou: Mou) -> bool:
    return user.has_role(StaffRole.CASEWORKER) and _mou_allows(mou, "reinstate")


# --- The firm -------------------------------------------------------------------------------


def can_accept(user: User, offer: MouOffer) -> bool:
    return _owns(user, offer.organisation) and lifecycle.allows(
        lifecycle.OFFER, "accept", offer.status
    )


def can_decline(user: User, offer: MouOffer) -> bool:
    return _owns(user, offer.organisation) and lifecycle.allows(
        lifecycle.OFFER, "decline", offer.status
    )


def can_state_roles(user: User, organisation: Organisation) -> bool:
    return _owns(user, organisation)


def can_name_signatory(user: User, mou: Mou) -> bool:
    return _owns(user, mou.organisation) and text_allows(mou, "name_signatory")


def can_agree(user: User, mou: Mou) -> bool:
    return _owns(user, mou.organisation) and text_allows(mou, "agree")


def can_return(user: User, mou: Mou) -> bool:
    return _owns(user, mou.organisation) and text_allows(mou, "return")


def can_publish(user: User, mou: Mou) -> bool:
    """Have the firm named in the public register, while there is something to name it for."""
    return _owns(user, mou.organisation) and mou.status == MouStatus.IN_FORCE


def can_unpublish(user: User, mou: Mou) -> bool:
    """Take that back, whatever became of the agreement."""
    return _owns(user, mou.organisation)


def can_answer_review(user: User, review: Review) -> bool:
    """Whoever may bind the firm may say how it went."""
    return (
        not user.is_staff
        and user.is_active
        and lifecycle.allows(lifecycle.REVIEW, "answer", review.status)
        and review.mou.organisation.memberships.filter(user=user, ended_at=None)
        .exclude(role=MembershipRole.MEMBER)
        .exists()
    )


# --- Either side ----------------------------------------------------------------------------


def can_give_notice(user: User, mou: Mou) -> bool:
    either = user.has_role(StaffRole.CASEWORKER) or _owns(user, mou.organisation)
    return either and _mou_allows(mou, "give_notice")


def can_take_notice_back(user: User, notice: Notice) -> bool:
    """The side that gave it."""
    if notice.is_immediate or notice.taken_back_at is not None:
        return False
    ours = notice.party == Party.ADMINISTRATION
    either = user.has_role(StaffRole.CASEWORKER) if ours else _owns(user, notice.mou.organisation)
    return either and _mou_allows(notice.mou, "take_notice_back")


def can_drop(user: User, mou: Mou) -> bool:
    """Either side lets an amendment go: without both there is none."""
    found = course.course_of(mou)
    return (
        isinstance(found, Amendment)
        and course.allows(found, "drop")
        and (user.has_role(StaffRole.CASEWORKER) or _owns(user, mou.organisation))
        and not is_signed_by_both(mou)
    )


def can_withdraw(user: User, mou: Mou) -> bool:
    return (
        _mou_allows(mou, "withdraw")
        and (user.has_role(StaffRole.CASEWORKER) or _owns(user, mou.organisation))
        and not is_signed_by_both(mou)
    )


def is_signed_by_both(mou: Mou) -> bool:
    """Both have signed and only the archive is missing: nobody takes that back."""
    return (
        course.course_of(mou).status == MouStatus.SIGNING
        and mou.versions.filter(status=VersionStatus.SEALING).exists()
    )


def party_of(user: User, mou: Mou) -> Any:
    """The party this person can act for."""
    return Party.ADMINISTRATION if user.is_staff else Party.BUSINESS


def _mou_allows(mou: Mou, verb: str) -> bool:
    return lifecycle.allows(lifecycle.MOU, verb, mou.status)


def text_allows(mou: Mou, verb: str) -> bool:
    """At the stage of the text in work: that of the agreement, or of its open amendment."""
    return course.allows(course.course_of(mou), verb)


def _owns(user: User, organisation: Organisation) -> bool:
    return (
        not user.is_staff
        and user.is_active
        and organisation.memberships.filter(
            user=user, ended_at=None, role=MembershipRole.OWNER
        ).exists()
    )
