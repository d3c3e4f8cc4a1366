"""Brings the instruments of partners/data into the database without undoing officers' edits."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from partners.models import Instrument, InstrumentParty, Partner, Purpose
from portal import reference

FILE = Path(__file__).resolve().parent / "data" / "instrument.toml"
FIELDS = ("code", "title", "kind", "reference", "signed_on", "in_force_on", "ended_on", "purposes")
MORE = ("limits", "confirmed", "source")
Parties = list[tuple[str, str]]


def read(path: Path = FILE) -> list[tuple[Instrument, Parties]]:
    """Each instrument with its parties as (country, code of a partner); names the bad entry."""
    with path.open("rb") as file:
        rows = tomllib.load(file).get("instruments", [])
    found = [_entry(row, number) for number, row in enumerate(rows, start=1)]
    repeated = [code for code, count in Counter(one.code for one, _ in found).items() if count > 1]
    if repeated:
        raise ValidationError(f"{path.name}: repeated codes {', '.join(repeated)}")
    return found


def load(path: Path = FILE) -> Counter[str]:
    """How many instruments were added, updated, unchanged or kept as an officer left them.

    A party is added where it never was: the desk ends parties and removes none.
    """
    shipped = read(path)
    report: Counter[str] = Counter()
    with transaction.atomic():
        present = {one.code: one for one in Instrument.objects.select_for_update()}
        partners = dict(Partner.objects.values_list("code", "pk"))
        for instrument, parties in shipped:
            before = present.get(instrument.code)
            outcome = "added" if before is None else _bring_up_to_date(before, instrument)
            report[outcome] += 1
            if before is None:
                instrument.save(force_insert=True)
            if outcome != "kept":
                _lay_down(before or instrument, parties, partners)
    return report


def fingerprint(instrument: Instrument) -> str:
    values = [str(getattr(instrument, name) or "") for name in (*FIELDS, *MORE)]
    text = json.dumps(values, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def edited(instrument: Instrument) -> bool:
    """Whether an officer changed it, or made it."""
    return instrument.shipped != fingerprint(instrument)


def _bring_up_to_date(before: Instrument, shipped: Instrument) -> str:
    if before.shipped == shipped.shipped:
        return "unchanged"
    if edited(before):
        return "kept"
    for name in (*FIELDS, *MORE, "shipped"):
        setattr(before, name, getattr(shipped, name))
    before.version += 1
    before.save()
    return "updated"


def _lay_down(instrument: Instrument, parties: Parties, partners: dict[str, int]) -> None:
    known = {(str(one.country), one.partner_id) for one in instrument.parties.all()}
    wanted = [(country, partners.get(code)) for country, code in parties]
    InstrumentParty.objects.bulk_create(
        InstrumentParty(instrument=instrument, country=country, partner_id=partner_id)
        for country, partner_id in wanted
        if (country or partner_id) and (country, partner_id) not in known
    )


def _entry(row: dict[str, Any], number: int) -> tuple[Instrument, Parties]:
    try:
        row = dict(row)
        countries = [*(_union() if row.pop("union", False) else []), *row.pop("countries", [])]
        codes = row.pop("partners", [])
        instrument = Instrument(**row)
        if unknown := set(instrument.purposes) - set(Purpose.values):
            raise ValueError(f"unknown purposes {', '.join(sorted(unknown))}")
        instrument.clean_fields(exclude=["purposes"])
    except (TypeError, ValueError, ValidationError) as error:
        raise ValidationError(f"instrument {number}: {error}") from error
    instrument.shipped = fingerprint(instrument)
    return instrument, [*((one, "") for one in countries), *(("", code) for code in codes)]


def _union() -> list[str]:
    return [found.code for found in reference.items("eu_member_state")]
