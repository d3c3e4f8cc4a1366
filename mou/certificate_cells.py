"""The rules for single cells of a certificate list: what each says, or why it is wrong."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

from mou.models.trust import CertificateType, normalise_number

NUMBER = re.compile(r"[A-Z]{2}AEO[CSF][A-Z0-9/.\-]{1,29}")
EORI = re.compile(r"[A-Z]{2}[\x21-\x7E]{1,15}")
DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
STANDINGS = ("", "valid", "suspended", "revoked", "annulled")
NOT_GIVEN = "no"
LONGEST_NAME = 200
LONGEST_NUMBER = 60


@dataclass
class Wrong(Exception):
    reason: str


def _holder(cell: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", cell).split())
    if not name:
        raise Wrong(_("The holder is missing."))
    if len(name) > LONGEST_NAME:
        raise Wrong(_("The holder’s name is longer than 200 characters."))
    return name


def _country(cell: str) -> str:
    code = cell.strip().upper()
    if not re.fullmatch("[A-Z]{2}", code):
        raise Wrong(_("The country must be a code of two letters, such as SE."))
    return code


def _eori(cell: str) -> str:
    eori = re.sub(r"\s+", "", cell).upper()
    if not eori:
        raise Wrong(_("The EORI number is missing."))
    if not EORI.fullmatch(eori):
        raise Wrong(
            _("The EORI number is not well-formed: two letters and up to 15 more characters.")
        )
    return eori


def _number(cell: str) -> str:
    number = " ".join(cell.split()).upper()
    if not number:
        raise Wrong(_("The certificate number is missing."))
    if len(number) > LONGEST_NUMBER or not NUMBER.fullmatch(normalise_number(number)):
        raise Wrong(
            _(
                "The certificate number is not well-formed: country code, AEOC, AEOS or AEOF, "
                "then 1 to 29 letters, digits, slashes, dots or hyphens."
            )
        )
    return number


def _type(cell: str) -> str:
    code = cell.strip().upper().removeprefix("AEO")
    if code not in CertificateType.values:
        raise Wrong(_("The type must be C, S or F (or AEOC, AEOS, AEOF)."))
    return code


def _effective(cell: str) -> date:
    text = cell.strip()
    try:
        if DATE.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        raise Wrong(_("The date does not exist: {date}.").format(date=text)) from None
    raise Wrong(_("A date must be written year-month-day, such as 2026-11-24."))


def _email(cell: str) -> str:
    address = cell.strip().lower()
    try:
        if address:
            validate_email(address)
    except ValidationError:
        raise Wrong(_("The contact e-mail is not an e-mail address.")) from None
    if len(address) > 254:
        raise Wrong(_("The contact e-mail is not an e-mail address."))
    return address


def _authority(cell: str) -> str:
    name = " ".join(unicodedata.normalize("NFC", cell).split())
    if len(name) > LONGEST_NAME:
        raise Wrong(_("The competent authority is longer than 200 characters."))
    return name


def _worth(cell: str) -> str:
    word = cell.strip().lower()
    if word not in STANDINGS:
        raise Wrong(_("A part is valid, suspended, revoked or annulled, or its cell is empty."))
    return word


def _day(cell: str) -> date | None:
    return _effective(cell) if cell.strip() else None


def _consent(cell: str) -> str:
    if cell.strip().lower() in ("", NOT_GIVEN):
        return cell.strip().lower()
    day = _effective(cell)
    if day > timezone.localdate():
        raise Wrong(_("The day of a consent lies in the future."))
    return day.isoformat()


RULES: dict[str, Callable[[str], Any]] = {
    "holder": _holder,
    "country": _country,
    "eori": _eori,
    "number": _number,
    "type": _type,
    "effective": _effective,
    "email": _email,
    "authority": _authority,
    "simplifications": _worth,
    "security": _worth,
    "decided": _day,
    "since": _day,
    "publication": _consent,
    "exchange": _consent,
}
