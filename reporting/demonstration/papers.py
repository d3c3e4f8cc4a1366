"""What stands beside the reports: labels, a hold, a dry run, requests that wait for somebody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from portal.models import User
from reporting.actions import exports, identities, labels, retaining, retention, triage
from reporting.models import Label, Report

# Code, name, and the tales that carry it.
LABELS = (
    ("gate-4", "Gate 4", ("quay", "badge")),
    ("night", "At night", ("quay", "night visits", "boat")),
    ("post", "Parcel post", ("parcels",)),
)
HELD = "cigarettes"
WHO = "invoice"
HANDED_ON = ("seal", "cigarettes")


def add_papers(reports: Mapping[str, Report], *, officer: User, supervisor: User) -> None:
    """By the real actions, each by whoever may."""
    _label(reports, officer, supervisor)
    retention.place_hold(
        report=reports[HELD],
        reason="Evidence in a case before the district court",
        by=supervisor,
    )
    # As if a year had passed: what would be looked at then, and nothing is changed.
    retaining.retain(day=timezone.localdate() + timedelta(days=400), dry=True)
    identities.request_identity(
        report=reports[WHO],
        by=supervisor,
        reason="The court asks whether the witness can be heard",
    )
    exports.request_export(
        reports=[reports[name] for name in HANDED_ON],
        recipient="Public prosecutor, economic crime",
        reason="Case file on untaxed tobacco",
        by=officer,
    )


def _label(reports: Mapping[str, Report], officer: User, supervisor: User) -> None:
    for code, name, tales in LABELS:
        label: Label = labels.add_label(by=supervisor, code=code, name=name)
        for tale in tales:
            triage.label(report=reports[tale], by=officer, label=label)
