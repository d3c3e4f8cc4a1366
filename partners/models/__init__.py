"""The partners' tables, one module a noun."""

from partners.lifecycle import PostStatus
from partners.models.consents import AGREED, FurtherUse, OnwardConsent
from partners.models.contacts import ContactPoint, Duty, Holder
from partners.models.engagements import (
    Counterpart,
    Engagement,
    EngagementKind,
    FollowUp,
    Participation,
)
from partners.models.enquiries import (
    Enquiry,
    EnquiryFile,
    EnquiryMessage,
    MessageKind,
    Side,
)
from partners.models.envelopes import ExchangeEnvelope, ExchangeSlot, SealedKind
from partners.models.exchange_choices import (
    Channel,
    ExchangeType,
    Outcome,
    PauseGround,
    RefusalGround,
    TransferGround,
    UrgencyChoice,
)
from partners.models.exchanges import Exchange
from partners.models.focus_areas import FocusArea
from partners.models.imports import DirectoryImport, FileKind, ImportState
from partners.models.instrument_changes import ChangeKind, InstrumentChange
from partners.models.instruments import Instrument, InstrumentKind, InstrumentParty, Purpose
from partners.models.notices import Notice, NoticeReach, Subscription
from partners.models.our_words import LeavesAs, OurWord, approved_words, word_of
from partners.models.partners import (
    Group,
    GroupMembership,
    Partner,
    PartnerType,
    SecureChannel,
)
from partners.models.posts import (
    Accreditation,
    AccreditationKind,
    Coverage,
    Post,
    Posting,
    PostQuerySet,
    PostType,
)
from partners.models.retention import (
    ExchangeHold,
    ExchangeRetentionRun,
    ExchangeRule,
    ExchangeTombstone,
)
from partners.models.search import SearchKey, SearchPlace

__all__ = [
    "AGREED",
    "Accreditation",
    "AccreditationKind",
    "ChangeKind",
    "Channel",
    "ContactPoint",
    "Counterpart",
    "Coverage",
    "DirectoryImport",
    "Duty",
    "Engagement",
    "EngagementKind",
    "Enquiry",
    "EnquiryFile",
    "EnquiryMessage",
    "Exchange",
    "ExchangeEnvelope",
    "ExchangeHold",
    "ExchangeRetentionRun",
    "ExchangeRule",
    "ExchangeSlot",
    "ExchangeTombstone",
    "ExchangeType",
    "FileKind",
    "FocusArea",
    "FollowUp",
    "FurtherUse",
    "Group",
    "GroupMembership",
    "Holder",
    "ImportState",
    "Instrument",
    "InstrumentChange",
    "InstrumentKind",
    "InstrumentParty",
    "LeavesAs",
    "MessageKind",
    "Notice",
    "NoticeReach",
    "OnwardConsent",
    "OurWord",
    "Outcome",
    "Participation",
    "Partner",
    "PartnerType",
    "PauseGround",
    "Post",
    "PostQuerySet",
    "PostStatus",
    "PostType",
    "Posting",
    "Purpose",
    "RefusalGround",
    "SealedKind",
    "SearchKey",
    "SearchPlace",
    "SecureChannel",
    "Side",
    "Subscription",
    "TransferGround",
    "UrgencyChoice",
    "approved_words",
    "word_of",
]
