"""Leads a survey to a state by the real actions."""

from __future__ import annotations

from typing import Any

from mou.actions import surveys
from mou.answers import Given
from mou.models import AnswerState, FlowSurvey, Mou
from mou.questionnaire import Question, questionnaire
from portal.models import User
from tests.factories import UserFactory

LANE = {
    "origin": "Rotterdam",
    "destination": "Göteborg",
    "route": "Kiel",
    "mode": "sea",
    "volume": "40",
}


def owner(mou: Mou) -> User:
    found: User = mou.organisation.memberships.get(role="owner").user
    return found


VALUES: dict[str, Any] = {
    "choice": ["none"],
    "yesno": "yes",
    "maturity": "2",
    "number": "7",
    "text": "In May, without a fault.",
}


def value(question: Question) -> Any:
    if question.code == "B6":
        return [LANE]
    if question.type == "table":
        return [{code: f"{heading} 1" for code, heading in question.columns}]
    if question.code == "A1":
        return ["warehouse"]
    return VALUES[question.type]


def given(question: Question, revision: int = 0, **changes: Any) -> Given:
    fields = {"state": AnswerState.GIVEN, "value": value(question), "reason": ""} | changes
    return Given(question.code, revision=revision, **fields)


def begun(mou: Mou) -> FlowSurvey:
    return surveys.begin_survey(mou=mou, by=owner(mou))


def answered(mou: Mou) -> FlowSurvey:
    survey = begun(mou)
    asked = questionnaire().questions.values()
    every = [given(one) for one in asked if one.type != "file"]
    surveys.answer(survey=survey, given=every, by=owner(mou))
    return survey


def submitted(mou: Mou) -> FlowSurvey:
    return surveys.submit_survey(survey=answered(mou), by=owner(mou))


def accepted(mou: Mou) -> FlowSurvey:
    return surveys.accept_survey(survey=submitted(mou), by=UserFactory(caseworker=True))
