"""What a parser of a file answers: a kind, a viewing copy, what it met; or why it cannot."""

from __future__ import annotations

from dataclasses import dataclass, field


class Unfit(Exception):
    """The file is not taken; the code names the sentence that says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Found:
    """Codes only: nothing of the content leaves the process but in the viewing copy."""

    kind: str
    view: bytes = b""
    view_kind: str = ""
    notes: set[str] = field(default_factory=set)
