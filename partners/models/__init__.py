"""The partners' tables, one module a noun."""

from partners.models.contacts import ContactPoint, Duty, Holder
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
    PostStatus,
    PostType,
)
from partners.models.search import SearchKey, SearchPlace

__all__ = [
    "Accreditation",
    "AccreditationKind",
    "ContactPoint",
    "Coverage",
    "Duty",
    "Group",
    "GroupMembership",
    "Holder",
    "Instrument",
    "InstrumentKind",
    "InstrumentParty",
    "Partner",
    "PartnerType",
    "Post",
    "PostStatus",
    "PostType",
    "Posting",
    "Purpose",
    "SearchKey",
    "SearchPlace",
    "SecureChannel",
]
