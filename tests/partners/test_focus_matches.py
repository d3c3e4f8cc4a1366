"""Which reports a focus area means: a table of cases, and laws for any area and any report."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partners.focus import Facts, Match, match
from partners.models import FocusArea

DAY = date(2026, 11, 26)
LINEAGE = {"SYNTHETIC_DRUGS": {"SYNTHETIC_DRUGS", "NARCOTICS"}}
POST = {"modes": ["5"]}
BY_POST = {"mode": "5"}

# What the area says, what the report says, and whether they fit.
CODES = [
    ({}, {}, False),
    ({"commodities": ["SYNTHETIC_DRUGS"]}, {"category": "SYNTHETIC_DRUGS"}, True),
    ({"commodities": ["NARCOTICS"]}, {"category": "SYNTHETIC_DRUGS"}, True),
    ({"commodities": ["SYNTHETIC_DRUGS"]}, {"category": "NARCOTICS"}, False),
    ({"commodities": ["SYNTHETIC_DRUGS"]}, {"category": ""}, False),
    ({"commodities": ["TOBACCO", "NARCOTICS"]}, {"category": "TOBACCO"}, True),
    ({"directions": ["EXPORT"]}, {"direction": "EXPORT"}, True),
    ({"directions": ["EXPORT"]}, {"direction": "IMPORT"}, False),
    ({"directions": ["EXPORT"]}, {"direction": ""}, False),
    ({"modes": ["5", "EXPRESS"]}, {"mode": "5"}, True),
    ({"modes": ["5"]}, {"mode": "1"}, False),
    ({"commodities": ["TOBACCO"], "modes": ["5"]}, {"category": "TOBACCO", "mode": "5"}, True),
    ({"commodities": ["TOBACCO"], "modes": ["5"]}, {"category": "TOBACCO", "mode": "1"}, False),
    (POST | {"since": DAY}, BY_POST, True),
    (POST | {"since": DAY + timedelta(days=1)}, BY_POST, False),
    (POST | {"until": DAY}, BY_POST, True),
    (POST | {"until": DAY - timedelta(days=1)}, BY_POST, False),
    ({"origins": ["NL"]}, {"origin": "NL"}, False),
    (POST | {"origins": ["NL", "BE"]}, BY_POST | {"origin": "NL"}, True),
    (POST | {"origins": ["NL", "BE"]}, BY_POST | {"origin": "CN"}, False),
    (POST | {"origins": ["NL", "BE"]}, BY_POST | {"destination": "CN"}, True),
    (POST | {"origins": ["NL", "BE"]}, BY_POST, True),
]

# Countries of the area's partners; direction, origin and destination of the report; the answer.
COUNTRIES = [
    ([], "EXPORT", "NL", "NZ", True),
    (["AU"], "EXPORT", "", "AU", True),
    (["AU"], "EXPORT", "", "NZ", False),
    (["AU"], "EXPORT", "NL", "NZ", False),
    (["AU", "NZ"], "EXPORT", "NL", "NZ", True),
    # Made here, and nobody knows for whom: it may be for the partner.
    (["AU"], "EXPORT", "NL", "", True),
    (["AU"], "EXPORT", "", "", True),
    (["AU"], "EXPORT", "AU", "NZ", True),
    (["AU"], "IMPORT", "AU", "", True),
    (["AU"], "IMPORT", "CN", "", False),
    (["AU"], "IMPORT", "", "SE", True),
    (["AU"], "IMPORT", "CN", "AU", True),
    # Either end may be the partner's.
    (["AU"], "TRANSIT", "", "NZ", True),
    (["AU"], "TRANSIT", "CN", "", True),
    (["AU"], "TRANSIT", "CN", "NZ", False),
    (["AU"], "", "CN", "NZ", False),
    (["AU"], "", "CN", "", True),
]


def fits(area, facts, countries=()):
    lineage = LINEAGE.get(facts.category, {facts.category} - {""})
    return match(FocusArea(**area), facts, lineage=lineage, on=DAY, countries=countries)


@pytest.mark.parametrize(("area", "report", "answer"), CODES)
def test_area_matches_by_the_codes_of_the_report(area, report, answer):
    assert bool(fits(area, Facts(**report))) is answer


@pytest.mark.parametrize(("countries", "direction", "origin", "destination", "answer"), COUNTRIES)
def test_area_matches_by_the_countries_of_its_partners(
    countries, direction, origin, destination, answer
):
    facts = Facts(mode="5", direction=direction, origin=origin, destination=destination)
    assert bool(fits(POST, facts, countries)) is answer


# --- Laws -----------------------------------------------------------------------------------

KINDS = ("", "SYNTHETIC_DRUGS", "NARCOTICS", "TOBACCO")
DIRECTIONS = ("", "IMPORT", "EXPORT", "TRANSIT")
PLACES = ("", "AU", "NL", "CN")


def some(of):
    return st.lists(st.sampled_from([one for one in of if one]), unique=True, max_size=2)


REPORTS = st.builds(
    Facts,
    category=st.sampled_from(KINDS),
    direction=st.sampled_from(DIRECTIONS),
    mode=st.sampled_from(["", "1", "5"]),
    origin=st.sampled_from(PLACES),
    destination=st.sampled_from(PLACES),
)
AREAS = st.fixed_dictionaries(
    {
        "commodities": some(KINDS),
        "directions": some(DIRECTIONS),
        "modes": some(["1", "5"]),
        "origins": some(PLACES),
    }
)


@given(area=AREAS, facts=REPORTS, countries=some(PLACES))
def test_area_matches_when_every_word_of_the_rule_holds_and_only_then(area, facts, countries):
    narrowed = area["commodities"] or area["directions"] or area["modes"]
    goods = LINEAGE.get(facts.category, {facts.category})
    codes = [
        (area["commodities"], goods),
        (area["directions"], {facts.direction}),
        (area["modes"], {facts.mode}),
    ]
    by_codes = all(not asked or set(asked) & said for asked, said in codes)
    by_origin = not area["origins"] or facts.origin == "" or facts.origin in area["origins"]
    by_partner = (
        not countries
        or facts.origin in countries
        or facts.destination in countries
        or (facts.destination == "" and facts.direction != "IMPORT")
        or (facts.origin == "" and facts.direction != "EXPORT")
    )
    answer = narrowed and by_codes and by_origin and by_partner
    assert bool(fits(area, facts, countries)) is bool(answer)


@given(area=AREAS, facts=REPORTS, countries=some(PLACES))
def test_countries_that_nobody_noted_hide_no_match(area, facts, countries):
    blank = replace(facts, origin="", destination="")
    assert bool(fits(area, blank, countries)) == bool(fits(area | {"origins": []}, facts))


@given(area=AREAS, facts=REPORTS, countries=some(PLACES))
def test_countries_of_an_area_only_ever_narrow(area, facts, countries):
    assert fits(area, facts, countries) <= fits(area | {"origins": []}, facts)


@given(area=AREAS, facts=REPORTS, countries=some(PLACES))
def test_match_is_certain_when_no_country_that_turns_up_can_undo_it(area, facts, countries):
    ends = [(facts.origin,), (facts.destination,)]
    known = [end if end[0] else (*PLACES[1:], "NZ") for end in ends]
    filled = [replace(facts, origin=one, destination=other) for one, other in product(*known)]
    surely = all(fits(area, one, countries) for one in filled)
    assert (fits(area, facts, countries) is Match.CERTAIN) == surely
