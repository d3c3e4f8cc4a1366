"""What both sides plan together, in the demonstration: risks, measures, activities, contacts."""

from __future__ import annotations

from mou.actions import risks
from mou.lifecycle import SurveyStatus
from mou.models import FlowSurvey, Mou, RiskAssessment
from portal.models import User


def plan(caseworker: User) -> None:
    """Of every agreement with an accepted survey; done before, it stays as it is."""
    accepted = FlowSurvey.objects.filter(status__in=[SurveyStatus.ACCEPTED, SurveyStatus.FROZEN])
    for number, survey in enumerate(accepted.select_related("mou__organisation").order_by("pk")):
        if not RiskAssessment.objects.filter(mou=survey.mou).exists():
            _assess(survey.mou, number % 3, caseworker)


def _assess(mou: Mou, stage: int, caseworker: User) -> None:
    """Every third is being rated, settled, or shared."""
    assessment = risks.begin_assessment(mou=mou, by=caseworker)
    rating = assessment.ratings.get(threat="INSIDER")
    risks.rate(
        rating=rating,
        likelihood=rating.likelihood,
        impact=rating.impact,
        override=14,
        reason="Two approaches to staff of the quay this year, in other firms.",
        revision=rating.revision,
        by=caseworker,
    )
    if stage == 1:
        return
    risks.settle(assessment=assessment, by=caseworker)
    if stage == 0:
        note = "Seals and release codes are where a little work helps most."
        threats = ["RIP_OFF", "PIN_FRAUD", "FALSE_SEAL", "INSIDER"]
        risks.share(assessment=assessment, threats=threats, note=note, by=caseworker)
