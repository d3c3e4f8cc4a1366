"""The tables of the agreements, one module a noun."""

from mou.models.activities import Activity
from mou.models.agreements import Acceptance, Mou, MouVersion, Party
from mou.models.alerts import Alert, AlertDelivery, Because, Handling, Usefulness
from mou.models.amendments import Amendment, AmendmentKind
from mou.models.batches import OfferBatch, OfferBatchLine, Outcome
from mou.models.contacts import ContactPoint
from mou.models.covers import Cover
from mou.models.delegations import Delegation
from mou.models.eori import EoriCheck, EoriResult
from mou.models.feedback import Feedback
from mou.models.history import HistoryEntry
from mou.models.imports import (
    CertificateImport,
    Difference,
    DifferenceKind,
    ImportStatus,
    RejectedRow,
    RowNote,
)
from mou.models.interest import Interest
from mou.models.library import ClauseRevision
from mou.models.life import (
    Notice,
    Review,
    ReviewCause,
    ReviewOutcome,
    Suspension,
    SuspensionCause,
)
from mou.models.measures import Measure, MeasureFile
from mou.models.negotiation import ClauseComment, ClauseProposal
from mou.models.offers import Basis, MouOffer
from mou.models.programmes import Clause, Programme, Template
from mou.models.publicity import Listing
from mou.models.risks import RiskAssessment, RiskRating, SharedRisks
from mou.models.signatories import FurtherSignatory
from mou.models.signatures import Document, EarlierEdition, Signature, Step
from mou.models.surveys import Answer, AnswerFile, AnswerState, FlowSurvey
from mou.models.training import Attendee, Guidance, Training
from mou.models.trust import (
    Component,
    ComponentState,
    ConsentKind,
    MutualRecognition,
    StatusConsent,
    StatusEvent,
    StatusEventKind,
    TrustDecision,
    TrustScheme,
    TrustStatus,
)

__all__ = [
    "Acceptance",
    "Activity",
    "Alert",
    "AlertDelivery",
    "Amendment",
    "AmendmentKind",
    "Answer",
    "AnswerFile",
    "AnswerState",
    "Attendee",
    "Basis",
    "Because",
    "CertificateImport",
    "Clause",
    "ClauseComment",
    "ClauseProposal",
    "ClauseRevision",
    "Component",
    "ComponentState",
    "ConsentKind",
    "ContactPoint",
    "Cover",
    "Delegation",
    "Difference",
    "DifferenceKind",
    "Document",
    "EarlierEdition",
    "EoriCheck",
    "EoriResult",
    "Feedback",
    "FlowSurvey",
    "FurtherSignatory",
    "Guidance",
    "Handling",
    "HistoryEntry",
    "ImportStatus",
    "Interest",
    "Listing",
    "Measure",
    "MeasureFile",
    "Mou",
    "MouOffer",
    "MouVersion",
    "MutualRecognition",
    "Notice",
    "OfferBatch",
    "OfferBatchLine",
    "Outcome",
    "Party",
    "Programme",
    "RejectedRow",
    "Review",
    "ReviewCause",
    "ReviewOutcome",
    "RiskAssessment",
    "RiskRating",
    "RowNote",
    "SharedRisks",
    "Signature",
    "StatusConsent",
    "StatusEvent",
    "StatusEventKind",
    "Step",
    "Suspension",
    "SuspensionCause",
    "Template",
    "Training",
    "TrustDecision",
    "TrustScheme",
    "TrustStatus",
    "Usefulness",
]
