"""Prints docs/lifecycle.md, the legal process drawn from the transition tables."""

from typing import Any

from django.core.management.base import BaseCommand

from mou import lifecycle
from portal.diagrams import diagram

HEAD = """# The life of an agreement

Drawn from `mou/lifecycle.py` by `manage.py draw_lifecycle > docs/lifecycle.md`; a test compares.
"""
PARTS = (
    ("Offer", lifecycle.OFFER),
    ("Batch of offers", lifecycle.BATCH),
    ("Agreement", lifecycle.MOU),
    ("Amendment (a new version while the agreement stays in force)", lifecycle.AMENDMENT),
    ("Version (the document)", lifecycle.VERSION),
    ("Signature", lifecycle.SIGNATURE),
    ("Review", lifecycle.REVIEW),
    ("Member firm under the agreement of its association", lifecycle.COVER),
    ("Expression of interest", lifecycle.INTEREST),
    ("Survey of flows", lifecycle.SURVEY),
    ("Assessment of risks", lifecycle.RISK),
    ("Measure", lifecycle.MEASURE),
    ("Joint activity", lifecycle.ACTIVITY),
    ("Alert to partner firms", lifecycle.ALERT),
    ("Proposed wording of a clause", lifecycle.PROPOSAL),
    ("Training session", lifecycle.TRAINING),
    ("Revision of a clause of the standard text", lifecycle.REVISION),
)


def drawn() -> str:
    """The whole page, one Mermaid diagram a table."""
    parts = [HEAD]
    for title, table in PARTS:
        moves = {
            verb: [(str(before), str(to or before)) for before in befores]
            for verb, (befores, to) in table.items()
        }
        parts.append(diagram(title, moves))
    return "".join(parts)


class Command(BaseCommand):
    help = "Print the state diagrams for docs/lifecycle.md."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(drawn(), ending="")
