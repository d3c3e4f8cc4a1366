"""Who may do what to a survey: the firm answers it, officers read, return and accept it."""

from __future__ import annotations

from mou import lifecycle
from mou.models import FlowSurvey, Mou
from mou.models.agreements import ENDED
from mou.questionnaire import Question
from portal.models import StaffRole, User
from portal.models.organisations import MembershipRole


def role_of(user: User, mou: Mou) -> str:
    """The reader's role in the firm; empty for anybody else."""
    if user.is_staff or not user.is_active:
        return ""
    own = mou.organisation.memberships.filter(user=user, ended_at=None).first()
    return own.role if own is not None else ""


def _allows(survey: FlowSurvey, verb: str) -> bool:
    return lifecycle.allows(lifecycle.SURVEY, verb, survey.status)


def can_begin(user: User, mou: Mou) -> bool:
    return mou.status not in ENDED and bool(role_of(user, mou))


def can_answer(user: User, survey: FlowSurvey) -> bool:
    return bool(role_of(user, survey.mou)) and _allows(survey, "answer")


def can_submit(user: User, survey: FlowSurvey) -> bool:
    return role_of(user, survey.mou) == MembershipRole.OWNER and _allows(survey, "submit")


def can_return(user: User, survey: FlowSurvey) -> bool:
    return user.has_role(StaffRole.CASEWORKER) and _allows(survey, "return")


def can_accept(user: User, survey: FlowSurvey) -> bool:
    return user.has_role(StaffRole.CASEWORKER) and _allows(survey, "accept")


def may_read(user: User, mou: Mou, question: Question) -> bool:
    """A restricted answer is for those who bind the firm, and for the desk."""
    binding = (MembershipRole.OWNER, MembershipRole.SIGNATORY)
    return not question.restricted or user.is_staff or role_of(user, mou) in binding
