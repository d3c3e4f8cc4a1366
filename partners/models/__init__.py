"""The partners' tables, one module a noun."""

from partners.lifecycle import PostStatus
from partners.models.contacts import ContactPoint, Duty, Holder
from partners.models.enquiries import (
    Enquiry,
    EnquiryFile,
    EnquiryMessage,
    MessageKind,
    Side,
)
from partners.models.instruments import Instrument, InstrumentKind, InstrumentParty, Purpose
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
from partners.models.search import SearchKey, SearchPlace

__all__ = [
    "Accreditation",
    "AccreditationKind",
    "ContactPoint",
    "Coverage",
    "Duty",
    "Enquiry",
    "EnquiryFile",
    "EnquiryMessage",
    "Group",
    "GroupMembership",
    "Holder",
    "Instrument",
    "InstrumentKind",
    "InstrumentParty",
    "MessageKind",
    "Partner",
    "PartnerType",
    "Post",
    "PostQuerySet",
    "PostStatus",
    "PostType",
    "Posting",
    "Purpose",
    "SearchKey",
    "SearchPlace",
    "SecureChannel",
    "Side",
]
