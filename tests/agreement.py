"""An agreement's content for tests: four pages of the real kind."""

from typing import Any

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
    "The business keeps a named person and a deputy who can be reached by the administration at any "
    "hour, and tells the administration within ten days when either of them changes.",
    "Whoever notices something out of the ordinary reports it through the agreed channel without "
    "delay, does not confront anyone and does not let anybody concerned know that a report was made.",
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
