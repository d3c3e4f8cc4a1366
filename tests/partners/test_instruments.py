"""Instruments: what covers an exchange, how the file is loaded, and what the desk changes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from partners import instrument_files, legal_basis
from partners.models import Instrument, InstrumentChange, InstrumentParty, PartnerType, Purpose
from portal import reference_files
from portal.errors import AlreadyDone, DomainError
from tests.factories import UserFactory
from tests.partners import instrument_flows as flows
from tests.partners.factories import InstrumentFactory, PartnerFactory
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 26)
DAY = timedelta(days=1)


def between(instrument: Instrument, *parties: object, **days: object) -> Instrument:
    for party in parties:
        who = {"country": party} if isinstance(party, str) else {"partner": party}
        InstrumentParty.objects.create(instrument=instrument, **who, **days)
    return instrument


def covered(instrument: Instrument, partner: object, purpose: str = Purpose.INVESTIGATION) -> bool:
    asked = {"own": "SE", "partner": partner, "purpose": purpose, "on": TODAY}
    sole = legal_basis.covering(**asked) == [instrument]
    assert sole == legal_basis.covers(instrument, **asked)
    return sole


# --- What covers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, True),
        ({"in_force_on": None}, False),
        ({"in_force_on": TODAY, "signed_on": TODAY}, True),
        ({"in_force_on": TODAY + DAY}, False),
        ({"signed_on": None, "in_force_on": None}, False),
        ({"ended_on": TODAY}, True),
        ({"ended_on": TODAY - DAY}, False),
        ({"purposes": [Purpose.ADMINISTRATIVE]}, False),
        ({"purposes": []}, False),
    ],
)
def test_covers_when_signed_in_force_and_for_the_purpose(fields, expected):
    instrument = between(InstrumentFactory(**fields), "SE", "NZ")
    assert covered(instrument, PartnerFactory(country="NZ")) is expected


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ({}, True),
        ({"since": TODAY}, True),
        ({"since": TODAY + DAY}, False),
        ({"until": TODAY}, True),
        ({"until": TODAY - DAY}, False),
        ({"since": TODAY - DAY, "until": TODAY + DAY}, True),
    ],
)
@pytest.mark.parametrize("side", ["SE", "NZ"])
def test_covers_while_both_sides_are_bound(days, expected, side):
    other = {"SE": "NZ", "NZ": "SE"}[side]
    instrument = between(between(InstrumentFactory(), other), side, **days)
    assert covered(instrument, PartnerFactory(country="NZ")) is expected


def test_country_alone_binds_no_one_else():
    instrument = between(InstrumentFactory(), "SE", "AU")
    assert not covered(instrument, PartnerFactory(country="NZ"))


def test_body_is_bound_by_name_and_not_by_its_seat():
    body = PartnerFactory(country="BE", type=PartnerType.EU_BODY)
    instrument = between(InstrumentFactory(), "SE", "BE")
    assert not covered(instrument, body)
    assert covered(between(instrument, body), body)


def test_bound_again_after_an_end():
    instrument = between(InstrumentFactory(), "SE")
    between(instrument, "NZ", until=TODAY - 30 * DAY)
    between(instrument, "NZ", since=TODAY - DAY)
    assert covered(instrument, PartnerFactory(country="NZ"))


def test_why_not_says_what_is_missing():
    instrument = between(InstrumentFactory(ended_on=TODAY - DAY), "SE", "NZ")
    asked = {"own": "SE", "partner": PartnerFactory(), "purpose": "recovery", "on": TODAY}
    assert legal_basis.why_not(instrument, **asked) == "It ended on 25 November 2026."


# --- The file -------------------------------------------------------------------------------


@pytest.fixture
def loaded():
    reference_files.load()
    call_command("load_instruments", verbosity=0)


@pytest.mark.usefixtures("loaded")
def test_shipped_instruments_bind_the_union():
    naples = Instrument.objects.get(code="naples-ii")
    assert (naples.signed_on, naples.confirmed) == (date(1997, 12, 18), False)
    assert naples.parties.count() == 27
    dutch = PartnerFactory(country="NL")
    found = legal_basis.covering(own="SE", partner=dutch, purpose=Purpose.PROSECUTION, on=TODAY)
    assert {one.code for one in found} == {
        "naples-ii",
        "decision-2009-917",
        "directive-2023-977",
    }


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("code", ["nl-sg-2019", "nl-ec-2023", "cclec-memorandum", "wco-nairobi"])
def test_what_is_not_confirmed_covers_nothing(code):
    instrument = Instrument.objects.get(code=code)
    partner = PartnerFactory(country="SG" if code == "nl-sg-2019" else "EC")
    asked = {"partner": partner, "purpose": Purpose.PREVENTION, "on": TODAY}
    assert not legal_basis.covers(instrument, own="NL", **asked)


@pytest.mark.usefixtures("loaded")
def test_load_again_keeps_what_officers_changed(tmp_path):
    Instrument.objects.filter(code="naples-ii").update(limits="Ask the desk.")
    other = tmp_path / "instrument.toml"
    text = instrument_files.FILE.read_text().replace("Official Journal; to be looked up", "OJ")
    other.write_text(text.replace("OJ C 24, 23.1.1998, p. 1", "OJ C 24"))
    report = instrument_files.load(other)
    assert (report["added"], report["updated"], report["kept"]) == (0, 4, 1)
    assert Instrument.objects.get(code="naples-ii").limits == "Ask the desk."


@pytest.mark.usefixtures("loaded")
def test_load_again_adds_the_body_that_the_directory_has_learned_of():
    olaf = PartnerFactory(code="OLAF", country="", type=PartnerType.EU_BODY)
    instrument_files.load()
    instrument_files.load()
    regulation = Instrument.objects.get(code="regulation-515-97")
    assert regulation.parties.filter(partner=olaf).count() == 1
    assert regulation.parties.count() == 28


@pytest.mark.parametrize(
    "text",
    [
        '[[instruments]]\ncode = "a b"\ntitle = "A"\nkind = "convention"\npurposes = []',
        '[[instruments]]\ncode = "a"\ntitle = "A"\nkind = "convention"\npurposes = ["fun"]',
        '[[instruments]]\ncode = "a"\ntitle = "A"\nkind = "custom"\npurposes = []',
        '[[instruments]]\ncode = "a"\ncolour = "red"',
    ],
)
def test_load_names_the_bad_entry_and_applies_nothing(tmp_path, text):
    path = tmp_path / "instrument.toml"
    path.write_text(text)
    with pytest.raises(ValidationError, match="instrument 1"):
        instrument_files.load(path)
    assert not Instrument.objects.exists()


# --- The desk -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [
        {"purposes": []},
        {"signed_on": None},
        {"in_force_on": TODAY - DAY},
    ],
)
def test_edit_refuses_what_cannot_be(wrong):
    with pytest.raises(DomainError):
        flows.edit(InstrumentFactory(), **wrong)


def test_edit_tells_two_editors_of_each_other():
    instrument = InstrumentFactory()
    flows.decided(flows.edit(instrument))
    with pytest.raises(AlreadyDone):
        flows.edit(instrument, title="Other")
    instrument.refresh_from_db()
    assert instrument.title == flows.WRITTEN["title"]


def test_end_is_proposed_of_what_goes_on_alone():
    instrument = flows.decided(flows.end(InstrumentFactory(), TODAY))
    with pytest.raises(AlreadyDone):
        flows.end(instrument, TODAY)
    with pytest.raises(DomainError):
        flows.end(InstrumentFactory(in_force_on=TODAY, signed_on=TODAY), TODAY - DAY)


def test_end_that_is_still_to_come_is_moved_and_one_that_is_over_stays():
    today = timezone.localdate()
    instrument = InstrumentFactory()
    flows.decided(flows.join(instrument, country="SE"))
    for day in (today + 9 * DAY, today - DAY):
        flows.decided(flows.leave(instrument.parties.get(), day))
        instrument = flows.decided(flows.end(instrument, day))
        assert (instrument.ended_on, instrument.parties.get().until) == (day, day)
    with pytest.raises(AlreadyDone):
        flows.end(instrument, today)
    with pytest.raises(AlreadyDone):
        flows.leave(instrument.parties.get(), today)


def test_party_is_one_of_two_and_each_once():
    instrument = InstrumentFactory()
    with pytest.raises(DomainError):
        flows.join(instrument)
    with pytest.raises(DomainError):
        flows.join(instrument, country="SE", partner=PartnerFactory(country=""))
    flows.decided(flows.join(instrument, country="SE"))
    with pytest.raises(AlreadyDone):
        flows.join(instrument, country="SE")


def test_party_that_was_bound_before_is_bound_again_from_a_day():
    instrument = flows.decided(flows.join(InstrumentFactory(), country="SE"))
    flows.decided(flows.leave(instrument.parties.get(), TODAY))
    with pytest.raises(DomainError):
        flows.join(instrument, country="SE")
    with pytest.raises(DomainError):
        flows.join(instrument, country="SE", since=TODAY)
    flows.decided(flows.join(instrument, country="SE", since=TODAY + DAY))
    assert instrument.parties.count() == 2


def test_party_runs_forward():
    with pytest.raises(IntegrityError, match="instrumentparty_runs_forward"), transaction.atomic():
        between(InstrumentFactory(), "SE", since=TODAY, until=TODAY - DAY)


def test_edit_page_keeps_what_was_typed_when_somebody_was_first(client):
    instrument = InstrumentFactory()
    at_the_desk(client, UserFactory(liaison_officer=True))
    url = f"/admin/partners/instrument/{instrument.pk}/propose_edit/"
    form = client.get(url).context["form"]
    Instrument.objects.filter(pk=instrument.pk).update(version=2)
    typed = {"title": "My own title", "kind": "agreement", "purposes": ["recovery"], "reason": "x"}
    page = client.post(url, {**typed, "version": form.initial["version"]})
    assert page.status_code == 200
    assert "My own title" in page.content.decode()
    assert "Somebody else changed this entry" in page.content.decode()


@pytest.mark.parametrize("role", ["caseworker", "triage_officer", "system_administrator"])
def test_others_find_no_instruments_at_the_desk(client, role):
    instrument = InstrumentFactory()
    at_the_desk(client, UserFactory(**{role: True}))
    base = "/admin/partners/instrument/"
    assert client.get(base).status_code in (403, 404)
    for verb in ("propose_edit", "propose_party", "propose_end"):
        assert client.get(f"{base}{instrument.pk}/{verb}/").status_code == 404
        assert client.post(f"{base}{instrument.pk}/{verb}/", {}).status_code == 404
    assert not InstrumentChange.objects.exists()


def test_list_asks_the_same_number_of_questions_whatever_its_length(
    client, django_assert_max_num_queries
):
    at_the_desk(client, UserFactory(liaison_officer=True))
    for _ in range(20):
        between(InstrumentFactory(signed_on=timezone.localdate() - 400 * DAY), "SE", "NZ")
    with django_assert_max_num_queries(9):
        client.get("/admin/partners/instrument/")
