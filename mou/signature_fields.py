"""The fields of a document, in the order in which they are signed."""

from __future__ import annotations

SEAL_FIELD = "seal"
BUSINESS_FIELD = "business"
ADMINISTRATION_FIELD = "administration"
# In the order in which they are signed, where one person signs for the firm.
FIELDS = (SEAL_FIELD, BUSINESS_FIELD, ADMINISTRATION_FIELD)
# The only field of an evidence report: the administration's seal on it.
EVIDENCE_FIELD = "evidence"
# As many people as may have to sign for one firm together.
MOST_SIGNATORIES = 3


def business_field(place: int) -> str:
    """The field of the firm's first, second, … signature."""
    return BUSINESS_FIELD if place == 1 else f"{BUSINESS_FIELD}-{place}"


def fields_for(signatories: int) -> tuple[str, ...]:
    """The fields of an agreement that so many people sign for the firm, in their order."""
    business = (business_field(place) for place in range(1, signatories + 1))
    return (SEAL_FIELD, *business, ADMINISTRATION_FIELD)
