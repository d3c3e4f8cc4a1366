"""What one line of the table of verbs says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from portal.models import User
from reporting.forms.desk import DeskForm
from reporting.lifecycle import Status
from reporting.models import Report

# What is next, by status: these buttons stand first and are filled.
NEXT: dict[str, tuple[str, ...]] = {
    Status.RECEIVED: ("acknowledge", "grade"),
    Status.ACKNOWLEDGED: ("grade",),
    Status.TRIAGED: ("assess",),
    Status.ASSESSED: ("act", "refer"),
    Status.ACTION: ("close",),
    Status.REFERRED: ("close",),
    Status.MERGED: ("close",),
    Status.NO_ACTION: ("close",),
    Status.OUT_OF_SCOPE: ("close",),
    Status.MALICIOUS: ("close",),
}


@dataclass(frozen=True)
class Verb:
    """One verb. `sealed` ones need the report to be open; `with_keys` go to the action."""

    name: str
    text: Any
    may: Callable[[User, Report], bool]
    act: Callable[..., Any]
    done: Any
    place: str
    form: type[DeskForm] | None = None
    title: Any = ""
    lead: Any = ""
    button: Any = ""
    sealed: bool = False
    with_keys: bool = False
    # The form puts forward what was told.
    reads: bool = False
    danger: bool = False
    # How much the page showed; it comes back with the button, so that nothing newer is settled.
    seen: Callable[[Report], int] | None = None
    template: str = "portal/admin/form.html"

    def leads(self, report: Report) -> bool:
        """Whether it is the next thing to do."""
        return self.name in NEXT.get(report.status, ())

    def placed(self, report: Report) -> str:
        return "next" if self.leads(report) else self.place

    @property
    def anchor(self) -> str:
        return "" if self.place in ("next", "decide") else f"#{self.place}"
