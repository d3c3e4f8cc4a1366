"""The legal process on one screen: which verb leads from which status to which."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from mou.statuses import (
    ActivityStatus,
    AlertStatus,
    AmendmentStatus,
    BatchStatus,
    CoverStatus,
    InterestStatus,
    MeasureStatus,
    MouStatus,
    OfferStatus,
    ProposalStatus,
    ReviewStatus,
    RevisionStatus,
    RiskStatus,
    SignatureStatus,
    SurveyStatus,
    TrainingStatus,
    VersionStatus,
)
from portal.errors import InvalidTransition

Transition = tuple[frozenset[str], str]
# Where a verb leads when it changes something and leaves the status as it is.
STAYS = ""


def _row(*before: str, to: str) -> Transition:
    return frozenset(before), to


OFFER: dict[str, Transition] = {
    "enter_contact": _row(OfferStatus.UNSENT, to=OfferStatus.UNSENT),
    "change_component": _row(OfferStatus.UNSENT, OfferStatus.SENT, to=STAYS),
    "send": _row(OfferStatus.UNSENT, to=OfferStatus.SENT),
    "accept": _row(OfferStatus.SENT, to=OfferStatus.ACCEPTED),
    "decline": _row(OfferStatus.SENT, to=OfferStatus.DECLINED),
    "withdraw": _row(OfferStatus.UNSENT, OfferStatus.SENT, to=OfferStatus.WITHDRAWN),
    # With the agreement that came of it: from then on the firm can be offered another.
    "end": _row(OfferStatus.ACCEPTED, to=OfferStatus.ENDED),
}

BATCH: dict[str, Transition] = {
    "pause": _row(BatchStatus.RUNNING, to=BatchStatus.PAUSED),
    "resume": _row(BatchStatus.PAUSED, to=BatchStatus.RUNNING),
    "finish": _row(BatchStatus.RUNNING, to=BatchStatus.FINISHED),
    "stop": _row(BatchStatus.RUNNING, BatchStatus.PAUSED, to=BatchStatus.STOPPED),
}

# Signed, and not ended: what is agreed binds, or is suspended and will bind again.
_ALIVE = (MouStatus.IN_FORCE, MouStatus.SUSPENDED)
_BEFORE_SIGNING = (MouStatus.PREPARATION, MouStatus.NEGOTIATION)

MOU: dict[str, Transition] = {
    "name_signatory": _row(MouStatus.PREPARATION, to=MouStatus.PREPARATION),
    "draft": _row(*_BEFORE_SIGNING, to=MouStatus.PREPARATION),
    "propose": _row(MouStatus.PREPARATION, to=MouStatus.NEGOTIATION),
    "negotiate": _row(MouStatus.NEGOTIATION, to=STAYS),
    # What was proposed is answered even after the text went back to be changed.
    "settle": _row(*_BEFORE_SIGNING, to=STAYS),
    "return": _row(MouStatus.NEGOTIATION, to=MouStatus.PREPARATION),
    "agree": _row(MouStatus.NEGOTIATION, to=MouStatus.READY),
    "seal": _row(MouStatus.READY, to=MouStatus.SIGNING),
    "sign": _row(MouStatus.SIGNING, to=MouStatus.SIGNING),
    "countersign": _row(MouStatus.SIGNING, to=MouStatus.SIGNING),
    "archive": _row(MouStatus.SIGNING, to=MouStatus.IN_FORCE),
    "reopen": _row(MouStatus.READY, MouStatus.SIGNING, to=MouStatus.PREPARATION),
    "delegate_signing": _row(MouStatus.SIGNING, to=STAYS),
    "decline_to_sign": _row(MouStatus.SIGNING, to=MouStatus.PREPARATION),
    "expire_signing": _row(MouStatus.SIGNING, to=MouStatus.PREPARATION),
    # A second cause may come while the first one lasts.
    "suspend": _row(*_ALIVE, to=MouStatus.SUSPENDED),
    "reinstate": _row(MouStatus.SUSPENDED, to=MouStatus.IN_FORCE),
    "withdraw": _row(*_BEFORE_SIGNING, MouStatus.READY, MouStatus.SIGNING, to=MouStatus.WITHDRAWN),
    "suspend_for_cause": _row(*_ALIVE, to=MouStatus.SUSPENDED),
    "amend": _row(*_ALIVE, to=STAYS),
    "rebase": _row(*_ALIVE, to=STAYS),
    "give_notice": _row(*_ALIVE, to=STAYS),
    "take_notice_back": _row(*_ALIVE, to=STAYS),
    "propose_termination": _row(*_ALIVE, to=STAYS),
    "approve_termination": _row(*_ALIVE, to=MouStatus.TERMINATED),
    "refuse_termination": _row(*_ALIVE, to=STAYS),
    "terminate": _row(*_ALIVE, to=MouStatus.TERMINATED),
    "expire": _row(*_ALIVE, to=MouStatus.EXPIRED),
}

_C = CoverStatus
COVER: dict[str, Transition] = {
    "invite": _row(_C.NAMED, to=STAYS),
    "confirm": _row(_C.NAMED, to=_C.CONFIRMED),
    "decline": _row(_C.NAMED, to=_C.DECLINED),
    "leave": _row(_C.CONFIRMED, to=_C.LEFT),
    "remove": _row(_C.NAMED, _C.CONFIRMED, to=_C.REMOVED),
    "refuse": _row(_C.NAMED, _C.CONFIRMED, to=_C.REFUSED),
    "show": _row(_C.CONFIRMED, to=STAYS),
    "end": _row(_C.NAMED, _C.CONFIRMED, to=_C.ENDED),
}

INTEREST: dict[str, Transition] = {
    "accept": _row(
        InterestStatus.RECEIVED, InterestStatus.UNDER_REVIEW, to=InterestStatus.ACCEPTED
    ),
    "refuse": _row(InterestStatus.RECEIVED, to=InterestStatus.REFUSED),
    "seek_review": _row(InterestStatus.REFUSED, to=InterestStatus.UNDER_REVIEW),
    "uphold": _row(InterestStatus.UNDER_REVIEW, to=InterestStatus.UPHELD),
}

_A = AmendmentStatus
_DRAFTING = (_A.PREPARATION, _A.NEGOTIATION)
# A new version while the agreement stays in force: the verbs of a text, with two ends of its own.
AMENDMENT: dict[str, Transition] = {
    "name_signatory": _row(_A.PREPARATION, to=_A.PREPARATION),
    "draft": _row(*_DRAFTING, to=_A.PREPARATION),
    "propose": _row(_A.PREPARATION, to=_A.NEGOTIATION),
    "negotiate": _row(_A.NEGOTIATION, to=STAYS),
    "settle": _row(*_DRAFTING, to=STAYS),
    "return": _row(_A.NEGOTIATION, to=_A.PREPARATION),
    "agree": _row(_A.NEGOTIATION, to=_A.READY),
    "seal": _row(_A.READY, to=_A.SIGNING),
    "sign": _row(_A.SIGNING, to=_A.SIGNING),
    "countersign": _row(_A.SIGNING, to=_A.SIGNING),
    "archive": _row(_A.SIGNING, to=_A.COMPLETED),
    "reopen": _row(_A.READY, _A.SIGNING, to=_A.PREPARATION),
    "delegate_signing": _row(_A.SIGNING, to=STAYS),
    "decline_to_sign": _row(_A.SIGNING, to=_A.PREPARATION),
    "expire_signing": _row(_A.SIGNING, to=_A.PREPARATION),
    "drop": _row(*_DRAFTING, _A.READY, _A.SIGNING, to=_A.DROPPED),
}

_P = ProposalStatus
PROPOSAL: dict[str, Transition] = {
    "accept": _row(_P.OPEN, to=_P.ACCEPTED),
    "refuse": _row(_P.OPEN, to=_P.REFUSED),
    "counter": _row(_P.OPEN, to=_P.COUNTERED),
    "withdraw": _row(_P.OPEN, to=_P.WITHDRAWN),
    "lapse": _row(_P.OPEN, to=_P.LAPSED),
}

_V = RevisionStatus
REVISION: dict[str, Transition] = {
    "approve": _row(_V.DRAFTED, to=_V.APPROVED),
    "refuse": _row(_V.DRAFTED, to=_V.REFUSED),
    "withdraw": _row(_V.DRAFTED, to=_V.WITHDRAWN),
}

SURVEY: dict[str, Transition] = {
    "answer": _row(SurveyStatus.OPEN, SurveyStatus.RETURNED, to=STAYS),
    "submit": _row(SurveyStatus.OPEN, SurveyStatus.RETURNED, to=SurveyStatus.SUBMITTED),
    "return": _row(SurveyStatus.SUBMITTED, SurveyStatus.ACCEPTED, to=SurveyStatus.RETURNED),
    "accept": _row(SurveyStatus.SUBMITTED, to=SurveyStatus.ACCEPTED),
    "freeze": _row(SurveyStatus.ACCEPTED, to=SurveyStatus.FROZEN),
}

RISK: dict[str, Transition] = {
    "rate": _row(RiskStatus.OPEN, to=STAYS),
    "settle": _row(RiskStatus.OPEN, to=RiskStatus.SETTLED),
    "share": _row(RiskStatus.SETTLED, to=RiskStatus.SHARED),
}

_M = MeasureStatus
_J = ActivityStatus
MEASURE: dict[str, Transition] = {
    "agree": _row(_M.PROPOSED, to=_M.AGREED),
    "postpone": _row(_M.AGREED, to=STAYS),
    "link": _row(_M.PROPOSED, _M.AGREED, to=STAYS),
    "report": _row(_M.AGREED, _M.DONE, to=_M.DONE),
    "give_back": _row(_M.DONE, to=_M.AGREED),
    "verify": _row(_M.DONE, to=_M.VERIFIED),
    "drop": _row(_M.PROPOSED, _M.AGREED, to=_M.DROPPED),
}
ACTIVITY: dict[str, Transition] = {
    "agree": _row(_J.PROPOSED, to=_J.AGREED),
    # Another time is a new proposal: the other side agrees to it again.
    "move": _row(_J.PROPOSED, _J.AGREED, to=_J.PROPOSED),
    "hold": _row(_J.AGREED, to=_J.HELD),
    "cancel": _row(_J.PROPOSED, _J.AGREED, to=_J.CANCELLED),
}

REVIEW: dict[str, Transition] = {
    "answer": _row(ReviewStatus.OPEN, ReviewStatus.ANSWERED, to=ReviewStatus.ANSWERED),
    # The firm is asked, and nobody waits for ever: a meeting's minutes do as well.
    "close": _row(ReviewStatus.OPEN, ReviewStatus.ANSWERED, to=ReviewStatus.CLOSED),
}

ALERT: dict[str, Transition] = {
    "edit": _row(AlertStatus.DRAFT, to=STAYS),
    "propose": _row(AlertStatus.DRAFT, to=AlertStatus.PROPOSED),
    "return": _row(AlertStatus.PROPOSED, to=AlertStatus.DRAFT),
    "approve": _row(AlertStatus.PROPOSED, to=AlertStatus.PUBLISHED),
    "withdraw": _row(
        AlertStatus.DRAFT, AlertStatus.PROPOSED, AlertStatus.PUBLISHED, to=AlertStatus.WITHDRAWN
    ),
    "expire": _row(AlertStatus.PUBLISHED, to=AlertStatus.EXPIRED),
    "acknowledge": _row(AlertStatus.PUBLISHED, to=STAYS),
}

TRAINING: dict[str, Transition] = {
    "edit": _row(TrainingStatus.PLANNED, to=STAYS),
    "offer": _row(TrainingStatus.PLANNED, to=TrainingStatus.OFFERED),
    "register": _row(TrainingStatus.OFFERED, to=STAYS),
    "cancel": _row(TrainingStatus.PLANNED, TrainingStatus.OFFERED, to=TrainingStatus.CANCELLED),
    # Once more where a name was ticked by mistake.
    "record": _row(TrainingStatus.OFFERED, TrainingStatus.HELD, to=TrainingStatus.HELD),
}

VERSION: dict[str, Transition] = {
    "agree": _row(VersionStatus.DRAFT, to=VersionStatus.AGREED),
    "seal": _row(VersionStatus.AGREED, to=VersionStatus.SIGNING),
    "complete": _row(VersionStatus.SIGNING, to=VersionStatus.SEALING),
    "archive": _row(VersionStatus.SEALING, to=VersionStatus.SIGNED),
    "supersede": _row(VersionStatus.SIGNED, to=VersionStatus.SUPERSEDED),
    "void": _row(
        VersionStatus.DRAFT,
        VersionStatus.AGREED,
        VersionStatus.SIGNING,
        to=VersionStatus.VOID,
    ),
}

SIGNATURE: dict[str, Transition] = {
    "apply": _row(SignatureStatus.AUTHORISED, to=SignatureStatus.SIGNED),
    "stamp": _row(SignatureStatus.SIGNED, to=SignatureStatus.STAMPED),
    "lapse": _row(SignatureStatus.AUTHORISED, to=SignatureStatus.LAPSED),
    "refuse": _row(SignatureStatus.AUTHORISED, to=SignatureStatus.REFUSED),
    "void": _row(
        SignatureStatus.AUTHORISED,
        SignatureStatus.SIGNED,
        SignatureStatus.STAMPED,
        to=SignatureStatus.VOID,
    ),
}

_STATUSES: tuple[tuple[type[TextChoices], dict[str, Transition]], ...] = (
    (OfferStatus, OFFER),
    (BatchStatus, BATCH),
    (MouStatus, MOU),
    (AmendmentStatus, AMENDMENT),
    (VersionStatus, VERSION),
    (SignatureStatus, SIGNATURE),
    (ReviewStatus, REVIEW),
    (CoverStatus, COVER),
    (InterestStatus, INTEREST),
    (SurveyStatus, SURVEY),
    (RiskStatus, RISK),
    (MeasureStatus, MEASURE),
    (ActivityStatus, ACTIVITY),
    (AlertStatus, ALERT),
    (ProposalStatus, PROPOSAL),
    (TrainingStatus, TRAINING),
    (RevisionStatus, REVISION),
)


def allows(table: dict[str, Transition], verb: str, status: str) -> bool:
    """Whether a thing in this status allows this verb."""
    return status in table[verb][0]


def after(table: dict[str, Transition], verb: str, status: str) -> str:
    """The status that this verb leads to; InvalidTransition when it is not allowed now."""
    before, to = table[verb]
    if status not in before:
        raise refusal(table, status)
    return status if to == STAYS else to


def refusal(table: dict[str, Transition], status: str) -> InvalidTransition:
    """Why a verb is not allowed in this status, in words."""
    return InvalidTransition(
        _("This cannot be done now: it is “%(status)s”. Reload the page to see what can.")
        % {"status": label(table, status)}
    )


def label(table: dict[str, Transition], status: str) -> str:
    """The words for a status of this table."""
    choices = next(choices for choices, known in _STATUSES if known is table)
    return str(choices(status).label)
