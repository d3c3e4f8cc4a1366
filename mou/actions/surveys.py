"""The survey of flows: begun, answered by several people, returned, accepted, frozen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from mou import answers as reading
from mou import lifecycle, notifications
from mou import survey_permissions as permissions
from mou.actions.alerts import promise_standing
from mou.actions.locking import lock
from mou.answers import Given
from mou.lifecycle import MouStatus, SurveyStatus
from mou.models import Answer, AnswerFile, FlowSurvey, Mou
from mou.questionnaire import FLOWS, NEWEST, questionnaire
from portal import audit, files, sent_files
from portal.errors import DomainError, NotAllowed
from portal.models import User
from portal.sent_files import Sent

MOST_FILES = 20


@transaction.atomic
def begin_survey(*, mou: Mou, by: User) -> FlowSurvey:
    """Somebody of the firm begins; the answers of the last survey stand there already."""
    mou = lock(mou)
    if not permissions.can_begin(by, mou):
        raise NotAllowed(_("Only people of the firm answer its survey."))
    open_one = current(mou)
    if open_one is not None and open_one.status != SurveyStatus.FROZEN:
        return open_one
    survey = FlowSurvey.objects.create(mou=mou, version=NEWEST, previous=open_one, begun_by=by)
    if open_one is not None:
        kept = open_one.answers.filter(code__in=questionnaire(NEWEST).questions)
        fields = ("code", "state", "value", "reason")
        Answer.objects.bulk_create(
            Answer(survey=survey, changed_by=by, **{name: getattr(one, name) for name in fields})
            for one in kept
        )
    audit.record("survey_begun", target=mou, by=by, organisation=mou.organisation)
    return survey


@transaction.atomic
def answer(*, survey: FlowSurvey, given: Iterable[Given], by: User) -> dict[str, Answer]:
    """Keep what was changed; returns the answers that somebody else changed meanwhile, untouched.

    Each question by itself: two people on one page lose nothing unless both changed one answer.
    An answer that was given back and is sent again as it was counts as confirmed.
    """
    survey = _lock(survey)
    given, asked = list(given), questionnaire(survey.version).questions
    may = all(permissions.may_read(by, survey.mou, asked[one.code]) for one in given)
    _demand(may and permissions.can_answer(by, survey), "answer", survey)
    known = {one.code: one for one in survey.answers.all()}
    conflicts: dict[str, Answer] = {}
    for one in given:
        stored = known.get(one.code)
        if one.error or not _is_open(survey, stored):
            continue
        if _is_same(stored, one) and not (stored and stored.remark):
            continue
        if stored is not None and stored.revision != one.revision:
            conflicts[one.code] = stored
        else:
            _keep(survey, stored, one, by)
    return conflicts


@transaction.atomic
def submit_survey(*, survey: FlowSurvey, by: User) -> FlowSurvey:
    """An owner hands the survey over, once every question is answered."""
    survey = _lock(survey)
    _demand(permissions.can_submit(by, survey), "submit", survey)
    asked = questionnaire(survey.version)
    if left := reading.lacking(asked, {one.code: one for one in survey.answers.all()}):
        raise DomainError(
            _("These questions are still to be answered: %(codes)s.")
            % {"codes": ", ".join(question.code for question in left)}
        )
    survey.status = lifecycle.after(lifecycle.SURVEY, "submit", survey.status)
    survey.submitted_at, survey.submitted_by = timezone.now(), by
    survey.save(update_fields=["status", "submitted_at", "submitted_by"])
    _told("survey_submitted", survey, by)
    if survey.mou.status == MouStatus.IN_FORCE:
        # What is known of its goods has changed: alerts for these reach it from now on.
        promise_standing(survey.mou)
    return survey


@transaction.atomic
def return_questions(*, survey: FlowSurvey, remarks: Mapping[str, str], by: User) -> FlowSurvey:
    """An officer gives single questions back, each with a remark; only these are open again."""
    survey = _lock(survey)
    _demand(permissions.can_return(by, survey), "return", survey)
    said = {code: reading.plain(text) for code, text in remarks.items() if reading.plain(text)}
    if not said or not set(said) <= set(questionnaire(survey.version).questions):
        raise DomainError(_("Write a remark beside each question that is to be answered again."))
    for code, remark in said.items():
        Answer.objects.update_or_create(
            survey=survey,
            code=code,
            defaults={"remark": remark},
            create_defaults={"remark": remark, "state": "given", "changed_by": by},
        )
    survey.status = lifecycle.after(lifecycle.SURVEY, "return", survey.status)
    survey.save(update_fields=["status"])
    _told("survey_returned", survey, by)
    return survey


@transaction.atomic
def accept_survey(*, survey: FlowSurvey, by: User) -> FlowSurvey:
    """An officer has read it: the text may rest on it."""
    survey = _lock(survey)
    _demand(permissions.can_accept(by, survey), "accept", survey)
    survey.status = lifecycle.after(lifecycle.SURVEY, "accept", survey.status)
    survey.accepted_at, survey.accepted_by = timezone.now(), by
    survey.save(update_fields=["status", "accepted_at", "accepted_by"])
    _told("survey_accepted", survey, by)
    return survey


def note_for_text(mou: Mou, survey_note: str) -> str:
    """Why no survey was made, as the text says it; empty where one of all three flows was accepted.

    DomainError where there is neither (domain, acceptance test 3).
    """
    survey = current(mou)
    if survey is not None and survey.status in (SurveyStatus.ACCEPTED, SurveyStatus.FROZEN):
        known = {one.code: one for one in survey.answers.all()}
        if set(FLOWS) <= reading.flows_covered(questionnaire(survey.version), known):
            return ""
    if not survey_note.strip():
        raise DomainError(
            _(
                "There is no accepted survey of transport, goods and information flows. "
                "Accept one first, or say why none was made."
            )
        )
    return survey_note


def freeze(mou: Mou) -> None:
    """In the caller's transaction, with the agreed text: nobody changes the answers any more."""
    survey = FlowSurvey.objects.filter(mou=mou, status=SurveyStatus.ACCEPTED).first()
    if survey is None:
        return
    survey = _lock(survey)
    told = {one.code: [one.state, one.value, one.reason] for one in survey.answers.all()}
    text = json.dumps(told, sort_keys=True, ensure_ascii=False)
    survey.answers_hash = hashlib.sha256(text.encode()).hexdigest()
    survey.status = lifecycle.after(lifecycle.SURVEY, "freeze", survey.status)
    survey.frozen_at = timezone.now()
    survey.save(update_fields=["status", "frozen_at", "answers_hash"])


@transaction.atomic
def add_file(*, survey: FlowSurvey, code: str, sent: Sent, by: User) -> AnswerFile:
    """A file beside an answer: PDF, PNG or JPEG by what it begins with, at most 10 MB."""
    survey = _lock(survey)
    _demand(permissions.can_answer(by, survey), "answer", survey)
    if not _is_open(survey, survey.answers.filter(code=code).first()):
        raise DomainError(_("This question is not open now."))
    if survey.files.count() >= MOST_FILES:
        raise DomainError(_("At most %(count)d files can be kept.") % {"count": MOST_FILES})
    known = sent_files.know(sent)
    file = AnswerFile(survey=survey, code=code, added_by=by, **asdict(known))
    files.put(file.path, sent.data)
    file.save()
    audit.record(
        "survey_file_added",
        target=survey.mou,
        by=by,
        organisation=survey.mou.organisation,
        sha256=file.sha256,
    )
    return file


def current(mou: Mou) -> FlowSurvey | None:
    """The newest survey of this agreement."""
    return FlowSurvey.objects.filter(mou=mou).order_by("-pk").first()


def _is_same(stored: Answer | None, given: Given) -> bool:
    if stored is None:
        return given.is_empty
    same = (stored.state, stored.reason) == (given.state, given.reason)
    return same and (stored.value or None) == (given.value or None)


def _is_open(survey: FlowSurvey, stored: Answer | None) -> bool:
    """Of a survey that was given back only the questions with a remark."""
    if survey.status != SurveyStatus.RETURNED:
        return True
    return stored is not None and bool(stored.remark)


def _keep(survey: FlowSurvey, stored: Answer | None, given: Given, by: User) -> None:
    kept = stored or Answer(survey=survey, code=given.code, revision=0)
    kept.state, kept.value, kept.reason = given.state, given.value, given.reason
    kept.revision, kept.changed_at, kept.changed_by = kept.revision + 1, timezone.now(), by
    kept.remark = ""
    kept.save()


def _told(event: str, survey: FlowSurvey, by: User) -> None:
    audit.record(event, target=survey.mou, by=by, organisation=survey.mou.organisation)
    notifications.notify(event, mou=survey.mou)


def _demand(allowed: bool, verb: str, survey: FlowSurvey) -> None:
    if not allowed:
        lifecycle.after(lifecycle.SURVEY, verb, survey.status)
        raise NotAllowed(_("You may not do this with the survey."))


def _lock(survey: FlowSurvey) -> FlowSurvey:
    found = FlowSurvey.objects.select_for_update(of=("self",)).select_related("mou__organisation")
    return found.get(pk=survey.pk)
