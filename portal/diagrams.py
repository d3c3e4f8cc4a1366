"""State diagrams for the documentation, drawn from a transition table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

# Verb → pairs of the status before and the one after.
Moves = Mapping[str, Iterable[tuple[str, str]]]


def moves(table: Mapping[str, Mapping[Any, str]]) -> Moves:
    """Of a table that holds for each verb the status after each one before."""
    return {
        verb: [(str(before), str(after)) for before, after in pairs.items()]
        for verb, pairs in table.items()
    }


def diagram(title: str, moves: Moves) -> str:
    """One section with a Mermaid diagram, always in the same order."""
    arrows = sorted(
        f"    {before} --> {after}: {verb}"
        for verb, pairs in moves.items()
        for before, after in pairs
    )
    return f"\n## {title}\n\n```mermaid\nstateDiagram-v2\n" + "\n".join(arrows) + "\n```\n"
