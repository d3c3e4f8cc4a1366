"""The statuses of everything that an agreement is made of; what leads to which is in lifecycle."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OfferStatus(TextChoices):
    UNSENT = "unsent", _("Not sent yet")
    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    ENDED = "ended", _("Accepted, agreement ended")


class MouStatus(TextChoices):
    PREPARATION = "preparation", _("In preparation")
    NEGOTIATION = "negotiation", _("Text with the firm")
    READY = "ready", _("Text agreed")
    SIGNING = "signing", _("Being signed")
    IN_FORCE = "in_force", _("In force")
    SUSPENDED = "suspended", _("Suspended")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    TERMINATED = "terminated", _("Ended")
    EXPIRED = "expired", _("Expired")


class AmendmentStatus(TextChoices):
    """The stages of a text as before the first one is in force, and two ends."""

    PREPARATION = "preparation", _("In preparation")
    NEGOTIATION = "negotiation", _("Text with the firm")
    READY = "ready", _("Text agreed")
    SIGNING = "signing", _("Being signed")
    COMPLETED = "completed", _("Signed and archived")
    DROPPED = "dropped", _("Dropped")


class VersionStatus(TextChoices):
    DRAFT = "draft", _("Draft")
    AGREED = "agreed", _("Agreed, document being made")
    SIGNING = "signing", _("Open for signature")
    SEALING = "sealing", _("Signed, being archived")
    SIGNED = "signed", _("Signed and archived")
    SUPERSEDED = "superseded", _("Superseded")
    VOID = "void", _("Void")


class SignatureStatus(TextChoices):
    AUTHORISED = "authorised", _("Being made")
    SIGNED = "signed", _("Made, waiting for its time stamp")
    STAMPED = "stamped", _("Made and time-stamped")
    LAPSED = "lapsed", _("Lapsed")
    REFUSED = "refused", _("Refused")
    VOID = "void", _("Void")


class ProposalStatus(TextChoices):
    """Another wording for a clause, while the text is with the firm."""

    OPEN = "open", _("Waits for an answer")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")
    COUNTERED = "countered", _("Answered with another wording")
    WITHDRAWN = "withdrawn", _("Taken back")
    LAPSED = "lapsed", _("Given up with its text")


class RevisionStatus(TextChoices):
    """A clause of the standard text, as it is to be."""

    DRAFTED = "drafted", _("Waits for approval")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Taken back")


class BatchStatus(TextChoices):
    """Offers made together."""

    RUNNING = "running", _("Under way")
    PAUSED = "paused", _("Paused")
    FINISHED = "finished", _("Finished")
    STOPPED = "stopped", _("Stopped")


class CoverStatus(TextChoices):
    """A member firm under the agreement of its association."""

    NAMED = "named", _("Waits for the firm")
    CONFIRMED = "confirmed", _("Confirmed by the firm")
    DECLINED = "declined", _("Declined by the firm")
    LEFT = "left", _("Left by the firm")
    REMOVED = "removed", _("Taken off by the association")
    REFUSED = "refused", _("Refused by the administration")
    ENDED = "ended", _("Ended with the agreement")


class InterestStatus(TextChoices):
    RECEIVED = "received", _("Received")
    ACCEPTED = "accepted", _("Accepted, an offer was made")
    REFUSED = "refused", _("Refused")
    UNDER_REVIEW = "under_review", _("Refused, a review is sought")
    UPHELD = "upheld", _("Refused after a review")


class SurveyStatus(TextChoices):
    OPEN = "open", _("Being answered")
    SUBMITTED = "submitted", _("With the administration")
    RETURNED = "returned", _("Questions open again")
    ACCEPTED = "accepted", _("Accepted")
    FROZEN = "frozen", _("Frozen with the agreed text")


class RiskStatus(TextChoices):
    OPEN = "open", _("Being assessed")
    SETTLED = "settled", _("Settled")
    SHARED = "shared", _("Shared with the firm")


class MeasureStatus(TextChoices):
    PROPOSED = "proposed", _("Proposed")
    AGREED = "agreed", _("Agreed")
    DONE = "done", _("Done, to be verified")
    VERIFIED = "verified", _("Verified")
    DROPPED = "dropped", _("Dropped")


class ActivityStatus(TextChoices):
    PROPOSED = "proposed", _("Proposed")
    AGREED = "agreed", _("Agreed")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class ReviewStatus(TextChoices):
    OPEN = "open", _("Waits for the firm")
    ANSWERED = "answered", _("Answered by the firm")
    CLOSED = "closed", _("Closed")


class AlertStatus(TextChoices):
    DRAFT = "draft", _("Being written")
    PROPOSED = "proposed", _("Waits for approval")
    PUBLISHED = "published", _("Published")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")


class TrainingStatus(TextChoices):
    PLANNED = "planned", _("Planned")
    OFFERED = "offered", _("Open for registration")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")
