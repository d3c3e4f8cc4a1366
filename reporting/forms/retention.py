"""What officers are asked before they keep or hold a report."""

from __future__ import annotations

from portal import retention_forms as asked
from reporting.forms.desk import DeskForm


class KeepForm(asked.KeepForm, DeskForm):
    """Until another day, for a reason."""


class HoldForm(asked.HoldForm, DeskForm):
    """For a reason."""
