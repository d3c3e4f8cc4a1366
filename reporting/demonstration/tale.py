"""One report of the demonstration: what is told, and how far officers bring it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

NO_GRADE = ("X", "4", "H2")


@dataclass(frozen=True)
class Tale:
    """One report: what is told, and what officers make of it."""

    name: str
    content: dict[str, Any]
    target: str = "received"
    identity: dict[str, str] | None = None
    photo: bool = False
    on_behalf: bool = False
    grade: tuple[str, str, str] = NO_GRADE
    priority: str = ""
    classified: dict[str, Any] = field(default_factory=dict)
    note: str = ""
    sanitised: str = ""
    receiver: str = ""
    # Turns of the conversation: ("desk", text) asks the reporter, ("reporter", text) answers.
    talk: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    into: str = ""


def number(raw: str, normalised: str = "", warning: str = "") -> dict[str, str]:
    return {"raw": raw, "normalised": normalised or raw, "warning": warning}


def told(narrative: str, *, mode: str = "anonymous", **steps: Any) -> dict[str, Any]:
    what = {"narrative": narrative, "observed": "observed", **steps.pop("what", {})}
    about = {"mode": mode, **steps.pop("about", {})}
    filed = {"language": "en", "channel": "public", **steps.pop("filed", {})}
    return {"version": 1, "filed": filed, "what": what, "about": about, **steps}
