"""What a file would change, line by line; kept as JSON until it is applied."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

NEW, CHANGED, SAME, CONFLICT = "new", "changed", "same", "conflict"
# So many changes are confirmed at once; nobody reads more.
MOST_CHANGES = 2000


@dataclass
class Change:
    """What one line of a file does; kept as JSON until it is applied."""

    line: int
    table: str
    kind: str
    label: str
    # The row, and its version when it was compared; none for what is new.
    pk: int | None = None
    version: int | None = None
    # Code of the partner that is new, or that a new contact point belongs to.
    code: str = ""
    # The group of a membership that is new.
    group: str = ""
    # The contact point of a holder, the partner of a channel or a membership.
    owner_pk: int | None = None
    cells: dict[str, str] = field(default_factory=dict)
    # Field in words, what stands there, what the file says.
    changes: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass
class Comparison:
    changes: list[Change] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)
    same: int = 0

    def counts(self) -> dict[str, int]:
        found = Counter(one.kind for one in self.changes)
        return {**found, SAME: self.same, "error": len(self.errors)}

    def as_json(self) -> list[dict[str, Any]]:
        return [asdict(one) for one in self.changes]
