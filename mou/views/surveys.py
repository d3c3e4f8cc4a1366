"""The survey on the firm's pages: a task list, one section a page, files, the map, sending it."""

from __future__ import annotations

import uuid as uuids
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from mou import answers as reading
from mou import flow_map
from mou import survey_permissions as permissions
from mou.actions import surveys
from mou.answers import Given
from mou.lifecycle import SurveyStatus
from mou.models import Answer, AnswerFile, AnswerState, FlowSurvey, Mou
from mou.questionnaire import NEWEST, Question, Questionnaire, Section, questionnaire
from mou.views.agreements import get_agreement
from portal import audit, sent_files
from portal.errors import DomainError, NotAllowed, shows_domain_errors
from portal.models import User
from portal.requests import PersonRequest

SPARE_ROWS = 1


@dataclass
class Row:
    """One question as its page shows it."""

    question: Question
    given: Given
    choices: list[tuple[str, str]]
    is_open: bool
    remark: str = ""
    theirs: str = ""
    theirs_rows: list[list[str]] = field(default_factory=list)
    conflict: bool = False
    spare: int = SPARE_ROWS

    @property
    def chosen(self) -> set[str]:
        value = self.given.value
        return set(value) if isinstance(value, list) else {str(value)}

    @property
    def lines(self) -> list[list[tuple[str, str, str]]]:
        """Of a table: each row's cells as name of the field, heading, and what stands in it."""
        rows = [*(self.given.value or []), *({} for _spare in range(self.spare))]
        code = self.question.code
        return [
            [(f"{code}.{n}.{c}", h, row.get(c, "")) for c, h in self.question.columns]
            for n, row in enumerate(rows[: reading.MOST_ROWS])
        ]


class Surveyed:
    """The survey that a request is about, with its answers read once."""

    def __init__(self, request: PersonRequest, uuid: uuids.UUID) -> None:
        self.user = request.user
        self.mou: Mou = get_agreement(request, uuid)
        found = surveys.current(self.mou)
        if found is not None:
            found.mou = self.mou
        self.survey: FlowSurvey | None = found
        self.asked: Questionnaire = questionnaire(found.version if found else NEWEST)
        self.answers: dict[str, Answer] = (
            {one.code: one for one in found.answers.all()} if found else {}
        )

    def demand(self) -> FlowSurvey:
        if self.survey is None:
            raise Http404
        return self.survey

    def questions(self, section: Section) -> list[Question]:
        """What of this section the reader may know."""
        return [one for one in section.questions if permissions.may_read(self.user, self.mou, one)]

    @cached_property
    def may_answer(self) -> bool:
        return self.survey is not None and permissions.can_answer(self.user, self.survey)

    def is_open(self, question: Question) -> bool:
        survey = self.demand()
        if not self.may_answer:
            return False
        answer = self.answers.get(question.code)
        return survey.status == SurveyStatus.OPEN or (answer is not None and bool(answer.remark))


def survey(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """How far the survey is, section by section."""
    found = Surveyed(request, uuid)
    context: dict[str, Any] = {"mou": found.mou, "survey": found.survey}
    if found.survey is None or found.survey.status == SurveyStatus.FROZEN:
        context["may_begin"] = permissions.can_begin(request.user, found.mou)
    if found.survey is not None:
        lacking = reading.lacking(found.asked, found.answers)
        context |= {
            "tasks": [_task(found, section, lacking) for section in found.asked.sections],
            "may_submit": permissions.can_submit(request.user, found.survey),
            "lacking": lacking,
            "map": flow_map.draw(found.answers),
        }
    return render(request, "mou/survey.html", context)


def _task(found: Surveyed, section: Section, lacking: list[Question]) -> dict[str, str]:
    questions = found.questions(section)
    left = [one for one in questions if one in lacking]
    begun = any(one.code in found.answers for one in questions)
    returned = any(
        one.code in found.answers and found.answers[one.code].remark for one in questions
    )
    task = {
        "text": f"{section.code}. {_(section.title)}",
        "url": reverse("mou:survey_section", args=[found.mou.uuid, section.code]),
        "hint": _("%(done)d of %(all)d answered")
        % {"done": len(questions) - len(left), "all": len(questions)},
    }
    if returned:
        return task | {"status": _("Open again"), "colour": "red"}
    if not left:
        return task | {"status": _("Done"), "colour": "green"}
    if begun:
        return task | {"status": _("In progress"), "colour": "blue"}
    return task | {"status": _("Not begun"), "colour": "grey"}


@require_POST
@shows_domain_errors("mou:survey")
def begin_survey(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """Begin, or begin anew for a text to come."""
    mou = get_agreement(request, uuid)
    surveys.begin_survey(mou=mou, by=request.user)
    return redirect("mou:survey", mou.uuid)


def section(request: PersonRequest, uuid: uuids.UUID, code: str) -> HttpResponse:
    """One section: whatever stands there is kept; wrong or contested answers come back."""
    found = Surveyed(request, uuid)
    shown = found.asked.section(code)
    if shown is None or found.survey is None:
        raise Http404
    questions = found.questions(shown)
    if request.method != "POST":
        return _page(request, found, shown, [_row(found, one) for one in questions])
    open_ones = [one for one in questions if found.is_open(one)]
    # Handed in while somebody typed: nothing is kept then, and nothing typed is lost.
    late = not open_ones and found.survey.status != SurveyStatus.FROZEN
    given = [reading.read(found.asked, one, request.POST) for one in open_ones or questions]
    conflicts: dict[str, Answer] = {}
    try:
        conflicts = surveys.answer(survey=found.survey, given=given, by=request.user)
    except NotAllowed as error:
        raise Http404 from error
    except DomainError as error:
        messages.error(request, str(error))
        late = True
    wrong = [one for one in given if one.error]
    if not conflicts and not wrong and not late and "add" not in request.POST:
        messages.success(request, _("Kept."))
        return redirect("mou:survey", found.mou.uuid)
    kept = Surveyed(request, uuid)
    typed = {one.code: one for one in given if late or one.error or one.code in conflicts}
    rows = [_row(kept, one, typed.get(one.code), one.code in conflicts) for one in questions]
    for row in rows:
        row.spare = 4 if row.question.code == request.POST.get("add") else SPARE_ROWS
    return _page(request, kept, shown, rows)


def _row(
    found: Surveyed, question: Question, typed: Given | None = None, conflict: bool = False
) -> Row:
    """With what is kept, or with what was typed and could not be kept."""
    stored = found.answers.get(question.code)
    revision = stored.revision if stored else 0
    if typed is not None:
        given = Given(typed.code, typed.state, typed.value, typed.reason, revision, typed.error)
    elif stored is not None:
        given = Given(question.code, stored.state, stored.value, stored.reason, revision)
    else:
        given = Given(question.code, AnswerState.GIVEN, None, "", 0)
    theirs, theirs_rows = reading.words(found.asked, question, stored) if conflict else ("", [])
    return Row(
        question,
        given,
        found.asked.choices(question) if question.type in ("choice", "yesno", "maturity") else [],
        found.is_open(question),
        remark=stored.remark if stored else "",
        theirs=theirs,
        theirs_rows=theirs_rows,
        conflict=conflict,
    )


def _page(
    request: PersonRequest, found: Surveyed, section: Section, rows: list[Row]
) -> HttpResponse:
    kept_files = AnswerFile.objects.filter(survey=found.survey).order_by("pk")
    context = {
        "mou": found.mou,
        "section": section,
        "rows": rows,
        "files": {file.code: [] for file in kept_files},
        "states": AnswerState.choices,
        "may_save": any(row.is_open for row in rows),
        "problems": [row for row in rows if row.given.error or row.conflict],
    }
    for file in kept_files:
        context["files"][file.code].append(file)  # type: ignore[index]
    return render(request, "mou/survey_section.html", context)


def check(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """All answers on one page, before they are sent and after."""
    found = Surveyed(request, uuid)
    survey = found.demand()
    before = None
    if survey.previous_id:
        before = {one.code: one for one in Answer.objects.filter(survey=survey.previous_id)}
    context = {
        "mou": found.mou,
        "survey": survey,
        "sections": [
            (one, reading.shown(found.asked, found.questions(one), found.answers, before))
            for one in found.asked.sections
        ],
        "lacking": reading.lacking(found.asked, found.answers),
        "may_submit": permissions.can_submit(request.user, survey),
        "compared": before is not None,
    }
    return render(request, "mou/survey_check.html", context)


@require_POST
@shows_domain_errors("mou:survey_check")
def submit_survey(request: PersonRequest, uuid: uuids.UUID) -> HttpResponse:
    """Hand it over."""
    found = Surveyed(request, uuid)
    surveys.submit_survey(survey=found.demand(), by=request.user)
    messages.success(request, _("The survey is with the administration."))
    return redirect("mou:survey", found.mou.uuid)


@sent_files.takes_files
@shows_domain_errors("mou:survey")
def add_file(request: PersonRequest, uuid: uuids.UUID, code: str) -> HttpResponse:
    """A file beside an answer."""
    if request.method != "POST":
        raise Http404
    found = Surveyed(request, uuid)
    question = found.asked.questions.get(code)
    if question is None or question.type != "file":
        raise Http404
    file = request.FILES.get("file")
    sent = sent_files.read(file) if file is not None else sent_files.Sent("", b"")
    surveys.add_file(survey=found.demand(), code=code, sent=sent, by=request.user)
    messages.success(request, _("The file is kept."))
    return redirect("mou:survey_section", found.mou.uuid, code[0])


def file(request: PersonRequest, uuid: uuids.UUID, file: uuids.UUID) -> HttpResponse:
    """A file that the firm added, for those of the firm who may read the answer."""
    mou = get_agreement(request, uuid)
    kept = get_object_or_404(
        AnswerFile.objects.select_related("survey"), survey__mou=mou, uuid=file
    )
    question = questionnaire(kept.survey.version).questions.get(kept.code)
    if question is not None and not permissions.may_read(request.user, mou, question):
        raise Http404
    return file_response(kept, mou, by=request.user)


def file_response(kept: AnswerFile, mou: Mou, *, by: User) -> HttpResponse:
    """As an attachment: never shown in a page of ours; who got it is recorded."""
    audit.record(
        "survey_file_downloaded",
        target=kept,
        by=by,
        kind="disclosure",
        organisation=mou.organisation,
        sha256=kept.sha256,
    )
    return sent_files.response(kept.path, kept.name)
