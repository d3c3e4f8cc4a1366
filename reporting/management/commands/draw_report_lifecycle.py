"""Prints docs/lifecycle-reports.md, the way of a report drawn from its transition table."""

from typing import Any

from django.core.management.base import BaseCommand

from portal.diagrams import diagram, moves
from reporting.lifecycle import PLAIN, TRANSITIONS

HEAD = """# The life of a report

Drawn from `reporting/lifecycle.py` by
`manage.py draw_report_lifecycle > docs/lifecycle-reports.md`; a test compares.
"""


def drawn() -> str:
    """The diagram, and what the reporter is told in each status."""
    told = "".join(f"| {status} | {PLAIN[status].label} |\n" for status in PLAIN)
    return (
        HEAD
        + diagram("Report", moves(TRANSITIONS))
        + "\n## What the reporter is told\n\n| status | in the inbox |\n|---|---|\n"
        + told
    )


class Command(BaseCommand):
    help = "Print the state diagram for docs/lifecycle-reports.md."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(drawn(), ending="")
