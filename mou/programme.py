"""Loads what the agreements need before the first one: programme, trust scheme, templates."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from mou.models import Clause, MutualRecognition, Programme, Template, TrustScheme
from portal.errors import DomainError

DATA = Path(__file__).parent / "data"
# The columns of a clause that must be the same in the file and in the database.
_TOLD = ("code", "title", "text")


@transaction.atomic
def load() -> list[str]:
    """Load whatever is missing; returns a line for each thing loaded.

    A template that exists is never changed, because agreements were drafted from it: a data file
    that differs from it is refused (DomainError).
    """
    lines = []
    programme, new = Programme.objects.get_or_create(
        code="mou",
        defaults={
            "name": _("Cooperation against customs crime"),
            "owner": settings.BRAND["administration"],
            "purpose": _(
                "Firms and customs together keep criminals from misusing lawful transports."
            ),
        },
    )
    if new:
        lines.append(f"programme {programme.code}")
    scheme, new = TrustScheme.objects.get_or_create(
        code="aeo",
        defaults={
            "name": _("Authorised economic operator (AEO)"),
            "legal_basis": "Reg. (EU) No 952/2013, Art. 38–41",
            "valid_from": date(2016, 5, 1),
        },
    )
    if new:
        lines.append(f"trust scheme {scheme.code}")
    lines += _load_recognitions(scheme)
    for path in sorted(DATA.glob("template_*.toml")):
        if _load_template(programme, tomllib.loads(path.read_text()), path.name):
            lines.append(f"template {path.stem}")
    return lines


def _load_recognitions(scheme: TrustScheme) -> list[str]:
    """Countries that recognise the status and are not known yet; what stands stays as it is."""
    data = tomllib.loads((DATA / "recognition.toml").read_text())
    known = set(scheme.recognitions.values_list("country", flat=True))
    missing = [one for one in data["recognition"] if one["country"] not in known]
    MutualRecognition.objects.bulk_create(
        MutualRecognition(scheme=scheme, **one) for one in missing
    )
    return [f"mutual recognition {one['country']}" for one in missing]


def _load_template(programme: Programme, data: dict[str, Any], file_name: str) -> bool:
    wanted = [{key: clause[key].strip() for key in _TOLD} for clause in data["clauses"]]
    template, new = Template.objects.get_or_create(
        programme=programme,
        language=data["language"],
        shipped_as=data["version"],
        defaults={
            # At the desk versions may have been made meanwhile.
            "version": max(data["version"], _last(programme, data["language"]) + 1),
            "title": data["title"],
            "months": data.get("months"),
            "valid_from": data["valid_from"],
        },
    )
    if new:
        Clause.objects.bulk_create(
            Clause(
                template=template,
                position=position,
                is_negotiable=told.get("negotiable", True),
                **clause,
            )
            for position, (told, clause) in enumerate(
                zip(data["clauses"], wanted, strict=True), start=1
            )
        )
    elif list(template.clauses.order_by("position").values(*_TOLD)) != wanted:
        raise DomainError(
            _("%(file)s differs from the template that was loaded: give it a new version number.")
            % {"file": file_name}
        )
    return new


def _last(programme: Programme, language: str) -> int:
    known = Template.objects.filter(programme=programme, language=language)
    return known.aggregate(last=Max("version"))["last"] or 0
