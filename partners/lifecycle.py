"""What the partners' business goes through: statuses, and one table of verbs for each thing."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

Table = Mapping[str, Mapping[str, str]]


def _stays(*statuses: str) -> Mapping[str, str]:
    """A verb that moves nothing along."""
    return {status: status for status in statuses}


class EnquiryStatus(TextChoices):
    WAITING = "waiting", _("With the post")
    ASKED_BACK = "asked_back", _("The post asks the firm")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


class EnquiryOutcome(TextChoices):
    HELPED = "helped", _("Helped")
    REFERRED = "referred", _("Referred to somebody who can help")
    NOTHING = "nothing", _("Nothing that the post can do")
    NO_REPLY = "no_reply", _("The firm did not reply")
    NOT_BUSINESS = "not_business", _("Not a question of business: belongs elsewhere")
    WITHDRAWN = "withdrawn", _("Withdrawn by the firm")


_E = EnquiryStatus
_OPEN_ENQUIRY = (_E.WAITING, _E.ASKED_BACK, _E.ANSWERED)

# verb: {from: to}. A closed enquiry stays closed: a new question is a new enquiry.
ENQUIRY: Table = {
    "assign": _stays(*_OPEN_ENQUIRY),
    "hand_over": _stays(_E.WAITING, _E.ASKED_BACK),
    "answer": dict.fromkeys(_OPEN_ENQUIRY, _E.ANSWERED),
    "ask_back": {_E.WAITING: _E.ASKED_BACK, _E.ANSWERED: _E.ASKED_BACK},
    "write_again": dict.fromkeys(_OPEN_ENQUIRY, _E.WAITING),
    "close": dict.fromkeys(_OPEN_ENQUIRY, _E.CLOSED),
    "withdraw": dict.fromkeys(_OPEN_ENQUIRY, _E.CLOSED),
}


class PostStatus(TextChoices):
    ACTIVE = "active", _("Active")
    VACANT = "vacant", _("Vacant")
    SUSPENDED = "suspended", _("Suspended")
    CLOSED = "closed", _("Closed")


_P = PostStatus
_OPEN = (_P.ACTIVE, _P.VACANT, _P.SUSPENDED)

# verb: {from: to}. `man` and `fall_vacant` happen by themselves, as people come and go.
POST: Table = {
    "edit": _stays(*_OPEN),
    "cover": _stays(*_OPEN),
    "end_coverage": _stays(*_OPEN),
    "suspend": {_P.ACTIVE: _P.SUSPENDED, _P.VACANT: _P.SUSPENDED},
    "resume": {_P.SUSPENDED: _P.VACANT},
    "close": dict.fromkeys(_OPEN, _P.CLOSED),
    "reopen": {_P.CLOSED: _P.VACANT},
    "start_posting": _stays(*_OPEN),
    "change_posting": _stays(*_OPEN),
    "accredit": _stays(*_OPEN),
    "name_successor": _stays(*_OPEN),
    "hand_over": _stays(*_OPEN),
    "end_posting": _stays(*_OPEN),
    "call_off_posting": _stays(*_OPEN),
    "man": {_P.VACANT: _P.ACTIVE},
    "fall_vacant": {_P.ACTIVE: _P.VACANT},
}


class EngagementStatus(TextChoices):
    PLANNED = "planned", _("Planned")
    HELD = "held", _("Held, to be written up")
    WRITTEN_UP = "written_up", _("Written up")
    CANCELLED = "cancelled", _("Cancelled")


_G = EngagementStatus

# What was written up may be corrected; what follows from it may be added until then and after.
ENGAGEMENT: Table = {
    "edit": _stays(_G.PLANNED),
    "hold": {_G.PLANNED: _G.HELD},
    "write_up": {_G.HELD: _G.WRITTEN_UP, _G.WRITTEN_UP: _G.WRITTEN_UP},
    "cancel": {_G.PLANNED: _G.CANCELLED},
    "follow_up": _stays(_G.HELD, _G.WRITTEN_UP),
}


class NoticeStatus(TextChoices):
    DRAFTED = "drafted", _("Being written")
    PROPOSED = "proposed", _("To be approved")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")


_N = NoticeStatus

NOTICE: Table = {
    "edit": _stays(_N.DRAFTED),
    "propose": {_N.DRAFTED: _N.PROPOSED},
    "return": {_N.PROPOSED: _N.DRAFTED},
    "approve": {_N.PROPOSED: _N.PUBLISHED},
    "withdraw": {_N.PUBLISHED: _N.WITHDRAWN},
}


class InstrumentChangeStatus(TextChoices):
    PROPOSED = "proposed", _("To be decided")
    APPLIED = "applied", _("In effect")
    REJECTED = "rejected", _("Rejected")
    WITHDRAWN = "withdrawn", _("Withdrawn")


_C = InstrumentChangeStatus

# Decided once: what is to be otherwise is proposed anew.
INSTRUMENT_CHANGE: Table = {
    "apply": {_C.PROPOSED: _C.APPLIED},
    "reject": {_C.PROPOSED: _C.REJECTED},
    "withdraw": {_C.PROPOSED: _C.WITHDRAWN},
}


class ImportState(TextChoices):
    COMPARING = "comparing", _("Being compared")
    COMPARED = "compared", _("Waiting for confirmation")
    APPLYING = "applying", _("Being applied")
    APPLIED = "applied", _("Applied")
    REFUSED = "refused", _("Not applied")
    DROPPED = "dropped", _("Dropped")


_I = ImportState

# A file with entries: compared first, which changes nothing; then what was confirmed is applied.
# A worker does both.
FILE: Table = {
    "compare": {_I.COMPARING: _I.COMPARED},
    "confirm": {_I.COMPARED: _I.APPLYING},
    "apply": {_I.APPLYING: _I.APPLIED},
    "refuse": {_I.APPLYING: _I.REFUSED},
    "compare_anew": {_I.REFUSED: _I.COMPARING},
    "drop": dict.fromkeys((_I.COMPARING, _I.COMPARED, _I.REFUSED), _I.DROPPED),
}
# What waits for somebody to decide.
FILE_WAITS = (_I.COMPARED, _I.REFUSED)
# What a worker is at.
FILE_AT_WORK = (_I.COMPARING, _I.APPLYING)


def allows(table: Table, verb: str, status: str) -> bool:
    """Whether a thing in this status allows this verb."""
    return status in table[verb]
