"""The evidence report of a signed version: who signed what, when and how, for a judge to read.

A file of its own: a page added to the signed one would break its signatures.
"""

from __future__ import annotations

import json
from datetime import datetime
from importlib import import_module
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mou.event_words import EVENTS
from mou.models import HistoryEntry, MouVersion, Party, Signature, Step
from mou.verdict import Verification
from portal.models import User

DATA = "evidence.json"
STYLE = "mou/document.css"
# Until the portal speaks other languages the report is in one; what it quotes keeps its own.
LANGUAGE = "en"
# What of an officer's evidence stays with the administration. The hash covers it all the same.
WITHHELD = ("email", "address", "browser")


def report_of(version: MouVersion, found: Verification) -> dict[str, Any]:
    """All that the report says, in plain values; `found` is the check of the archived file."""
    mou, made = version.mou, version.signatures.filter(status="stamped")
    with translation.override(LANGUAGE):
        return {
            "agreement": mou.number,
            "number": mou.number,
            "version": version.number,
            "made_at": timezone.now().isoformat(),
            "title": version.content["title"],
            "language": version.content["language"],
            "template": version.content["template"],
            "content_sha256": version.content_hash,
            "administration": version.content["administration"],
            "business": version.content["business"],
            "basis": version.content["basis"],
            "trust_status": _trust(version),
            "mark": version.content["mark"],
            "documents": [_document(one) for one in version.documents.order_by("pk")],
            "acceptances": [
                {
                    "party": one.get_party_display(),
                    "name": _name(one.accepted_by, one.party),
                    "at": one.accepted_at.isoformat(),
                    "content_sha256": one.content_hash,
                }
                for one in version.acceptances.select_related("accepted_by").order_by("accepted_at")
            ],
            "signatures": [_signature(one) for one in made.select_related("signer").order_by("pk")],
            "check": {"headline": found.headline, "sentences": found.sentences},
            "events": _events(version),
        }


def render(report: dict[str, Any], *, verification_url: str) -> bytes:
    """The report as a PDF with its data attached."""
    with translation.override(LANGUAGE):
        page, of, end = _("Page {page} of {pages}").replace("{pages}", "{page}").split("{page}")
        no_effect = _("this document has no legal effect")
        context = {
            "report": report,
            "content": {"language": LANGUAGE},
            "mark": report["mark"] and f"{report['mark']}: {no_effect}",
            "verification_url": verification_url,
            "page_words": (page, of, end),
            "language_name": dict(settings.LANGUAGES).get(report["language"], report["language"]),
        }
        markup = render_to_string("mou/documents/evidence.html", context)
        about = _("This report as data")
    press = import_module("portal.press")
    data = press.Data(DATA, canonical(report), about)
    pdf: bytes = press.set_document(markup, style=STYLE, code=verification_url, data=data)
    return pdf


def canonical(values: dict[str, Any]) -> bytes:
    """The byte form whose SHA-256 is stated: keys in order, no blanks, UTF-8."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _trust(version: MouVersion) -> dict[str, Any] | None:
    """The certificate as it stands when the report is made, with that day: it may change later."""
    status = version.mou.trust_status
    if status is None:
        return None
    return {
        "as_of": timezone.localdate().isoformat(),
        "number": status.number,
        "type": status.type,
        "required": version.mou.required_component,
        "simplifications": status.get_simplifications_display(),
        "security": status.get_security_display(),
    }


def _document(document: Any) -> dict[str, Any]:
    return {
        "step": str(Step(document.step).label),
        "sha256": document.sha256,
        "size": document.size,
        "at": document.created_at.isoformat(),
    }


def _signature(signature: Signature) -> dict[str, Any]:
    evidence: dict[str, Any] = dict(signature.evidence)
    withheld: list[str] = []
    if signature.party == Party.ADMINISTRATION:
        evidence, withheld = _redacted(evidence)
    return {
        "party": str(Party(signature.party).label),
        "field": signature.field,
        "name": signature.signer_name,
        "function": signature.signer_function,
        "level": signature.get_level_display(),
        "factor": _factor(signature.evidence["declaration"]["factor"]),
        "document_sha256": signature.document_sha256,
        "evidence": evidence,
        "evidence_sha256": signature.evidence_sha256,
        "withheld": withheld,
        "authorised_at": signature.authorised_at.isoformat(),
        "signed_at": _iso(signature.signed_at),
        "stamped_at": _iso(signature.stamped_at),
    }


def _redacted(evidence: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Without where and by what device an officer works, and which parts are left out."""
    kept = {
        part: {name: value for name, value in values.items() if name not in WITHHELD}
        if isinstance(values, dict)
        else values
        for part, values in evidence.items()
    }
    return kept, list(WITHHELD)


def _factor(factor: str) -> str:
    return {
        "passkey": _("A passkey that signed the hash of this very document and of the consent"),
        "totp": _("A one-time code from an authenticator app"),
        "recovery_codes": _("A recovery code"),
    }.get(factor, factor)


def _name(person: User, party: str) -> str:
    return _("An officer") if party == Party.ADMINISTRATION else person.name


def _events(version: MouVersion) -> list[dict[str, str]]:
    """What happened to this version, the oldest first; officers act in the office's name."""
    entries = HistoryEntry.objects.filter(
        target_type="mou.mouversion",
        target_id=str(version.pk),
        organisation_id=version.mou.organisation_id,
        event__in=EVENTS,
    ).order_by("id")
    people = User.objects.in_bulk({pk for one in entries if (pk := one.actor_id)})
    return [
        {"event": str(EVENTS[one.event]), "at": one.at.isoformat(), "by": _actor(one, people)}
        for one in entries
    ]


def _actor(entry: HistoryEntry, people: dict[int, User]) -> str:
    if entry.actor_id is None:
        return _("The document service")
    person = people.get(entry.actor_id)
    return _("The administration") if person is None or person.is_staff else person.name


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
