"""How well a firm is prepared, out of its survey: what a rating of risks rests on."""

from __future__ import annotations

from collections.abc import Iterable

from mou.models import AnswerState, FlowSurvey
from mou.questionnaire import questionnaire


def maturity_of(survey: FlowSurvey, codes: Iterable[str]) -> float | None:
    """The mean of the levels (0 to 4) given to these questions.

    What is not known or not answered counts as nothing arranged; what does not apply is left out.
    None where nothing of it applies.
    """
    asked = questionnaire(survey.version).questions
    wanted = [code for code in codes if code in asked and asked[code].type == "maturity"]
    known = {one.code: one for one in survey.answers.filter(code__in=wanted)}
    levels = []
    for code in wanted:
        answer = known.get(code)
        if answer is not None and answer.state == AnswerState.NOT_APPLICABLE:
            continue
        given = answer is not None and answer.state == AnswerState.GIVEN
        levels.append(int(answer.value or 0) if given and answer is not None else 0)
    return sum(levels) / len(levels) if levels else None
