"""Whom an alert reaches: by audience, goods and method, against what each firm told."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mou import chapters
from mou.actions import alerts, surveys
from mou.lifecycle import SurveyStatus
from mou.models import AlertDelivery, Answer, AnswerState, Because, FlowSurvey
from mou.questionnaire import NEWEST, questionnaire
from portal import reference, reference_files
from portal.models import ReferenceItem
from tests.factories import UserFactory
from tests.mou import alert_flows as flows
from tests.mou import cover_flows, survey_flows
from tests.mou.flows import deliver_all
from tests.mou.living import in_force, owner
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def lists(db):
    reference_files.load()


def told(
    mou, status=SurveyStatus.ACCEPTED, *, frozen=False, chapters=None, handled=None, modes=None
):
    """A survey that says this, and nothing of what is None."""
    survey = FlowSurvey.objects.create(mou=mou, version=NEWEST, status=status, begun_by=owner(mou))
    values = {
        "C16": None if chapters is None else [{"chapter": one} for one in chapters],
        "C17": handled,
        "B6": None if modes is None else [{"mode": one} for one in modes],
    }
    Answer.objects.bulk_create(
        Answer(survey=survey, code=code, state="given", value=value, changed_by=owner(mou))
        for code, value in values.items()
        if value is not None
    )
    if frozen:
        surveys.freeze(mou)
    return mou


def reached(**fields) -> dict[int, str]:
    alert = flows.published(**fields)
    alerts.deliver(alert=alert)
    rows = AlertDelivery.objects.filter(alert=alert)
    return dict(rows.values_list("mou__organisation__legal_name", "because"))


def test_alert_goes_to_firms_of_its_goods_and_to_those_that_told_nothing():
    told(in_force("Cigars"), chapters=["2402.10"], handled=["none"])
    told(in_force("Fuels"), chapters=["99x"], handled=["excise"])
    told(in_force("Toys"), chapters=["95, 61-63"], handled=["none"])
    told(in_force("Half"), chapters=["95"])
    told(in_force("Unread"), chapters=["95", "all sorts"], handled=["none"])
    in_force("Silent")
    assert reached(commodities=["TOBACCO"], methods=[]) == {
        "Cigars": Because.TOLD,
        "Fuels": Because.TOLD,
        "Half": Because.UNKNOWN,
        "Unread": Because.UNKNOWN,
        "Silent": Because.UNKNOWN,
    }


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("22", "22"),
        ("2", "02"),
        ("2203.00", "22"),
        ("22.03", "22"),
        ("61 – 63", "61 62 63"),
        ("2401-2503", "24 25"),
        ("HS chapters 24, 27 and 8; 95.", "08 24 27 95"),
        *((wrong, "") for wrong in ("24, 99", "24 99x", "24a", "63-61", "24-99", "1-2-3", "240")),
        *((wrong, "") for wrong in ("24 and toys", "24, ²", "00", "-", "", "toys")),
    ],
)
def test_line_of_chapters_is_read_whole_or_not_at_all(line, read):
    found = chapters.read(line)
    assert found == set(read.split())
    assert chapters.is_wrong(line) == (not read and any(one.isdigit() for one in line))


def test_alert_goes_to_firms_whose_transport_its_method_is_of():
    told(in_force("Ships"), modes=["Road", "Sjö och väg"])
    told(in_force("Hauliers"), modes=["lorry", "3"])
    told(in_force("Odd"), modes=["lorry", "by tube"])
    assert reached(commodities=[], methods=["SWITCH"]) == {
        "Ships": Because.TOLD,
        "Odd": Because.UNKNOWN,
    }


def test_goods_and_method_must_both_concern_the_firm():
    told(in_force("Both"), chapters=["24"], handled=["reefers"], modes=["sea"])
    told(in_force("Goods only"), chapters=["24"], handled=["excise"], modes=["road"])
    told(in_force("Method only"), chapters=["95"], handled=["none"], modes=["sea"])
    found = reached(commodities=["TOBACCO", "ALCOHOL"], methods=["HULL", "REEFER"])
    assert found == {"Both": Because.TOLD}


def test_what_hides_among_any_goods_goes_to_the_whole_audience():
    told(in_force("Toys"), chapters=["95"], handled=["none"], modes=["road"])
    assert reached(commodities=["NARCOTICS", "TOBACCO"], methods=["INSIDER"]) == {
        "Toys": Because.AUDIENCE
    }
    assert reached(commodities=[], methods=[]) == {"Toys": Because.AUDIENCE}
    assert reached(audience=["terminal"], commodities=["TOBACCO"], methods=[]) == {}


def test_whom_a_code_concerns_is_the_desks_to_say():
    told(in_force("Toys"), chapters=["95"], handled=["none"])
    row = ReferenceItem.objects.get(list="commodity", code="TOBACCO")
    row.attributes |= {"chapters": ["95"]}
    row.save()
    reference.forget()
    assert reached(commodities=["TOBACCO"], methods=[]) == {"Toys": Because.TOLD}


def test_what_is_still_being_written_counts_for_nothing():
    mou = told(in_force("Firm"), frozen=True, chapters=["24"], handled=["none"])
    told(mou, SurveyStatus.OPEN, chapters=["95"], handled=["none"])
    assert reached(commodities=["TOBACCO"], methods=[]) == {"Firm": Because.TOLD}
    FlowSurvey.objects.filter(status=SurveyStatus.OPEN).update(status=SurveyStatus.SUBMITTED)
    assert reached(commodities=["TOBACCO"], methods=[]) == {}


@pytest.mark.parametrize("state", [AnswerState.UNKNOWN, AnswerState.NOT_APPLICABLE])
def test_answer_that_tells_nothing_leaves_nobody_out(state):
    mou = told(in_force("Firm"), chapters=["95"], handled=["none"])
    Answer.objects.filter(code="C16").update(state=state, reason="We only broker.")
    assert reached(commodities=["TOBACCO"], methods=[]) == {"Firm": Because.UNKNOWN}
    assert AlertDelivery.objects.get().mou == mou


def test_member_firm_of_an_association_is_not_known_by_its_associations_goods():
    cover = cover_flows.confirmed()
    told(cover.mou, chapters=["95"], handled=["none"])
    alert = flows.published(commodities=["TOBACCO"], methods=[])
    alerts.deliver(alert=alert)
    row = AlertDelivery.objects.get(alert=alert)
    assert (row.cover, row.because) == (cover, Because.UNKNOWN)


def test_firm_that_tells_of_new_goods_gets_what_stands():
    mou = told(in_force(), frozen=True, chapters=["95"], handled=["none"])
    alert = flows.published(commodities=["TOBACCO"], methods=[])
    alerts.deliver(alert=alert)
    assert not AlertDelivery.objects.exists()
    survey = survey_flows.answered(mou)
    Answer.objects.filter(survey=survey, code="C17").update(value=["excise"])
    surveys.submit_survey(survey=survey, by=owner(mou))
    deliver_all()
    assert AlertDelivery.objects.get().because == Because.TOLD


def test_survey_asks_what_alerts_are_matched_by():
    asked = questionnaire().questions
    assert {"chapter"} <= {code for code, _heading in asked["C16"].columns}
    assert {"mode"} <= {code for code, _heading in asked["B6"].columns}
    handled = {code for code, _text in questionnaire().choices(asked["C17"])}
    modes = {item.code for item in reference.items("transport_mode")}
    for listed in ("commodity", "concealment"):
        for item in reference.items(listed):
            assert set(item.attributes["handled"]) <= handled, item
            item.clean()
            assert set(item.attributes.get("modes", ())) <= modes, item


def test_supervisor_sees_how_many_firms_an_alert_reaches(client):
    told(in_force("Cigars"), chapters=["24"], handled=["none"])
    told(in_force("Toys"), chapters=["95"], handled=["none"])
    in_force("Silent")
    alert = flows.written(commodities=["TOBACCO"], methods=[])
    at_the_desk(client, UserFactory(caseworker=True))
    propose = reverse("admin:mou_alert_propose", args=[alert.pk])
    assert "would reach 2 firms now" in client.post(propose, follow=True).content.decode()
    at_the_desk(client, UserFactory(supervisor=True))
    approve = reverse("admin:mou_alert_approve", args=[alert.pk])
    client.get(approve)
    with CaptureQueriesContext(connection) as few:
        page = client.get(approve)
    reach = page.context["reach"]
    assert (reach.firms, reach.told, reach.unknown, reach.left_out) == (2, 1, 1, 1)
    assert "Not 1 firm of the audience" in page.content.decode()
    for number in range(4):
        told(in_force(), chapters=[f"{number + 20}"], handled=["excise"])
    with CaptureQueriesContext(connection) as many:
        assert client.get(approve).context["reach"].firms == 6
    assert len(many) == len(few)
    alerts.approve_alert(
        alert=alert, revision=page.context["alert"].revision, by=UserFactory(supervisor=True)
    )
    alerts.deliver(alert=alert)
    assert AlertDelivery.objects.count() == 6


def test_firm_reads_why_it_gets_an_alert(client):
    mou = in_force()
    delivery = flows.delivered(mou, commodities=["TOBACCO"], methods=[])
    client.force_login(owner(mou))
    page = client.get(reverse("mou:alert", args=[mou.uuid, delivery.uuid])).content.decode()
    assert "We know too little of your firm’s goods" in page
    assert "next survey" in page
