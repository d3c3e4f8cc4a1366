"""Handing on what passed with a partner: use limits, originator control, a covering instrument."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from partners import onward
from partners.models import AGREED, Exchange, FurtherUse, InstrumentParty, Purpose
from partners.onward import Onward
from portal.errors import DomainError
from tests.partners import exchange_flows as flows
from tests.partners.factories import InstrumentFactory, PartnerFactory

pytestmark = pytest.mark.django_db
ONLY: dict[str, dict[str, Any]] = {
    use: {"onward_consent": "granted", "onward_uses": [use]} for use in FurtherUse.values
}
# What stands of the exchange, what is asked, and what is said; empty where it may leave.
HOME: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {}, ""),
    ({}, {"limits_read": False}, "Read the limits"),
    ({}, {"purpose": ""}, "for which purpose"),
    ({}, {"purpose": "whim"}, "for which purpose"),
    ({"handling": "H2"}, {}, "Handling code H2"),
    ({"handling": "H3", "onward_consent": "granted"}, {}, ""),
    ({"purpose": "prosecution"}, {"purpose": Purpose.PROSECUTION}, "not in court"),
    ({"onward_consent": "granted"}, {"purpose": Purpose.PROSECUTION}, ""),
    ({"onward_consent": "asked"}, {}, "has not agreed"),
    ({"onward_consent": "declined"}, {}, "has not agreed"),
    ({"instrument": None}, {}, "No instrument is recorded"),
    ({"instrument": None, "onward_consent": "conditional"}, {}, ""),
    ({"handling": "H2", **ONLY["purpose"]}, {}, "does not name this use: by another body"),
    ({"handling": "H2", **ONLY["body"]}, {}, ""),
    (
        {"purpose": "prosecution", **ONLY["purpose"]},
        {"purpose": Purpose.PROSECUTION},
        "does not name this use: in court",
    ),
    ({"purpose": "prosecution", **ONLY["court"]}, {"purpose": Purpose.PROSECUTION}, ""),
    (ONLY["court"], {"purpose": Purpose.PREVENTION}, "for another purpose than it passed for"),
    (ONLY["purpose"], {"purpose": Purpose.PREVENTION}, ""),
    ({}, {"purpose": Purpose.RECOVERY}, "does not cover this purpose"),
    ({}, {"purpose": Purpose.PREVENTION}, "passed for another purpose"),
    ({"onward_consent": "granted"}, {"purpose": Purpose.PREVENTION}, ""),
]


def tried(exchange: Exchange, stands: dict[str, Any], asked: dict[str, Any]) -> str:
    now = {
        "handling": "H1",
        "purpose": Purpose.INVESTIGATION,
        "onward_consent": "",
        "onward_uses": [],
        "instrument": exchange.instrument,
        **stands,
    }
    if now["onward_consent"] in AGREED and not now["onward_uses"]:
        now["onward_uses"] = FurtherUse.values
    Exchange.objects.filter(pk=exchange.pk).update(**now)
    given = {"purpose": Purpose.INVESTIGATION, "limits_read": True, **asked}
    try:
        onward.check(exchange, Onward(**given))
    except DomainError as error:
        return str(error)
    return ""


def expects(exchange: Exchange, table: list[tuple[dict[str, Any], dict[str, Any], str]]) -> None:
    for stands, asked, said in table:
        found = tried(exchange, stands, asked)
        assert (said in found) if said else not found, (stands, asked, found)


def test_somebody_at_home_gets_it_within_the_limits_and_with_consent():
    cast = flows.cast()
    cast.instrument.purposes = [Purpose.INVESTIGATION, Purpose.PREVENTION, Purpose.PROSECUTION]
    cast.instrument.save()
    expects(flows.registered(cast), HOME)


def test_another_body_gets_it_under_an_instrument_that_covers_it():
    cast = flows.cast()
    exchange = flows.registered(cast)
    here, abroad = PartnerFactory(country="NL"), PartnerFactory(country="NZ")
    treaty = InstrumentFactory(purposes=[Purpose.INVESTIGATION])
    for party in ("SE", "NZ"):
        InstrumentParty.objects.create(instrument=treaty, country=party)
    over = InstrumentFactory(ended_on=timezone.localdate() - timedelta(days=1))
    ground = {"transfer_ground": "safeguards"}
    agreed = {"onward_consent": "granted"}
    there = {"partner": abroad, "instrument": treaty}
    expects(
        exchange,
        [
            ({}, {"partner": here}, "Choose the instrument"),
            ({}, {"partner": here, "instrument": cast.instrument}, ""),
            ({}, {"partner": here, "instrument": treaty}, "is not bound by it"),
            ({}, {"partner": here, "instrument": over}, "It ended on"),
            ({}, {"partner": cast.partner, "instrument": cast.instrument}, "the partner itself"),
            ({}, {**there, **ground}, "outside the European Union"),
            (agreed, there, "ground of the transfer"),
            (agreed, {**there, **ground}, ""),
            (agreed, {**there, **ground, "purpose": Purpose.PREVENTION}, "not cover the purpose"),
        ],
    )


def test_what_has_not_been_sent_is_passed_on_to_nobody():
    cast = flows.cast()
    assert "not been sent" in tried(flows.approved(cast), {}, {})
