"""Forty-five invented firms: the same at every run, and the list that the register would export."""

from __future__ import annotations

import csv
import io
import random
from dataclasses import dataclass
from datetime import date, timedelta

from portal import demonstration as people

# How far each firm gets, and how many of them: every state the first path knows.
TARGETS = {
    "unsent": 3,
    "sent": 4,
    "declined": 2,
    "offer_withdrawn": 1,
    "accepted": 2,
    "named": 2,
    "drafted": 2,
    "proposed": 3,
    "returned": 2,
    "sealed": 2,
    "half_signed": 1,
    "signed": 3,
    "withdrawn": 1,
    "in_force": 4,
    "suspended": 1,
    "reinstated": 1,
    "under_notice": 1,
    "under_review": 1,
    "suspended_for_cause": 1,
    "rebased": 1,
    "terminated": 1,
    "amending": 1,
    "association": 1,
    "reopened": 1,
    "expired": 1,
    "amended": 1,
    "amendment_signing": 1,
}
# Firms whose name says what they are, by target.
NAMES = {
    "association": "Nordic Forwarders’ Association",
    "expired": "Association of Harbour Hauliers",
}
# Rows that the import refuses, so that the demonstration shows how it says so.
SPOILT = b"""Falsum Cargo AB,SE,SE5551234567,SEAEOX1,F,2026-02-01,falsum@firm98.example
Longa Shipping AB,SE,SE5557654321,SEAEOF777,F,1 February,longa@firm99.example
=cmd AB,SE,SE5550000001,SEAEOF778,F,2026-02-01,
"""

PLACES = [
    "Norrvik",
    "Halland",
    "Västerö",
    "Lindholm",
    "Bergsund",
    "Ostra",
    "Kallvik",
    "Rosenborg",
    "Marsfjord",
    "Tallberg",
]
TRADES = [
    "Freight",
    "Logistics",
    "Shipping",
    "Cargo",
    "Warehousing",
    "Forwarding",
    "Transport",
    "Terminals",
]
FORMS = {"SE": "AB", "NL": "B.V.", "DE": "GmbH", "FI": "Oy", "DK": "A/S", "PL": "Sp. z o.o."}
# Digits of the national part of an EORI number, as many as each country uses.
DIGITS = {"SE": 10, "NL": 9, "DE": 15, "FI": 8, "DK": 8, "PL": 12}
FIRST = [
    "Anna",
    "Björn",
    "Clara",
    "David",
    "Ebba",
    "Felix",
    "Greta",
    "Henrik",
    "Ida",
    "Johan",
    "Klara",
    "Lukas",
    "Maja",
    "Nils",
]
LAST = [
    "Alm",
    "Berg",
    "Dahl",
    "Ek",
    "Falk",
    "Grip",
    "Hall",
    "Isak",
    "Juhl",
    "Krona",
    "Lund",
    "Moberg",
    "Norén",
    "Quist",
    "Rask",
]


@dataclass(frozen=True)
class Firm:
    """One invented firm: a row of the imported list, and how far it is led."""

    number: int
    name: str
    country: str
    kind: str
    target: str
    person: str

    @property
    def email(self) -> str:
        return (
            ""
            if self.target == "unsent"
            else f"office{self.number:02}@firm{self.number:02}.example"
        )

    @property
    def eori(self) -> str:
        digits = f"{self.number:02}{'5' * 20}"[: DIGITS[self.country]]
        return (
            f"{self.country}{digits[:7]}-{digits[7]}"
            if self.country == "FI"
            else self.country + digits
        )

    @property
    def certificate(self) -> str:
        return f"{self.country}AEO{self.kind}{2600000 + self.number}"


def firms() -> list[Firm]:
    """The same at every run."""
    chance = random.Random(people.SEED)  # noqa: S311 - names, not secrets
    names = [f"{place} {trade}" for place in PLACES for trade in TRADES]
    chance.shuffle(names)
    targets = [target for target, count in TARGETS.items() for _ in range(count)]
    return [
        Firm(
            number=number,
            name=NAMES.get(target, f"{names[number]} {FORMS[country]}"),
            country=country,
            kind=chance.choice("CSFF"),
            target=target,
            person=f"{chance.choice(FIRST)} {chance.choice(LAST)}",
        )
        for number, target in enumerate(targets, start=1)
        for country in [chance.choice(["SE", "SE", "SE", "NL", "DE", "FI", "DK", "PL"])]
    ]


def certificate_list(rows: list[Firm]) -> bytes:
    """The firms as the register would export them."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        [
            "holder",
            "country",
            "EORI",
            "certificate number",
            "type",
            "effective date",
            "contact e-mail",
        ]
    )
    for firm in rows:
        day = date(2026, 1, 1) + timedelta(days=firm.number)
        writer.writerow(
            [firm.name, firm.country, firm.eori, firm.certificate, firm.kind, day, firm.email]
        )
    return text.getvalue().encode()
