"""State diagrams for the documentation, drawn from a transition table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

# Verb → pairs of the status before and the one after.
Moves = Mapping[str, Iterable[tuple[str, str]]]


def diagram(title: str, moves: Moves) -> str:
    """One section with a Mermaid diagram, always in the same order."""
    arrows = sorted(
        f"    {before} --> {after}: {verb}"
        for verb, pairs in moves.items()
        for before, after in pairs
    )
    return f"\n## {title}\n\n```mermaid\nstateDiagram-v2\n" + "\n".join(arrows) + "\n```\n"
