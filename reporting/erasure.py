"""What is left of a report after its time: which rows go, which columns are blanked."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from portal.handling import HandlingCode
from reporting.models import (
    Envelope,
    Exclusion,
    ExportRequest,
    Feedback,
    Firm,
    Grading,
    Identifier,
    IdentityRequest,
    Kind,
    LegalHold,
    Referral,
    Report,
    Tombstone,
)

# Every table with a row about a report, keyed by its relation (tests hold that none is missing).
GONE: dict[str, type[Any]] = {
    "firm": Firm,
    "feedback": Feedback,
    "exclusions": Exclusion,
    "gradings": Grading,
    "referrals": Referral,
    "identifiers": Identifier,
    "identity_requests": IdentityRequest,
    "holds": LegalHold,
    "envelopes": Envelope,
}
# Rows that stay: what was merged is erased itself, requests for exports by a rule of their own.
# Whoever still holds a receipt is told, by its tag, that the report was erased.
STAYS = {"merged", "export_requests", "reporter"}

# What officers copied out, and what is only about a report that is still worked on.
BLANK: dict[str, Any] = {
    "urgent": False,
    "assess_due": None,
    "acknowledge_due": None,
    "feedback_due": None,
    "escalated_at": None,
    "news_at": None,
    "asked_at": None,
    "review_due": None,
    "outcome": "",
    "opened_at": None,
    "assigned_to": None,
    "priority": "",
    "category": "",
    "direction": "",
    "mode": "",
    "place": "",
    "origin": "",
    "destination": "",
    "source_grade": "",
    "information_grade": "",
    "handling": HandlingCode.H2,
    "consent_at": None,
    "consent_note": "",
    "eu_finances": False,
    "merged_into": None,
}


def erase_contents(report: Report) -> None:
    """Delete the slots and the ciphertext, and all that officers made of it.

    The role that does it may not read what it deletes: only keys are asked for.
    """
    erase_envelopes(Envelope.objects.filter(report=report))
    for relation, model in GONE.items():
        if relation != "envelopes":
            model.objects.filter(report=report).delete()
    report.labels.clear()
    ExportRequest.reports.through.objects.filter(report_id=report.pk).delete()
    for column, value in BLANK.items():
        setattr(report, column, value)


def erase_identity(report: Report) -> None:
    erase_envelopes(Envelope.objects.filter(report=report, kind=Kind.IDENTITY))
    IdentityRequest.objects.filter(report=report).delete()


def erase_envelopes(envelopes: QuerySet[Envelope]) -> None:
    """Slots first: without them nothing opens the rest, whatever is left of a broken disk."""
    envelopes.only("pk").delete()


def leave_tombstone(report: Report, what: str, rule: str) -> None:
    Tombstone.objects.get_or_create(
        report_id=report.pk,
        what=what,
        defaults={"reference": report.reference, "rule": rule},
    )


def together(report: Report) -> list[Report]:
    """The report and everything that was merged into it, whatever was merged into that."""
    found, newest = [report], [report.pk]
    known = {report.pk}
    while newest:
        merged = list(Report.objects.select_for_update(of=("self",)).filter(merged_into__in=newest))
        fresh = [one for one in merged if one.pk not in known]
        found += fresh
        newest = [one.pk for one in fresh]
        known |= set(newest)
    # The merged ones first: they point at the others.
    return found[::-1]
