"""The tables of the reports, one module a noun."""

from reporting.models.drafts import Draft, DraftPart, Pass
from reporting.models.envelopes import Envelope, Identifier, Kind, Slot
from reporting.models.reporters import Feedback, FeedbackCode, Firm, Reporter
from reporting.models.reports import Exclusion, Label, Report
from reporting.models.retention import LegalHold, RetentionRule, RetentionRun, Tombstone
from reporting.models.triage import ExportRequest, Grading, IdentityRequest, Referral

__all__ = [
    "Draft",
    "DraftPart",
    "Envelope",
    "Exclusion",
    "ExportRequest",
    "Feedback",
    "FeedbackCode",
    "Firm",
    "Grading",
    "Identifier",
    "IdentityRequest",
    "Kind",
    "Label",
    "LegalHold",
    "Pass",
    "Referral",
    "Report",
    "Reporter",
    "RetentionRule",
    "RetentionRun",
    "Slot",
    "Tombstone",
]
