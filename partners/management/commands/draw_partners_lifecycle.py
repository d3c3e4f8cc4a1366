"""Prints docs/lifecycle-partners.md: the ways of posts, business help and more, from tables."""

from typing import Any

from django.core.management.base import BaseCommand

from partners.lifecycle import ENGAGEMENT, ENQUIRY, FILE, INSTRUMENT_CHANGE, NOTICE, POST
from portal.diagrams import diagram, moves

HEAD = """# The lives of posts, enquiries, notices, engagements, changes of instruments and files

Drawn from `partners/lifecycle.py` by
`manage.py draw_partners_lifecycle > docs/lifecycle-partners.md`; a test compares.
"""
PARTS = (
    ("Post abroad", POST),
    ("Enquiry of a firm", ENQUIRY),
    ("Notice of an opportunity", NOTICE),
    ("Engagement", ENGAGEMENT),
    ("Proposed change of an instrument", INSTRUMENT_CHANGE),
    ("File with entries", FILE),
)


def drawn() -> str:
    """The whole page, one diagram a table."""
    return HEAD + "".join(diagram(title, moves(table)) for title, table in PARTS)


class Command(BaseCommand):
    help = "Print the state diagrams for docs/lifecycle-partners.md."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(drawn(), ending="")
