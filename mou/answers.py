"""Answers of a survey as they come from a page, as they are complete, and as they are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from mou import chapters
from mou.models import Answer, AnswerState
from mou.questionnaire import FLOWS, Question, Questionnaire

MOST_ROWS = 100
LONGEST = {"text": 5000, "cell": 300, "reason": 500}


@dataclass(frozen=True)
class Given:
    """What somebody typed for one question; `error` in words where it cannot be kept."""

    code: str
    state: str
    value: Any
    reason: str
    revision: int
    error: str = ""

    @property
    def is_empty(self) -> bool:
        return self.state == AnswerState.GIVEN and self.value in (None, "", [], {})


def plain(text: object) -> str:
    """What was typed, without the character that no database keeps."""
    return str(text).replace("\x00", "").strip()


def read(asked: Questionnaire, question: Question, data: Mapping[str, Any]) -> Given:
    """One question's fields out of a page that was sent."""
    state = data.get(f"{question.code}_state", AnswerState.GIVEN)
    state = state if state in AnswerState.values else AnswerState.GIVEN
    reason = " ".join(plain(data.get(f"{question.code}_reason", "")).split())
    reason = reason[: LONGEST["reason"]]
    typed = data.get(f"{question.code}_rev", "0")
    revision = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
    value, error = _value(asked, question, data)
    if state == AnswerState.NOT_APPLICABLE and not reason:
        error = _("Say why this does not apply to you.")
    elif state != AnswerState.GIVEN:
        error = ""
    return Given(question.code, state, value, reason, revision, error)


def _value(asked: Questionnaire, question: Question, data: Any) -> tuple[Any, str]:
    code = question.code
    if question.type == "table":
        rows = _rows(question, data)
        return rows, _wrong_chapters(rows)
    if question.type == "choice":
        known = dict(asked.choices(question))
        chosen = data.getlist(code) if hasattr(data, "getlist") else data.get(code, [])
        return [one for one in chosen if one in known], ""
    typed = plain(data.get(code, ""))
    if question.type in ("yesno", "maturity"):
        return (typed if typed in dict(asked.choices(question)) else ""), ""
    if question.type == "number" and typed:
        digits = typed.replace(" ", "")
        if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
            return typed, _("Enter a whole number, such as 12.")
        return digits, ""
    if len(typed) > LONGEST["text"]:
        most = {"count": LONGEST["text"]}
        return typed, _("Use at most %(count)d characters.") % most
    return typed, ""


def _rows(question: Question, data: Mapping[str, Any]) -> list[dict[str, str]]:
    """The rows of a table in which something stands."""
    found = []
    for number in range(MOST_ROWS):
        cells = {
            column: plain(data.get(f"{question.code}.{number}.{column}", ""))[: LONGEST["cell"]]
            for column, _heading in question.columns
        }
        if any(cells.values()):
            found.append(cells)
    return found


def _wrong_chapters(rows: list[dict[str, str]]) -> str:
    """Alerts go by the chapters of goods, so a line that says some of them wrongly is not kept."""
    for number, row in enumerate(rows, 1):
        if chapters.is_wrong(typed := row.get("chapter", "")):
            return _(
                "Line %(number)d: “%(typed)s” does not name HS chapters. "
                "Write numbers from 01 to 97, such as 22, 2203.00 or 61-63, or the goods in words."
            ) % {"number": number, "typed": typed}
    return ""


# --- Complete? ------------------------------------------------------------------------------


def is_answered(question: Question, answer: Answer | None) -> bool:
    """Whether nothing more is needed: an answer, that it is not known, or why it does not apply."""
    if answer is None:
        return question.optional
    return (
        answer.state != AnswerState.GIVEN or answer.value not in (None, "", []) or question.optional
    )


def lacking(asked: Questionnaire, answers: Mapping[str, Answer]) -> list[Question]:
    """What is still to be answered, or was given back and not touched since."""
    return [
        question
        for code, question in asked.questions.items()
        if not is_answered(question, answers.get(code))
        or (code in answers and answers[code].remark)
    ]


def flows_covered(asked: Questionnaire, answers: Mapping[str, Answer]) -> set[str]:
    """The flows of which something was told (domain, acceptance test 3)."""
    return {
        question.flow
        for code, question in asked.questions.items()
        if question.flow in FLOWS
        and code in answers
        and answers[code].state == AnswerState.GIVEN
        and answers[code].value not in (None, "", [])
    }


# --- Read -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Shown:
    """One question with its answer in words; `rows` instead where it is a table."""

    question: Question
    text: str
    rows: list[list[str]] = field(default_factory=list)
    remark: str = ""
    before: str = ""
    before_rows: list[list[str]] = field(default_factory=list)
    is_changed: bool = False


def shown(
    asked: Questionnaire,
    questions: Iterable[Question],
    answers: Mapping[str, Answer],
    before: Mapping[str, Answer] | None = None,
) -> list[Shown]:
    """Answers in words, each beside what it was in the survey before."""
    found = []
    for question in questions:
        answer = answers.get(question.code)
        text, rows = words(asked, question, answer)
        old_text, old_rows = words(asked, question, (before or {}).get(question.code))
        changed = before is not None and (text, rows) != (old_text, old_rows)
        remark = answer.remark if answer else ""
        found.append(Shown(question, text, rows, remark, old_text, old_rows, changed))
    return found


def words(
    asked: Questionnaire, question: Question, answer: Answer | None
) -> tuple[str, list[list[str]]]:
    """An answer as a reader sees it: a text, and the rows of a table."""
    if answer is None:
        return "", []
    if answer.state != AnswerState.GIVEN:
        reason = f": {answer.reason}" if answer.reason else ""
        return f"{answer.get_state_display()}{reason}", []
    if question.type == "table":
        return "", [
            [row.get(code, "") for code, _h in question.columns] for row in answer.value or []
        ]
    if question.type in ("choice", "yesno", "maturity"):
        known = dict(asked.choices(question))
        chosen = answer.value if isinstance(answer.value, list) else [answer.value]
        return "\n".join(known.get(one, one) for one in chosen if one), []
    return str(answer.value or ""), []
