"""The list of a firm's documents: all of its agreements, page by page, for its own people only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mou import filed
from mou.actions import surveys
from mou.models import AnswerFile, Document, FlowSurvey, Mou, MouVersion, Step
from mou.questionnaire import Question, questionnaire
from portal.sent_files import Sent
from tests.factories import UserFactory
from tests.mou import flows, survey_flows
from tests.mou.living import in_force, owner, person
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
PAGE = "/mou/documents/"


@pytest.fixture
def mou():
    return in_force("Norrvik AB")


def version(mou: Mou, status: str = "signed") -> MouVersion:
    return MouVersion.objects.create(
        mou=mou,
        number=mou.versions.count() + 1,
        template=flows.template(),
        status=status,
        content={},
        content_hash="",
        drafted_by=UserFactory(caseworker=True),
    )


def document(of: MouVersion, step: str = Step.ARCHIVED, **fields) -> Document:
    return Document.objects.create(version=of, step=step, sha256="0" * 64, size=1000, **fields)


def sent(mou: Mou) -> AnswerFile:
    survey = surveys.current(mou) or survey_flows.begun(mou)
    file = Sent("policy.pdf", b"%PDF-1.7 policy")
    return surveys.add_file(survey=survey, code="A5", sent=file, by=owner(mou))


def shown(client, reader, **query):
    client.force_login(reader)
    return client.get(PAGE, query)


def titles(answer) -> list[str]:
    return [f"{row.title}, {row.about}" for row in answer.context["rows"]]


def test_documents_are_all_of_all_agreements_with_their_state(client, mou):
    old, new = version(mou, "superseded"), version(mou)
    document(old)
    document(new)
    document(new, Step.EVIDENCE)
    document(new, Step.BUSINESS)  # an intermediate file: its stamped successor is enough
    sent(mou)
    answer = shown(client, owner(mou))
    assert titles(answer) == [
        "policy.pdf, Sent with the survey: Your security policy, signed by the management",
        "Evidence report, Version 2 of the text",
        "Archived, Version 2 of the text",
        "Archived, Version 1 of the text",
    ]
    assert [row.state for row in answer.context["rows"]][2:] == [
        "Signed and archived",
        "Superseded",
    ]
    assert PAGE in client.get(reverse("mou_home")).content.decode()


@pytest.mark.parametrize("role", ["owner", "signatory", "member", "stranger"])
def test_documents_are_shown_to_people_of_the_firm_only(client, mou, role):
    document(version(mou))
    answer = shown(client, person(mou, role))
    assert len(answer.context["rows"]) == (0 if role == "stranger" else 1)


def test_documents_are_none_of_somebody_who_has_left(client, mou):
    document(version(mou))
    member = person(mou, "member")
    member.memberships.update(ended_at=timezone.now(), ended_by=owner(mou))
    assert shown(client, member).context["rows"] == []


def test_officer_is_led_to_the_desk(client):
    assert at_the_desk(client, UserFactory(caseworker=True)).get(PAGE).url == "/admin/"


def test_documents_of_one_agreement_and_of_one_kind(client, mou):
    other = in_force("Kallvik AB")
    other.organisation.memberships.create(user=owner(mou), role="member")
    for one in (mou, other):
        document(version(one))
        sent(one)
    answer = shown(client, owner(mou), agreement=str(other.uuid), kind="survey")
    assert [row.mou for row in answer.context["rows"]] == [other]
    assert len(shown(client, owner(mou)).context["rows"]) == 4


def test_documents_go_on_page_by_page_without_a_gap(client, mou, monkeypatch):
    """Many of one moment as well: by time, then source, then number."""
    monkeypatch.setattr(filed, "PAGE", 3)
    moment = timezone.now() - timedelta(days=1)
    for _number in range(5):
        document(version(mou, "superseded"), created_at=moment)
    for _number in range(4):
        sent(mou)
    AnswerFile.objects.update(added_at=moment)
    document(version(mou))
    found, url = [], PAGE
    client.force_login(owner(mou))
    while url:
        answer = client.get(url)
        found += [row.url for row in answer.context["rows"]]
        url = PAGE + answer.context["next_url"] if answer.context["next_url"] else ""
    assert len(found) == len(set(found)) == 10


@pytest.mark.parametrize(
    "query",
    [
        {"before": "x"}, {"before": "9" * 40 + "-document-1"}, {"before": "1-survey-"},
        {"before": "1--1"}, {"before": "²-document-1"}, {"agreement": "x"}, {"kind": "x"},
        {"before": "99999999999999999-document-1"},
    ],
)  # fmt: skip
def test_address_with_nonsense_is_answered(client, mou, query):
    document(version(mou))
    assert shown(client, owner(mou), **query).status_code == 200


def test_documents_take_a_fixed_number_of_queries(client, mou, django_assert_max_num_queries):
    client.force_login(owner(mou))
    for _round in range(2):
        for _number in range(10):
            document(version(mou, "superseded"))
        sent(mou)
        with django_assert_max_num_queries(9):
            client.get(PAGE)


@dataclass
class Asked:
    questions: dict[str, Question]


@pytest.mark.parametrize("restricted_in", [1, 2])
def test_restricted_is_what_was_asked_in_the_agreements_own_questionnaire(
    mou, restricted_in, monkeypatch
):
    """A later questionnaire opens no file that was sent in confidence, and closes none."""
    sent(mou)
    question = questionnaire(1).questions["A5"]

    def asked(version: int) -> Asked:
        return Asked({"A5": replace(question, restricted=version == restricted_in)})

    monkeypatch.setattr(filed, "questionnaire", asked)
    monkeypatch.setattr(filed, "NEWEST", 2)
    member = person(mou, "member")
    for version in (1, 2):
        FlowSurvey.objects.update(version=version)
        found, _next = filed.page([mou], member, sources=["survey"], before=None)
        assert len(found) == (0 if version == restricted_in else 1)
