"""The same words sent again, by a second click or on the way back, are taken for one message."""

from __future__ import annotations

from collections.abc import Sequence

from partners.actions.enquiry_files import Enclosed
from partners.lifecycle import EnquiryStatus
from partners.models import Enquiry, EnquiryMessage, Post
from portal.models import Organisation, User


def asked_already(
    *,
    organisation: Organisation,
    post: Post,
    topic: str,
    subject: str,
    text: str,
    by: User,
    sent: Sequence[Enclosed],
) -> Enquiry | None:
    """The question that this is word for word, while it waits; ask with the firm locked."""
    same = Enquiry.objects.filter(
        organisation=organisation,
        post=post,
        topic=topic,
        subject=subject,
        asked_by=by,
        status=EnquiryStatus.WAITING,
    )
    found = same.order_by("pk").last()
    if found is None or not _says(found.messages.order_by("pk").first(), text, by, sent):
        return None
    return found


def written_already(enquiry: Enquiry, text: str, by: User, sent: Sequence[Enclosed]) -> bool:
    """Whether the last that was written here is this; ask with the enquiry locked."""
    if enquiry.status != EnquiryStatus.WAITING:
        return False
    return _says(enquiry.messages.order_by("pk").last(), text, by, sent)


def _says(message: EnquiryMessage | None, text: str, by: User, sent: Sequence[Enclosed]) -> bool:
    """The same words of the same person with the same files: one file more is something new."""
    if message is None or (message.written_by_id, message.text) != (by.pk, text):
        return False
    kept = message.files.values_list("sha256", flat=True)
    return sorted(kept) == sorted(one.known.sha256 for one in sent)
