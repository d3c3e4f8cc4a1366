"""Each promise of the threat model names a test, and that test is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROWS = [
    line
    for line in (ROOT / "docs" / "threat-model.md").read_text().splitlines()
    if line.startswith("| ") and not line.startswith("| Adversary")
]


def test_every_promise_names_a_test_that_exists():
    written = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"^(?:async )?def (test_\w+)\(", written, re.MULTILINE))
    named = [re.findall(r"`(test_\w+)`", row) for row in ROWS]
    assert len(ROWS) > 20
    assert all(named)
    assert sorted({name for names in named for name in names} - there) == []
