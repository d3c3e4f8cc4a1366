"""Leads an assessment of risks to a state by the real actions."""

from __future__ import annotations

from mou.actions import risks
from mou.models import Mou, RiskAssessment, SharedRisks
from tests.factories import UserFactory
from tests.mou import survey_flows


def begun(mou: Mou) -> RiskAssessment:
    survey_flows.accepted(mou)
    return risks.begin_assessment(mou=mou, by=UserFactory(caseworker=True))


def settled(mou: Mou) -> RiskAssessment:
    return risks.settle(assessment=begun(mou), by=UserFactory(caseworker=True))


def shared(mou: Mou, *threats: str, note: str = "") -> SharedRisks:
    return risks.share(
        assessment=settled(mou),
        threats=threats or ["RIP_OFF", "INSIDER"],
        note=note,
        by=UserFactory(caseworker=True),
    )
