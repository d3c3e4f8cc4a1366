"""Prints docs/lifecycle-exchanges.md, the way of an exchange drawn from its transition tables."""

from typing import Any

from django.core.management.base import BaseCommand

from partners.exchange_lifecycle import INCOMING, OUTGOING
from portal.diagrams import diagram, moves

HEAD = """# The life of an exchange

Drawn from `partners/exchange_lifecycle.py` by
`manage.py draw_exchange_lifecycle > docs/lifecycle-exchanges.md`; a test compares.
"""


def drawn() -> str:
    """What we ask or tell, and what a partner asks of us or tells us."""
    return (
        HEAD
        + diagram("To the partner", moves(OUTGOING))
        + diagram("From the partner", moves(INCOMING))
    )


class Command(BaseCommand):
    help = "Print the state diagrams for docs/lifecycle-exchanges.md."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(drawn(), ending="")
