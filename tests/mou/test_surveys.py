"""The survey of flows: answered by several people, returned, accepted, frozen, drawn."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings as settings_of
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mou import answers, flow_map
from mou.actions import drafting, surveys
from mou.lifecycle import SurveyStatus
from mou.maturity import maturity_of
from mou.models import Answer, AnswerFile, AnswerState, FlowSurvey
from mou.questionnaire import TYPES, questionnaire
from portal import reference_files
from portal.errors import DomainError, InvalidTransition, NotAllowed
from portal.models import AuditEvent
from portal.sent_files import Sent
from tests.factories import MembershipFactory, UserFactory
from tests.mou import flows, survey_flows
from tests.mou.living import in_force, owner
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
ASKED = questionnaire()
Q = ASKED.questions


@pytest.fixture(autouse=True)
def lists():
    reference_files.load()


@pytest.fixture
def officer():
    return UserFactory(caseworker=True)


@pytest.fixture
def mou():
    return in_force("Norrvik AB")


def colleague(mou, role="member"):
    return MembershipFactory(organisation=mou.organisation, role=role).user


def answer(survey, code, by, revision=0, **changes):
    asked = [survey_flows.given(Q[code], revision, **changes)]
    return surveys.answer(survey=survey, given=asked, by=by)


def kept(survey, code) -> Any:
    return Answer.objects.get(survey=survey, code=code).value


# --- The questions --------------------------------------------------------------------------


def test_questionnaire_asks_all_there_is_to_ask():
    assert len(Q) == 44
    assert {one.flow for one in Q.values()} == {"", "transport", "goods", "information"}
    assert {one.type for one in Q.values()} == set(TYPES)
    assert [one.code for one in ASKED.sections] == list("ABCDEFGH")
    assert all(one.columns for one in Q.values() if one.type == "table")
    assert [code for code, one in Q.items() if one.restricted] == ["F39"]


# --- Answering together ---------------------------------------------------------------------


def test_two_people_answer_different_questions_of_one_page(mou):
    survey = survey_flows.begun(mou)
    other = colleague(mou)
    assert answer(survey, "B7", owner(mou), value="10") == {}
    assert answer(survey, "B8", other, value="3") == {}
    assert (kept(survey, "B7"), kept(survey, "B8")) == ("10", "3")


def test_two_people_change_one_answer_and_the_second_is_told(mou):
    survey = survey_flows.begun(mou)
    other = colleague(mou)
    answer(survey, "B7", owner(mou), value="10")
    conflicts = answer(survey, "B7", other, value="20")
    assert list(conflicts) == ["B7"]
    assert kept(survey, "B7") == "10"
    assert answer(survey, "B7", other, revision=1, value="20") == {}
    assert kept(survey, "B7") == "20"


def test_same_answer_typed_twice_is_no_conflict(mou):
    survey = survey_flows.begun(mou)
    answer(survey, "B7", owner(mou), value="10")
    assert answer(survey, "B7", colleague(mou), value="10") == {}
    assert Answer.objects.get().revision == 1


def test_page_keeps_what_is_right_and_gives_back_what_is_wrong(client, mou):
    survey = survey_flows.begun(mou)
    client.force_login(owner(mou))
    page = reverse("mou:survey_section", args=[mou.uuid, "B"])
    told = {"B7": "many", "B8": "3", "B9_state": "not_applicable", "B6.0.origin": "Kiel"}
    shown = client.post(page, told).content.decode()
    assert "Enter a whole number" in shown
    assert 'value="many"' in shown
    assert "Say why this does not apply" in shown
    assert set(survey.answers.values_list("code", flat=True)) == {"B6", "B8"}


def test_line_of_which_some_chapters_are_wrong_is_refused_whole(client, mou):
    survey = survey_flows.begun(mou)
    client.force_login(owner(mou))
    page = reverse("mou:survey_section", args=[mou.uuid, "C"])
    told = {"C16.0.commodity": "Fruit", "C16.0.chapter": "08", "C16.1.chapter": "24, 99"}
    shown = client.post(page, told).content.decode()
    assert "Line 2: “24, 99” does not name HS chapters." in shown
    assert 'value="24, 99"' in shown
    assert 'value="Fruit"' in shown
    assert not survey.answers.exists()
    client.post(page, told | {"C16.1.chapter": "toys"})
    assert len(survey.answers.get(code="C16").value) == 2


def test_page_shows_both_answers_where_two_changed_one(client, mou):
    survey = survey_flows.begun(mou)
    answer(survey, "D30", colleague(mou), value="Theirs, in May")
    client.force_login(owner(mou))
    page = reverse("mou:survey_section", args=[mou.uuid, "D"])
    shown = client.post(page, {"D30": "Mine, in June", "D30_rev": "0"}).content.decode()
    assert "Theirs, in May" in shown
    assert "Mine, in June" in shown
    client.post(page, {"D30": "Mine, in June", "D30_rev": "1"})
    assert kept(survey, "D30") == "Mine, in June"


def test_nul_is_left_out_wherever_it_is_typed(client, mou, officer):
    survey = survey_flows.answered(mou)
    client.force_login(owner(mou))
    page = reverse("mou:survey_section", args=[mou.uuid, "D"])
    told = {"D30": "a\x00b", "D31_state": "not_applicable", "D31_reason": "no\x00ne"}
    told |= {"D25.0.system": "x\x00y", "D25_rev": "1", "D30_rev": "1", "D31_rev": "1"}
    client.post(page, told)
    assert (kept(survey, "D30"), kept(survey, "D25")[0]["system"]) == ("ab", "xy")
    assert Answer.objects.get(survey=survey, code="D31").reason == "none"
    upload(client, mou, b"%PDF-1.7", "pol\x00icy.pdf")
    surveys.submit_survey(survey=survey, by=owner(mou))
    desk = at_the_desk(Client(), officer)
    desk.post(reverse("admin:mou_mou_return_questions", args=[mou.pk]), {"remark_B7": "w\x00hy"})
    assert Answer.objects.get(survey=survey, code="B7").remark == "why"


def test_table_grows_and_shrinks_without_script(client, mou):
    survey = survey_flows.begun(mou)
    client.force_login(owner(mou))
    page = reverse("mou:survey_section", args=[mou.uuid, "A"])
    told = {"A2.0.site": "Quay 1", "A2.1.site": "Quay 2", "add": "A2"}
    shown = client.post(page, told).content.decode()
    assert 'name="A2.5.site"' in shown
    client.post(page, {"A2.0.site": "", "A2.1.site": "Quay 2", "A2_rev": "1"})
    assert [row["site"] for row in kept(survey, "A2")] == ["Quay 2"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(
    st.dictionaries(
        st.sampled_from(
            [
                f"{code}{end}"
                for code in ("A1", "A2", "B6.0.mode", "B7", "B8", "C19", "D30")
                for end in ("", "_state", "_reason", "_rev")
            ]
        ),
        st.text(),
    ),
    st.sampled_from("ABCD"),
)
def test_anything_typed_is_answered(client, mou, told, section):
    survey_flows.begun(mou)
    client.force_login(owner(mou))
    page = reverse("mou:survey_section", args=[mou.uuid, section])
    assert client.post(page, told).status_code in (200, 302)


# --- Who may what ---------------------------------------------------------------------------

ROLES = ("owner", "signatory", "member", "stranger", "caseworker", "supervisor", "countersigner")
MAY = {
    "answer": {"owner", "signatory", "member"},
    "submit": {"owner"},
    "return": {"caseworker"},
    "accept": {"caseworker"},
}
BEFORE = {
    "answer": {"open", "returned"},
    "submit": {"open", "returned"},
    "return": {"submitted", "accepted"},
    "accept": {"submitted"},
}
DOES = {
    "answer": lambda survey, by: answer(survey, "B7", by, revision=1, value="9"),
    "submit": lambda survey, by: surveys.submit_survey(survey=survey, by=by),
    "return": lambda survey, by: surveys.return_questions(
        survey=survey, remarks={"B7": "Really?"}, by=by
    ),
    "accept": lambda survey, by: surveys.accept_survey(survey=survey, by=by),
}


def person(mou, role):
    if role == "owner":
        return owner(mou)
    if role in ("signatory", "member"):
        return colleague(mou, role)
    return (
        MembershipFactory(role="owner").user if role == "stranger" else UserFactory(**{role: True})
    )


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("status", [s for s in SurveyStatus if s != SurveyStatus.FROZEN])
@pytest.mark.parametrize("verb", MAY)
def test_verb_for_every_status_and_role(mou, verb, status, role):
    survey = survey_flows.answered(mou)
    FlowSurvey.objects.filter(pk=survey.pk).update(status=status)
    by = person(mou, role)
    if status not in BEFORE[verb]:
        with pytest.raises(InvalidTransition):
            DOES[verb](survey, by)
    elif role not in MAY[verb]:
        with pytest.raises(NotAllowed):
            DOES[verb](survey, by)
    else:
        DOES[verb](survey, by)


def test_submit_names_what_is_missing(mou):
    survey = survey_flows.answered(mou)
    Answer.objects.filter(survey=survey, code="B7").delete()
    with pytest.raises(DomainError, match="B7"):
        surveys.submit_survey(survey=survey, by=owner(mou))


def test_unknown_counts_as_answered(mou):
    survey = survey_flows.answered(mou)
    answer(survey, "B7", owner(mou), revision=1, state=AnswerState.UNKNOWN, value="")
    surveys.submit_survey(survey=survey, by=owner(mou))


def test_returned_questions_alone_are_open_again(mou, officer):
    survey = survey_flows.submitted(mou)
    surveys.return_questions(survey=survey, remarks={"B7": "Of a hundred?"}, by=officer)
    answer(survey, "B8", owner(mou), revision=1, value="4")
    assert kept(survey, "B8") == "2"
    with pytest.raises(DomainError, match="B7"):
        surveys.submit_survey(survey=survey, by=owner(mou))
    answer(survey, "B7", owner(mou), revision=1, value="12")
    surveys.submit_survey(survey=survey, by=owner(mou))
    assert Answer.objects.get(survey=survey, code="B7").remark == ""


def test_return_needs_a_remark(mou, officer):
    with pytest.raises(DomainError, match="remark"):
        surveys.return_questions(
            survey=survey_flows.submitted(mou), remarks={"B7": " "}, by=officer
        )


def test_returned_question_may_be_confirmed_as_it_was(client, mou, officer):
    survey = survey_flows.submitted(mou)
    surveys.return_questions(
        survey=survey, remarks={"B7": "Really?", "A5": "Why none?"}, by=officer
    )
    client.force_login(owner(mou))
    for section, told in (("B", {"B7": "7", "B7_rev": "1"}), ("A", {"A5_rev": "1"})):
        client.post(reverse("mou:survey_section", args=[mou.uuid, section]), told)
    surveys.submit_survey(survey=survey, by=owner(mou))


def test_typed_answers_come_back_when_the_survey_was_handed_in_meanwhile(client, mou):
    survey_flows.submitted(mou)
    client.force_login(colleague(mou))
    page = reverse("mou:survey_section", args=[mou.uuid, "D"])
    shown = client.post(page, {"D30": "What I typed for long", "D30_rev": "1"})
    assert shown.status_code == 200
    assert "What I typed for long" in shown.content.decode()
    assert "cannot be done now" in shown.content.decode()


def test_answer_that_one_may_not_read_is_refused_by_the_action_too(mou):
    survey = survey_flows.begun(mou)
    with pytest.raises(NotAllowed):
        answer(survey, "F39", colleague(mou), value="x")


def test_files_have_a_limit(mou):
    survey = survey_flows.begun(mou)
    for number in range(surveys.MOST_FILES):
        surveys.add_file(survey=survey, code="A5", sent=Sent(f"{number}", b"%PDF-"), by=owner(mou))
    with pytest.raises(DomainError, match="most"):
        surveys.add_file(survey=survey, code="A5", sent=Sent("x", b"%PDF-"), by=owner(mou))


def test_file_beside_a_question_that_is_not_open_is_refused(client, mou, officer):
    survey = survey_flows.submitted(mou)
    surveys.return_questions(survey=survey, remarks={"B7": "Really?"}, by=officer)
    client.force_login(owner(mou))
    upload(client, mou, b"%PDF-1.7")
    assert not AnswerFile.objects.exists()


# --- The text rests on it: acceptance test 3 ------------------------------------------------


def draft(cast, note=""):
    return drafting.draft(
        mou=cast.agreement, template=cast.template, survey_note=note, by=cast.caseworker
    )


def test_draft_needs_a_survey_of_all_three_flows_or_a_reason():
    cast = flows.named()
    with pytest.raises(DomainError, match="no accepted survey"):
        draft(cast)
    assert draft(cast, "Follows at the review.").survey_note == "Follows at the review."
    survey = survey_flows.accepted(cast.agreement)
    assert draft(cast, "Forgotten here").survey_note == ""
    for code in ("C16", "C17", "C18", "C19", "C20", "C21", "C22", "C23", "C24"):
        Answer.objects.filter(survey=survey, code=code).update(state="unknown", value=None)
    with pytest.raises(DomainError, match="no accepted survey"):
        draft(cast)


def test_agree_freezes_the_answers():
    cast = flows.named()
    survey = survey_flows.accepted(cast.agreement)
    version = draft(cast)
    drafting.propose(mou=cast.agreement, content_hash=version.content_hash, by=cast.caseworker)
    drafting.agree(mou=cast.agreement, content_hash=version.content_hash, by=cast.owner)
    survey.refresh_from_db()
    assert (survey.status, len(survey.answers_hash)) == ("frozen", 64)
    for change in (
        lambda: Answer.objects.filter(survey=survey, code="B7").update(value="99"),
        lambda: FlowSurvey.objects.filter(pk=survey.pk).update(status="open"),
        lambda: Answer.objects.create(
            survey=survey, code="X", state="unknown", changed_by=cast.owner
        ),
    ):
        with pytest.raises(DatabaseError, match="frozen"), transaction.atomic():
            change()
    assert kept(survey, "B7") == "7"


def test_next_survey_begins_with_the_last_answers_and_shows_what_changed(client):
    cast = flows.named()
    first = survey_flows.accepted(cast.agreement)
    surveys.freeze(cast.agreement)
    again = survey_flows.begun(cast.agreement)
    assert (again.previous, again.answers.count()) == (first, first.answers.count())
    answer(again, "B7", cast.owner, revision=1, value="55")
    client.force_login(cast.owner)
    page = client.get(reverse("mou:survey_check", args=[cast.agreement.uuid])).content.decode()
    assert "55" in page
    assert page.count("<del>") == 1


# --- What only some may read ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "reads"), [("owner", True), ("signatory", True), ("member", False)]
)
def test_bribery_is_read_by_who_binds_the_firm(client, mou, role, reads):
    survey = survey_flows.begun(mou)
    answer(survey, "F39", owner(mou), value="A stranger offered money")
    client.force_login(person(mou, role))
    for name, more in (("survey_section", ["F"]), ("survey_check", [])):
        page = client.get(reverse(f"mou:{name}", args=[mou.uuid, *more])).content.decode()
        assert ("A stranger offered money" in page) == reads
    client.post(reverse("mou:survey_section", args=[mou.uuid, "F"]), {"F39": "x", "F39_rev": "1"})
    assert (kept(survey, "F39") == "x") == reads


def test_bribery_never_stands_in_the_text():
    cast = flows.named()
    survey_flows.accepted(cast.agreement)
    assert "without a fault" not in str(draft(cast).content)


# --- Files ----------------------------------------------------------------------------------


def upload(client, mou, data, name="policy.pdf"):
    url = reverse("mou:add_survey_file", args=[mou.uuid, "A5"])
    return client.post(url, {"file": SimpleUploadedFile(name, data)}, follow=True)


def test_file_is_kept_and_given_to_both_sides(client, mou, officer):
    survey_flows.begun(mou)
    client.force_login(owner(mou))
    upload(client, mou, b"%PDF-1.7 policy", '../a"b.pdf')
    file = AnswerFile.objects.get()
    answer = client.get(reverse("mou:survey_file", args=[mou.uuid, file.uuid]))
    assert answer.content == b"%PDF-1.7 policy"
    assert answer["Content-Disposition"].startswith("attachment")
    desk = at_the_desk(Client(), officer)
    url = reverse("admin:mou_mou_survey_file", args=[mou.pk, file.uuid])
    assert desk.get(url).content == b"%PDF-1.7 policy"
    client.force_login(MembershipFactory(role="owner").user)
    assert client.get(reverse("mou:survey_file", args=[mou.uuid, file.uuid])).status_code == 404
    records = AuditEvent.objects.filter(event="survey_file_downloaded", kind="disclosure")
    assert [one.actor for one in records] == [f"user:{owner(mou).pk}", f"user:{officer.pk}"]


@pytest.mark.parametrize("forged", [True, False])
def test_file_is_taken_with_the_token_of_its_page_only(mou, forged):
    """As a browser sends it: the token stands in the same body as the file."""
    survey_flows.begun(mou)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(owner(mou))
    browser.get(reverse("mou:survey_section", args=[mou.uuid, "A"]))
    token = "x" * 64 if forged else browser.cookies[settings_of.CSRF_COOKIE_NAME].value
    url = reverse("mou:add_survey_file", args=[mou.uuid, "A5"])
    file = SimpleUploadedFile("policy.pdf", b"%PDF-1.7 policy")
    answer = browser.post(url, {"file": file, "csrfmiddlewaretoken": token})
    assert answer.status_code == (403 if forged else 302)
    assert AnswerFile.objects.count() == (0 if forged else 1)


def test_file_beside_a_restricted_answer_is_for_those_who_bind_the_firm(client, mou):
    survey_flows.begun(mou)
    client.force_login(owner(mou))
    upload(client, mou, b"%PDF-1.7 policy")
    AnswerFile.objects.update(code="F39")
    file = AnswerFile.objects.get()
    urls = reverse("mou:survey_file", args=[mou.uuid, file.uuid]), reverse("mou:documents")
    assert client.get(urls[0]).status_code == 200
    assert [row.title for row in client.get(urls[1]).context["rows"]] == ["policy.pdf"]
    client.force_login(person(mou, "member"))
    assert client.get(urls[0]).status_code == 404
    assert client.get(urls[1]).context["rows"] == []


@pytest.mark.parametrize("data", [b"", b"MZ executable", b"%PDF-" + b"x" * (11 * 1024 * 1024)])
def test_file_of_another_kind_or_too_large_is_refused_with_a_sentence(client, mou, data):
    survey_flows.begun(mou)
    client.force_login(owner(mou))
    assert "Choose a PDF, PNG or JPEG" in upload(client, mou, data).content.decode()
    assert not AnswerFile.objects.exists()


# --- The map and the ratings ----------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 40, 60])
def test_map_draws_lanes_and_says_them_as_a_table(mou, count):
    survey = survey_flows.begun(mou)
    lanes = [survey_flows.LANE | {"origin": f"Port {n % 7}"} for n in range(count)]
    answer(survey, "B6", owner(mou), value=lanes)
    drawn = flow_map.draw({one.code: one for one in survey.answers.all()})
    assert (len(drawn.lanes), len(drawn.rows)) == (min(count, 40), count)
    assert all(place.y < drawn.height for place in drawn.places)


@pytest.mark.parametrize(
    ("levels", "mean"),
    [
        ({"B8": "4", "B9": "2"}, 3.0),
        ({"B8": "4", "B9": None}, 2.0),
        ({"B8": "4", "B9": "n/a"}, 4.0),
    ],
)
def test_maturity_is_the_mean_of_what_applies(mou, levels, mean):
    survey = survey_flows.begun(mou)
    for code, level in levels.items():
        if level == "n/a":
            answer(survey, code, owner(mou), state="not_applicable", reason="None", value="")
        elif level is not None:
            answer(survey, code, owner(mou), value=level)
    assert maturity_of(survey, levels) == mean
    assert maturity_of(survey, []) is None


# --- Pages ----------------------------------------------------------------------------------


def test_firm_begins_answers_and_hands_in_and_officer_accepts(client, mou, officer):
    client.force_login(owner(mou))
    home = reverse("mou:survey", args=[mou.uuid])
    assert "Begin the survey" in client.get(home).content.decode()
    client.post(reverse("mou:begin_survey", args=[mou.uuid]))
    survey_flows.answered(mou)
    shown = client.get(home).content.decode()
    assert "flow-map" in shown
    client.post(reverse("mou:submit_survey", args=[mou.uuid]))
    desk = at_the_desk(Client(), officer)
    assert "Surveys to read" in desk.get("/admin/").content.decode()
    page = reverse("admin:mou_mou_survey", args=[mou.pk])
    assert "Rotterdam" in desk.get(page).content.decode()
    desk.post(reverse("admin:mou_mou_return_questions", args=[mou.pk]), {"remark_B7": "Really?"})
    assert (
        "Really?"
        in client.get(reverse("mou:survey_section", args=[mou.uuid, "B"])).content.decode()
    )
    survey = FlowSurvey.objects.get()
    answer(survey, "B7", owner(mou), revision=1, value="8")
    client.post(reverse("mou:submit_survey", args=[mou.uuid]))
    desk.post(reverse("admin:mou_mou_accept_survey", args=[mou.pk]))
    survey.refresh_from_db()
    assert survey.status == SurveyStatus.ACCEPTED


def test_pages_take_a_fixed_number_of_queries(client, mou, django_assert_max_num_queries):
    survey_flows.answered(mou)
    client.force_login(owner(mou))
    for name, more in (("survey", []), ("survey_check", []), ("survey_section", ["B"])):
        with django_assert_max_num_queries(15):
            client.get(reverse(f"mou:{name}", args=[mou.uuid, *more]))


def test_words_of_every_answer_are_readable(mou):
    survey = survey_flows.answered(mou)
    known = {one.code: one for one in survey.answers.all()}
    for one in answers.shown(ASKED, Q.values(), known):
        assert one.text or one.rows or one.question.type == "file"
