"""Who may say what about a clause: caseworkers, and those who bind the firm."""

from __future__ import annotations

from mou import course, lifecycle
from mou.models import ClauseProposal, Mou, Party
from portal.models import StaffRole, User
from portal.models.organisations import MembershipRole


def party_of(user: User, mou: Mou) -> str:
    """The side on whose behalf this person proposes and decides; empty for anybody else."""
    if user.has_role(StaffRole.CASEWORKER):
        return Party.ADMINISTRATION
    return Party.BUSINESS if _role(user, mou) == MembershipRole.OWNER else ""


def can_comment(user: User, mou: Mou) -> bool:
    """Either side, and of the firm the signatory as well."""
    speaks = bool(party_of(user, mou)) or _role(user, mou) == MembershipRole.SIGNATORY
    return speaks and course.allows(course.course_of(mou), "negotiate")


def can_propose_wording(user: User, mou: Mou) -> bool:
    return bool(party_of(user, mou)) and course.allows(course.course_of(mou), "negotiate")


def can_answer(user: User, proposal: ClauseProposal, verb: str) -> bool:
    """Accept, refuse or counter: the other side than proposed."""
    party = party_of(user, proposal.mou)
    return bool(party) and party != proposal.party and _open_for(proposal, verb)


def can_withdraw_wording(user: User, proposal: ClauseProposal) -> bool:
    """The side that proposed."""
    return party_of(user, proposal.mou) == proposal.party and _open_for(proposal, "withdraw")


def _open_for(proposal: ClauseProposal, verb: str) -> bool:
    text = course.course_of(proposal.mou)
    return course.allows(text, "settle") and lifecycle.allows(
        lifecycle.PROPOSAL, verb, proposal.status
    )


def _role(user: User, mou: Mou) -> str:
    if user.is_staff or not user.is_active:
        return ""
    own = mou.organisation.memberships.filter(user=user, ended_at=None).first()
    return own.role if own is not None else ""
