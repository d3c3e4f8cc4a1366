"""An agreement for tests: four pages of the real kind, and its file after each step."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from mou import documents, signing
from mou.documents import content_hash
from tests.authority import TrustService

CLAUSES = [
    ("PURPOSE", "Purpose"),
    ("SCOPE", "Scope"),
    ("VOLUNTARY", "Voluntary cooperation"),
    ("CONTACTS", "Contact persons"),
    ("REPORTING", "Reporting suspicions"),
    ("SECURITY", "Security of goods and premises"),
    ("PERSONNEL", "Personnel"),
    ("TRAINING", "Training"),
    ("ALERTS", "Alerts"),
    ("FEEDBACK", "Feedback"),
    ("CONFIDENTIALITY", "Confidentiality"),
    ("DATA_PROTECTION", "Protection of personal data"),
    ("REVIEW", "Review"),
    ("DURATION_TERMINATION", "Duration and termination"),
    ("COSTS", "Costs"),
    ("NO_PREJUDICE", "What this agreement does not touch"),
]
PARAGRAPHS = [
    "The business keeps a named person and a deputy who can be reached by the administration at "
    "any hour, and tells the administration within ten days when either of them changes.",
    "Whoever notices something out of the ordinary reports it through the agreed channel without "
    "delay, does not confront anyone and does not let anybody know that a report was made.",
]


def sample_content(**changes: Any) -> dict[str, Any]:
    """A content that `mou.documents` takes, with these parts changed."""
    content: dict[str, Any] = {
        "number": "MOU-2026-00042",
        "version": 1,
        "language": "en",
        "title": "Memorandum of Understanding",
        "administration": {"name": "National Customs Administration", "country": "SE"},
        "business": {
            "legal_name": "Nordhav Åkeri & Spedition AB",
            "national_id": "556677-8899",
            "country": "SE",
            "eori": "SE5566778899",
        },
        "programme": "Cooperation against customs crime",
        "basis": "The business holds the authorisation SEAEOF00000042, valid since 1 March 2024.",
        "clauses": [
            {"code": code, "title": title, "paragraphs": PARAGRAPHS} for code, title in CLAUSES
        ],
        "survey_note": "The business moves no goods itself; its flows are those of its members.",
        "signatories": {
            "business": {"name": "Åsa Lindqvist", "function": "Managing director"},
            "administration": {"name": "", "function": ""},
        },
        "duration": "It runs for 24 months from the day of the last signature.",
        "template": "en-1",
        "mark": "DEVELOPMENT",
    }
    return content | changes


BUSINESS = signing.SignerIdentity(
    "Åsa Lindqvist", "Managing director", "Nordhav Åkeri & Spedition AB", "SE"
)
ADMINISTRATION = signing.SignerIdentity(
    "Nils Holm", "Head of enforcement", "National Customs Administration", "SE"
)
ADDRESS = "https://cooperation.customs.example/verify/3kJ9sQ2uX8c1bV5nM7pL0w/"


@dataclass(frozen=True)
class Papers:
    """One agreement's file after each step."""

    rendered: bytes
    certified: bytes
    sealed: bytes
    business: bytes
    business_stamped: bytes
    administration: bytes
    administration_stamped: bytes
    archived: bytes


def make_papers(service: TrustService, content: dict[str, Any]) -> Papers:
    """Take this content through every step, with the running authority."""
    keys, stamper = service.keys, service.timestamper
    steps = [documents.render(content, verification_url=ADDRESS)]
    steps.append(signing.certify(steps[-1], keys=keys, at=datetime.now(UTC)))
    steps.append(signing.stamp(steps[-1], field="seal", timestamper=stamper))
    for field, signer in (("business", BUSINESS), ("administration", ADMINISTRATION)):
        reason = f"Evidence SHA-256 {content_hash(content)}"
        steps.append(signing.sign(steps[-1], field=field, signer=signer, reason=reason, keys=keys))
        steps.append(signing.stamp(steps[-1], field=field, timestamper=stamper))
    steps.append(signing.archive(steps[-1], keys=keys, timestamper=stamper))
    return Papers(*steps)


@pytest.fixture(scope="session")
def papers(trust_service: TrustService) -> Papers:
    """The sample agreement after each step; made once."""
    return make_papers(trust_service, sample_content())
