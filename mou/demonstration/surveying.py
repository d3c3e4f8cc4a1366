"""Invented answers to the survey of flows, in every state a survey can be in."""

from __future__ import annotations

from typing import Any

from mou.actions import surveys
from mou.answers import Given
from mou.models import AnswerState, FlowSurvey, Mou
from mou.questionnaire import NEWEST, Question, questionnaire
from portal.models import User

LANES: list[tuple[str, ...]] = [
    ("Rotterdam", "Göteborg", "Kiel Canal", "sea", "120"),
    ("Göteborg", "Malmö", "E6", "road", "340"),
    ("Hamburg", "Malmö", "Puttgarden", "rail", "60"),
    ("Schiphol", "Landvetter", "", "air", "25"),
]
TABLES: dict[str, list[tuple[str, ...]]] = {
    "A2": [("Terminal 3, Göteborg", "Storage and repacking", "06–22")],
    "A3": [("Norrvik Holding AB", "Sweden", "100 %")],
    "A4": [("Security desk", "Telephone, day and night", "always")],
    "B6": LANES,
    "C16": [("Fruit", "08", "40 million"), ("Machine parts", "84", "12 million")],
    "D25": [("Terminal system", "Positions and release", "an interface")],
    "D26": [("Shift leaders", "Positions", "To plan the yard")],
    "D32": [("Arrival times", "Hauliers", "A portal")],
}
SAID: dict[str, Any] = {
    "choice": ["none"],
    "yesno": "no",
    "number": "4",
    "text": "In March; two systems came back within the hour.",
}


def answer(mou: Mou, target: str, owner: User, caseworker: User) -> None:
    """Lead the survey of this agreement there; done before, it stays as it is."""
    if FlowSurvey.objects.filter(mou=mou).exists():
        return
    survey = surveys.begin_survey(mou=mou, by=owner)
    asked = [one for one in questionnaire(NEWEST).questions.values() if one.type != "file"]
    given = asked[:12] if target == "begun" else asked
    surveys.answer(survey=survey, given=[_given(one) for one in given], by=owner)
    if target == "begun":
        return
    surveys.submit_survey(survey=survey, by=owner)
    if target == "returned":
        remark = "Which of these hauliers did you choose yourself?"
        surveys.return_questions(survey=survey, remarks={"B7": remark}, by=caseworker)
    if target == "accepted":
        surveys.accept_survey(survey=survey, by=caseworker)


def _given(question: Question) -> Given:
    return Given(question.code, AnswerState.GIVEN, _value(question), "", 0)


def _value(question: Question) -> Any:
    if question.type == "table":
        codes = [code for code, _heading in question.columns]
        return [dict(zip(codes, row, strict=True)) for row in TABLES[question.code]]
    if question.code == "A1":
        return ["warehouse", "forwarder"]
    if question.type == "maturity":
        return str(1 + int(question.code[1:]) % 3)
    return SAID[question.type]
