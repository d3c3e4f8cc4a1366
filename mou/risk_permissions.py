"""Who may do what to a risk assessment: caseworkers rate and share, the desk reads."""

from __future__ import annotations

from mou import lifecycle
from mou.models import Mou, RiskAssessment
from mou.models.agreements import ENDED
from portal.models import StaffRole, User


def can_begin(user: User, mou: Mou) -> bool:
    return user.has_role(StaffRole.CASEWORKER) and mou.status not in ENDED


def can_rate(user: User, assessment: RiskAssessment) -> bool:
    return _may(user, assessment, "rate")


def can_settle(user: User, assessment: RiskAssessment) -> bool:
    return _may(user, assessment, "settle")


def can_share(user: User, assessment: RiskAssessment) -> bool:
    return _may(user, assessment, "share")


def _may(user: User, assessment: RiskAssessment, verb: str) -> bool:
    return can_begin(user, assessment.mou) and lifecycle.allows(
        lifecycle.RISK, verb, assessment.status
    )
