"""The rules for rows of a certificate list: what each says, or why it is not taken over."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from mou.certificate_cells import RULES, Wrong
from mou.certificate_files import HEADINGS, Record
from mou.models.trust import normalise_number
from portal.spreadsheets import FORMULA

# Control characters, and those that turn or hide what stands beside them.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


def stem(number: str) -> str:
    """What stays of a number when the certificate changes from one type to another."""
    return re.sub(r"^([A-Z]{2}AEO)[CSF]", r"\1*", normalise_number(number))


@dataclass(frozen=True)
class Certificate:
    """One row that keeps the rules."""

    holder: str
    country: str
    eori: str
    number: str
    type: str
    effective_from: date
    email: str = ""
    authority: str = ""
    # What each half is worth, where the list says so, and since when.
    simplifications: str = ""
    security: str = ""
    decided: date | None = None
    since: date | None = None
    # The day on which the holder gave each consent, or NOT_GIVEN; empty where the list is silent.
    publication: str = ""
    exchange: str = ""

    @property
    def normalised(self) -> str:
        return normalise_number(self.number)


@dataclass(frozen=True)
class Row:
    """One row of the file: the certificate, or the reasons why there is none."""

    record: Record
    certificate: Certificate | None
    reasons: list[str] = field(default_factory=list)

    @property
    def values(self) -> dict[str, Any]:
        """What the file said, for the list of rejected rows."""
        return {**self.record.cells, "surplus": self.record.surplus}


def check(records: Iterable[Record], *, member_states: Collection[str]) -> list[Row]:
    """Every row by itself, then against the rows above it."""
    above = _Above()
    rows = []
    for record in records:
        row = _check(record, member_states)
        if row.certificate and (reason := above.contradict(row.certificate, record.line)):
            row = Row(record, None, [reason])
        rows.append(row)
    return rows


class _Above:
    """The good rows so far, by certificate and by holder."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}
        self.stems: dict[tuple[str, str], int] = {}
        self.holders: dict[str, tuple[int, str]] = {}
        self.emails: dict[str, tuple[int, str]] = {}

    def contradict(self, found: Certificate, line: int) -> str:
        """Why this row cannot stand beside those above; else it is one of them from now on."""
        named = found.eori, stem(found.number)
        if first := self.numbers.get(found.normalised):
            return _("The same certificate stands in line {line} already.").format(line=first)
        if first := self.stems.get(named):
            return _("The same certificate stands in line {line} with another type.").format(
                line=first
            )
        first, holder = self.holders.setdefault(found.eori, (line, found.holder))
        if holder != found.holder:
            return _("Line {line} gives another holder for the same EORI number.").format(
                line=first
            )
        first, email = self.emails.get(found.eori, (line, found.email))
        if found.email and email != found.email:
            return _("Line {line} gives another e-mail address for the same holder.").format(
                line=first
            )
        if found.email:
            self.emails.setdefault(found.eori, (line, found.email))
        self.numbers[found.normalised] = self.stems[named] = line
        return ""


def _check(record: Record, member_states: Collection[str]) -> Row:
    if reasons := _spoilt(record):
        return Row(record, None, reasons)
    values: dict[str, Any] = {}
    for column, rule in RULES.items():
        try:
            values[column] = rule(record.cells.get(column, ""))
        except Wrong as wrong:
            reasons.append(wrong.reason)
    reasons += _mismatches(values, member_states)
    if reasons:
        return Row(record, None, reasons)
    values["effective_from"] = values.pop("effective")
    return Row(record, Certificate(**values))


def _spoilt(record: Record) -> list[str]:
    """What makes reading the single cells pointless."""
    if record.broken:
        return [record.broken]
    reasons = [
        _("The cell “{column}” begins like a formula.").format(column=HEADINGS[column])
        for column, cell in record.cells.items()
        if FORMULA.match(cell)
    ]
    reasons += [
        _("The cell “{column}” contains characters that cannot be seen.").format(
            column=HEADINGS[column]
        )
        for column, cell in record.cells.items()
        if UNSEEN.search(cell) and not FORMULA.match(cell)
    ]
    if record.surplus:
        reasons.append(_("The row has more cells than there are columns."))
    return reasons


def _mismatches(values: dict[str, Any], member_states: Collection[str]) -> list[str]:
    """What contradicts what within one row, as far as its cells could be read."""
    country, number, kind = values.get("country"), values.get("number"), values.get("type")
    reasons = [
        _("A certificate of the type {type} has no part “{part}”.").format(
            type=kind, part=HEADINGS[part]
        )
        for part, without in (("simplifications", "S"), ("security", "C"))
        if kind == without and values.get(part)
    ]
    if country and country not in member_states:
        reasons.append(_("{country} is not a member state.").format(country=country))
    if number:
        number = normalise_number(number)
        if country and number[:2] != country:
            reasons.append(
                _("The certificate number begins with {prefix}, the country is {country}.").format(
                    prefix=number[:2], country=country
                )
            )
        if kind and number[5] != kind:
            reasons.append(
                _("The certificate number says {found}, the type is {type}.").format(
                    found=f"AEO{number[5]}", type=kind
                )
            )
    return reasons
