"""Numbers of the trade: their one spelling, and a doubt where a check digit or shape does not fit.

A doubt is a warning and never a reason to refuse: who reports may have read a number in the dark.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypedDict

from django.utils.translation import gettext as _

from portal import reference


class Identifier(TypedDict):
    """As it was typed, as it is compared, and what is doubtful about it."""

    raw: str
    normalised: str
    warning: str


def checked(kind: str, raw: str) -> Identifier:
    """A number with its one spelling and, in the reader's language, any doubt about it."""
    plain = normalised(kind, raw)
    return {"raw": raw, "normalised": plain, "warning": warning(kind, plain)}


def normalised(kind: str, raw: str) -> str:
    """The spelling under which two entries of one number are the same."""
    return _SPELLINGS.get(kind, _plain)(raw)


def warning(kind: str, plain: str) -> str:
    """The doubt about a number in its one spelling; empty when there is none, or no check."""
    return _CHECKS[kind](plain) if plain and kind in _CHECKS else ""


# --- One spelling ---------------------------------------------------------------------------


def _plain(raw: str) -> str:
    return "".join(c for c in raw.upper() if c.isalnum())


def _eori(raw: str) -> str:
    # Some countries have hyphens inside, and they are part of it.
    return "".join(raw.upper().split())


def _imo(raw: str) -> str:
    return _plain(raw).removeprefix("IMO")


def _phone(raw: str) -> str:
    digits = "".join(c for c in raw if c.isdecimal())
    if raw.strip().startswith("+"):
        return f"+{digits}"
    return f"+{digits[2:]}" if digits.startswith("00") else digits


def _handle(raw: str) -> str:
    return "".join(raw.casefold().split()).removeprefix("@")


_SPELLINGS: dict[str, Callable[[str], str]] = {
    "eori": _eori,
    "imo": _imo,
    "phone": _phone,
    "handle": _handle,
}


# --- Doubts ---------------------------------------------------------------------------------


def _digits(text: str) -> list[int]:
    return [int(c) for c in text]


def _container(plain: str) -> str:
    """ISO 6346: owner, category U, J or Z, six digits and a check digit."""
    if not re.fullmatch(r"[A-Z]{3}[UJZ][0-9]{7}", plain):
        return _(
            "A container number is four letters, the last of them U, J or Z, and seven digits."
        )
    total = sum(_iso_value(c) << place for place, c in enumerate(plain[:10]))
    return "" if total % 11 % 10 == int(plain[10]) else _misread()


def _iso_value(character: str) -> int:
    if character.isdigit():
        return int(character)
    # Letters count from 10, leaving out 11, 22 and 33.
    value = ord(character) - ord("A") + 10
    return value + (value - 1) // 10


def _ship(plain: str) -> str:
    if not re.fullmatch(r"[0-9]{7}", plain):
        return _("An IMO number is seven digits.")
    total = sum(weight * d for weight, d in zip(range(7, 1, -1), _digits(plain), strict=False))
    return "" if total % 10 == int(plain[6]) else _misread()


def _air_waybill(plain: str) -> str:
    if not re.fullmatch(r"[0-9]{11}", plain):
        return _("An air waybill number is three digits of the airline and eight more.")
    return "" if int(plain[3:10]) % 7 == int(plain[10]) else _misread()


def _postal_item(plain: str) -> str:
    """UPU S10: service, eight digits, a check digit, country."""
    if not re.fullmatch(r"[A-Z]{2}[0-9]{9}[A-Z]{2}", plain):
        return _("A postal item number is two letters, nine digits and two letters.")
    weights = (8, 6, 4, 2, 3, 5, 9, 7)
    total = sum(w * d for w, d in zip(weights, _digits(plain[2:10]), strict=True))
    expected = {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11)
    return "" if expected == int(plain[10]) else _misread()


def _eori_doubt(plain: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}[\x21-\x7E]{1,15}", plain):
        return _("An EORI number is two letters of a country and up to 15 characters.")
    return reference.eori_warning(plain)


def _hs_code(plain: str) -> str:
    if not re.fullmatch(r"(?:[0-9]{2}){2,5}", plain):
        return _("A tariff code is 4, 6, 8 or 10 digits.")
    # Chapter 77 is kept free by the system itself.
    return _("No chapter of the tariff begins like this.") if plain[:2] in {"00", "77"} else ""


def _locode(plain: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}[A-Z2-9]{3}", plain):
        return _("A place code is two letters of a country and three of a place, such as SEGOT.")
    if reference.item("locode", plain) is None:
        return _("Our short list does not have this place code. It may well exist.")
    return ""


def _mrn(plain: str) -> str:
    if not re.fullmatch(r"[0-9]{2}[A-Z]{2}[A-Z0-9]{14}", plain):
        return _("A movement reference number is 18 characters: year, country and 14 more.")
    return ""


def _vat(plain: str) -> str:
    if not re.fullmatch(r"[A-Z]{2}[A-Z0-9]{2,13}", plain):
        return _("A VAT number begins with two letters of a country, then up to 13 characters.")
    return ""


def _wagon(plain: str) -> str:
    """UIC: twelve digits, the last by Luhn."""
    if not re.fullmatch(r"[0-9]{12}", plain):
        return _("A wagon number is twelve digits.")
    doubled = [d * (2 if place % 2 == 0 else 1) for place, d in enumerate(_digits(plain))]
    return "" if sum(d // 10 + d % 10 for d in doubled) % 10 == 0 else _misread()


def _plate(plain: str) -> str:
    return "" if 2 <= len(plain) <= 12 else _("A number plate has 2 to 12 letters and digits.")


def _phone_doubt(plain: str) -> str:
    if re.fullmatch(r"\+?[0-9]{5,15}", plain):
        return ""
    return _("A telephone number is 5 to 15 digits, best with + and the country in front.")


def _misread() -> str:
    return _(
        "The check digit does not fit: a character may be wrong. Look again if you safely can."
    )


_CHECKS: dict[str, Callable[[str], str]] = {
    "container": _container,
    "imo": _ship,
    "air_waybill": _air_waybill,
    "postal_item": _postal_item,
    "eori": _eori_doubt,
    "hs_code": _hs_code,
    "locode": _locode,
    "mrn": _mrn,
    "vat": _vat,
    "wagon": _wagon,
    "plate": _plate,
    "phone": _phone_doubt,
}
