"""The document that is rendered and signed: four pages of the real template, same for both."""

from __future__ import annotations

from typing import Any

PARAGRAPHS = [
    "The business keeps a named person and a deputy whom the administration can reach at any hour, "
    "and tells the administration within ten days when either of them changes.",
    "Whoever notices something out of the ordinary says so through the agreed channel at once, "
    "confronts nobody and lets nobody know that anything was said.",
]
TITLES = (
    "Purpose", "Scope", "Voluntary cooperation", "Contact persons", "Reporting", "Premises",
    "Personnel", "Training", "Alerts", "Feedback", "Confidentiality", "Personal data", "Review",
    "Duration", "Costs", "What stays untouched",
)  # fmt: skip
ADDRESS = "https://cooperation.customs.example/verify/3kJ9sQ2uX8c1bV5nM7pL0w/"


def content(number: int) -> dict[str, Any]:
    """Another firm each time, so that nothing can be kept from the last."""
    return {
        "number": f"MOU-2026-{number:05d}",
        "version": 1,
        "language": "en",
        "title": "Memorandum of Understanding",
        "administration": {"name": "National Customs Administration", "country": "SE"},
        "business": {
            "legal_name": f"Nordhav Åkeri nr {number} AB",
            "national_id": f"556677-{number:04d}",
            "country": "SE",
            "eori": f"SE556677{number:04d}",
        },
        "programme": "Cooperation against customs crime",
        "basis": "The business holds an authorisation that has been valid since 1 March 2024.",
        "clauses": [
            {"code": title.upper(), "title": title, "paragraphs": PARAGRAPHS} for title in TITLES
        ],
        "survey_note": "The business moves no goods itself.",
        "signatories": {
            "business": {"name": "Åsa Lindqvist", "function": "Managing director"},
            "administration": {"name": "", "function": ""},
        },
        "duration": "It runs for 24 months from the day of the last signature.",
        "template": "en-1",
        "mark": "DEMONSTRATION",
    }
