"""Risks: rated by the answers, then by an officer; confidential until shared; drawn."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from mou import heat_map
from mou.actions import risks
from mou.happenings import history
from mou.lifecycle import RiskStatus
from mou.models import Answer, RiskAssessment, RiskRating, SharedRisks
from mou.questionnaire import questionnaire
from mou.threats import NEWEST, Level, catalogue
from portal import reference_files
from portal.errors import DomainError, InvalidTransition, NotAllowed
from tests.factories import UserFactory
from tests.mou import risk_flows, survey_flows
from tests.mou.living import FIRM, STAFF, in_force, owner, person, told
from tests.people import at_the_desk, read_mail

pytestmark = pytest.mark.django_db
KNOWN = catalogue(NEWEST)


@pytest.fixture(autouse=True)
def lists():
    reference_files.load()


@pytest.fixture
def officer():
    return UserFactory(caseworker=True)


@pytest.fixture
def mou():
    return in_force("Norrvik AB")


def rating(assessment, threat="RIP_OFF") -> RiskRating:
    return assessment.ratings.get(threat=threat)


def rate(one, by, **changes):
    fields = {"likelihood": one.likelihood, "impact": one.impact, "override": one.override}
    fields |= {"reason": "The yard is fenced now.", "revision": one.revision}
    return risks.rate(rating=one, by=by, **(fields | changes))


# --- The threats ----------------------------------------------------------------------------


def test_threats_ask_only_what_the_survey_asks():
    asked = questionnaire().questions
    for threat in KNOWN.threats.values():
        assert threat.eased_by
        assert {asked[code].type for code in threat.eased_by} == {"maturity"}
        for sign in threat.signs:
            kinds = {"choice": bool(sign.has), "number": sign.above is not None}
            assert kinds.get(asked[sign.question].type, sign.equals in ("yes", "no"))
            assert not asked[sign.question].restricted
        assert threat.likelihood in range(1, 6)
        assert threat.impact in range(1, 6)


@pytest.mark.parametrize(
    ("likelihood", "impact", "maturity", "left", "level"),
    [
        (5, 5, Decimal(0), "25.0", Level.HIGH),
        (3, 4, None, "12.0", Level.HIGH),
        (3, 4, Decimal("0.25"), "11.4", Level.MEDIUM),
        (3, 5, Decimal("3.00"), "6.0", Level.MEDIUM),
        (2, 3, Decimal("0.1"), "5.9", Level.LOW),
        (5, 5, Decimal(4), "5.0", Level.LOW),
    ],
)
def test_residual_follows_the_formula(likelihood, impact, maturity, left, level):
    found = KNOWN.residual(likelihood, impact, maturity)
    assert found == Decimal(left)
    assert KNOWN.level(found) == level


# --- Assessing ------------------------------------------------------------------------------


def test_begin_rates_every_threat_by_the_answers(mou):
    assessment = risk_flows.begun(mou)
    assert set(assessment.ratings.values_list("threat", flat=True)) == set(KNOWN.threats)
    one = rating(assessment, "PIN_FRAUD")
    # "yes" to D29 makes it likelier; every maturity was answered with 2.
    assert (one.likelihood, one.signs, one.maturity) == (4, ["D29"], Decimal(2))


def test_begin_counts_unknown_as_nothing_arranged_and_leaves_out_what_does_not_apply(mou, officer):
    survey = survey_flows.accepted(mou)
    Answer.objects.filter(survey=survey, code="B11").update(state="unknown", value=None)
    fields = {"state": "not_applicable", "value": None, "reason": "No yard"}
    Answer.objects.filter(survey=survey, code__in=["B12"]).update(**fields)
    assessment = risks.begin_assessment(mou=mou, by=officer)
    assert rating(assessment, "FALSE_SEAL").maturity == 0
    Answer.objects.filter(survey=survey, code="B11").update(**fields)
    risks.settle(assessment=assessment, by=officer)
    again = risks.begin_assessment(mou=mou, by=officer)
    assert rating(again, "FALSE_SEAL").maturity is None


def test_begin_needs_an_accepted_survey(mou, officer):
    survey_flows.submitted(mou)
    with pytest.raises(DomainError, match="Accept the survey"):
        risks.begin_assessment(mou=mou, by=officer)


def test_begin_twice_goes_on_with_the_open_one(mou, officer):
    assert risk_flows.begun(mou) == risks.begin_assessment(mou=mou, by=officer)
    assert RiskAssessment.objects.count() == 1


def test_rating_otherwise_needs_a_reason_and_is_kept(mou, officer):
    one = rating(risk_flows.begun(mou))
    with pytest.raises(DomainError, match="why"):
        rate(one, officer, override=2, reason=" ")
    rate(one, officer, override=2)
    [risk] = [x for x in heat_map.of_assessment(one.assessment) if x.threat.code == one.threat]
    assert (risk.residual, risk.level) == (2, Level.LOW)
    assert "risk_rated" in told(mou)


def test_two_officers_rate_one_threat_and_the_second_is_told(mou, officer):
    one = rating(risk_flows.begun(mou))
    rate(one, officer, likelihood=1)
    desk = at_the_desk(Client(), UserFactory(caseworker=True))
    page = reverse("admin:mou_mou_rate", args=[mou.pk, one.pk])
    sent = {"likelihood": 5, "impact": 5, "reason": "Mine.", "revision": 1}
    shown = desk.post(page, sent).content.decode()
    assert "Somebody else rated this threat" in shown
    assert "Mine." in shown
    assert 'name="revision" value="2"' in shown
    assert rating(one.assessment).likelihood == 1
    desk.post(page, sent | {"revision": 2})
    assert rating(one.assessment).likelihood == 5


DOES = {
    "rate": lambda found, by: rate(rating(found), by, likelihood=5),
    "settle": lambda found, by: risks.settle(assessment=found, by=by),
    "share": lambda found, by: risks.share(assessment=found, threats=["INSIDER"], note="", by=by),
}
BEFORE = {"rate": "open", "settle": "open", "share": "settled"}


@pytest.mark.parametrize("role", [*STAFF, *FIRM])
@pytest.mark.parametrize("verb", DOES)
def test_verb_for_every_role_and_status(mou, verb, role):
    found = risk_flows.begun(mou)
    by = person(mou, role)
    for status in RiskStatus:
        ended = {} if status == "open" else {"settled_at": found.begun_at, "settled_by": by}
        RiskAssessment.objects.filter(pk=found.pk).update(status=status, **ended)
        found.refresh_from_db()
        if status != BEFORE[verb]:
            with pytest.raises(InvalidTransition):
                DOES[verb](found, by)
        elif role != "caseworker":
            with pytest.raises(NotAllowed):
                DOES[verb](found, by)
        else:
            DOES[verb](found, by)
            return


@pytest.mark.parametrize(
    "fields",
    [{"likelihood": 6}, {"impact": 0}, {"override": 26}, {"override": 3, "reason": ""}],
)
def test_database_refuses_ratings_that_cannot_be(mou, fields):
    one = rating(risk_flows.begun(mou))
    with pytest.raises(IntegrityError), transaction.atomic():
        RiskRating.objects.filter(pk=one.pk).update(**fields)


# --- Confidential until shared --------------------------------------------------------------


def test_firm_sees_nothing_before_it_is_shared(client, mou):
    risk_flows.settled(mou)
    client.force_login(owner(mou))
    shown = client.get(reverse("mou:risks", args=[mou.uuid])).content.decode()
    assert "has not shared" in shown
    assert '<svg class="heat-map"' not in shown
    events = {one.event for one in history(mou, for_staff=False)}
    assert not events & {"risks_begun", "risk_rated", "risks_settled"}
    assert "risks_settled" in {one.event for one in history(mou, for_staff=True)}


def test_firm_sees_what_was_shared_and_no_more(client, mou, officer):
    found = risk_flows.begun(mou)
    rate(rating(found), officer, override=20, reason="An informant said so.")
    risks.settle(assessment=found, by=officer)
    risks.share(assessment=found, threats=["RIP_OFF"], note="Look at the seals.", by=officer)
    client.force_login(owner(mou))
    shown = client.get(reverse("mou:risks", args=[mou.uuid])).content.decode()
    assert "Bags added to an honest load" in shown
    assert "Look at the seals." in shown
    assert [one["residual"] for one in mou.shared_risks.get().risks] == ["20"]
    assert "informant" not in shown
    assert "Staff who are bribed" not in shown
    assert any("Risks shared" in letter.subject for letter in read_mail())


def test_share_needs_a_threat(mou, officer):
    with pytest.raises(DomainError, match="at least one"):
        risks.share(assessment=risk_flows.settled(mou), threats=["NO"], note="", by=officer)


# --- At the desk ----------------------------------------------------------------------------


def test_desk_assesses_settles_and_shares(mou, officer):
    survey_flows.accepted(mou)
    desk = at_the_desk(Client(), officer)
    page = reverse("admin:mou_mou_risks", args=[mou.pk])
    assert "not been assessed" in desk.get(page).content.decode()
    desk.post(reverse("admin:mou_mou_begin_assessment", args=[mou.pk]))
    shown = desk.get(page).content.decode()
    assert shown.count('<svg class="heat-map"') == 2
    assert "likelier by D29" in shown
    one = rating(RiskAssessment.objects.get())
    told = {"likelihood": 2, "impact": 5, "override": "", "reason": "Fenced.", "revision": 1}
    desk.post(reverse("admin:mou_mou_rate", args=[mou.pk, one.pk]), told)
    desk.post(reverse("admin:mou_mou_settle_risks", args=[mou.pk]))
    desk.post(reverse("admin:mou_mou_share_risks", args=[mou.pk]), {"threats": ["INSIDER"]})
    assert RiskAssessment.objects.get().status == RiskStatus.SHARED
    assert "One threat was shared" in desk.get(page).content.decode()


def test_maps_hold_every_threat_once_each(mou):
    rated = heat_map.of_assessment(risk_flows.begun(mou))
    for drawn in heat_map.maps(rated, KNOWN):
        numbers = [n for one in drawn["squares"] for n in one.text.split()]
        assert sorted(map(int, numbers)) == list(range(1, len(KNOWN.threats) + 1))
    assert [one.residual for one in rated] == sorted((r.residual for r in rated), reverse=True)


def test_numbers_of_a_full_square_stay_inside_it():
    square = heat_map.Square(0, 0, "high", " ".join(str(n) for n in range(1, 13)))
    heights = [height for height, _text in square.lines]
    assert [text for _height, text in square.lines] == ["1 2 3", "4 5 6", "7 8 9", "10 11 12"]
    assert min(heights) >= heat_map.LINE - 3
    assert max(heights) <= heat_map.CELL


def drawn(*ratings):
    """The second map of these likelihoods, impacts and what is left, with the class of each."""
    threats = list(KNOWN.threats)
    told = [
        {"code": code, "likelihood": row, "impact": impact, "residual": left}
        for code, (row, impact, left) in zip(threats, ratings, strict=False)
    ]
    risks = heat_map.of_shared(SharedRisks(version=1, risks=told))
    return heat_map.maps(risks, KNOWN)[1], {str(one.number): one.level for one in risks}


@pytest.mark.parametrize(
    "rating",
    [
        (row, impact, str(KNOWN.residual(row, impact, Decimal(maturity))))
        for row in range(1, 6)
        for impact in range(1, 6)
        for maturity in ("0", "1.33", "2.5", "4")
    ],
)
def test_map_shows_the_class_of_the_table(rating):
    """Rounded to a row, 12.0 of 15 stood in a field of the class below."""
    drawing, levels = drawn(rating)
    assert not drawing["has_star"]
    [square] = [one for one in drawing["squares"] if one.text]
    assert square.level == levels[square.text]


def test_map_marks_what_no_field_can_show():
    drawing, _levels = drawn((1, 1, "20"))
    assert drawing["has_star"]
    assert [one.text for one in drawing["squares"] if one.text] == ["1*"]
