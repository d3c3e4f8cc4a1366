"""Prints docs/lifecycle.md, the legal process drawn from the transition tables."""

from typing import Any

from django.core.management.base import BaseCommand

from mou import lifecycle

HEAD = """# The life of an agreement

Drawn from `mou/lifecycle.py` by `manage.py draw_lifecycle > docs/lifecycle.md`; a test compares.
"""
PARTS = (
    ("Offer", lifecycle.OFFER),
    ("Agreement", lifecycle.MOU),
    ("Version (the document)", lifecycle.VERSION),
    ("Signature", lifecycle.SIGNATURE),
)


def drawn() -> str:
    """The whole page, one Mermaid diagram a table."""
    parts = [HEAD]
    for title, table in PARTS:
        arrows = sorted(
            f"    {before} --> {to}: {verb}"
            for verb, (befores, to) in table.items()
            for before in map(str, befores)
        )
        parts.append(
            f"\n## {title}\n\n```mermaid\nstateDiagram-v2\n" + "\n".join(arrows) + "\n```\n"
        )
    return "".join(parts)


class Command(BaseCommand):
    help = "Print the state diagrams for docs/lifecycle.md."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(drawn(), ending="")
