"""Who is told of what about partners: letters without content, promised in the outbox."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from partners import enquiry_letters, file_letters, focus_letters, notice_letters
from partners.models import DirectoryImport, Enquiry, FocusArea, Posting, Subscription
from portal import notifications, outbox
from portal.letters import Letter
from portal.models import StaffRole, User

LETTERS: dict[str, Callable[..., Letter | None]] = {
    "enquiry_for_desk": enquiry_letters.enquiry_for_desk,
    "enquiry_for_firm": enquiry_letters.enquiry_for_firm,
    "file_finished": file_letters.file_finished,
    "focus_area_certain": focus_letters.focus_area_certain,
    "focus_area_matched": focus_letters.focus_area_matched,
    "notices_digest": notice_letters.notices_digest,
}


def promise(letter: str, occasion: str, *, not_before: datetime | None = None, **ids: Any) -> None:
    """One letter to one reader, in the caller's transaction; the same occasion is told once."""
    key = f"partners.{letter}:{occasion}"
    outbox.enqueue(
        "partners.send_letter",
        key=key,
        not_before=not_before,
        letter=letter,
        mail_key=key,
        **ids,
    )


def send(letter: str, **ids: Any) -> None:
    """Worker: write the letter from the present facts and send it."""
    key = ids.pop("mail_key")
    notifications.send_written(LETTERS[letter], key=key, **ids)


def tell_desk(enquiry: Enquiry) -> None:
    """Promise to tell whoever answers it; the site's role cannot see who that is."""
    key = f"partners.enquiry_desk:{enquiry.pk}:{enquiry.version}"
    outbox.enqueue("partners.tell_desk", key=key, enquiry_id=enquiry.pk, version=enquiry.version)


def tell_desk_of(*, enquiry_id: int, version: int) -> None:
    """Worker: the officer it is assigned to, else who is posted there, else the liaison desk."""
    enquiry = Enquiry.objects.only("post_id", "assigned_to_id").get(pk=enquiry_id)
    posted = Posting.objects.on(timezone.localdate()).filter(post=enquiry.post_id, ended_at=None)
    people = [enquiry.assigned_to_id] if enquiry.assigned_to_id else []
    people = people or [pk for pk in posted.values_list("user", flat=True) if pk is not None]
    if not people:
        desk = User.objects.holding(StaffRole.LIAISON_OFFICER)
        people = list(desk.values_list("pk", flat=True))
    for to_id in sorted(set(people)):
        occasion = f"{enquiry_id}:{version}:{to_id}"
        promise("enquiry_for_desk", occasion, enquiry_id=enquiry_id, to_id=to_id)


def tell_firm(enquiry: Enquiry) -> None:
    """Promise to tell the person who asked."""
    if enquiry.asked_by_id is not None:
        occasion = f"{enquiry.pk}:{enquiry.version}"
        to_id = enquiry.asked_by_id
        promise("enquiry_for_firm", occasion, enquiry_id=enquiry.pk, to_id=to_id)


def tell_owner(area: FocusArea, *, again: bool) -> None:
    """Promise to tell the owner of a focus area when the hour is full; again, that it is certain.

    The wait hides which act at the triage desk it belongs to; in one hour there is one letter.
    """
    at = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    occasion = f"{area.pk}:{area.owner_id}:{at:%Y-%m-%dT%H}"
    to_id, letter = area.owner_id, "focus_area_certain" if again else "focus_area_matched"
    promise(letter, occasion, not_before=at, area_id=area.pk, to_id=to_id)


def tell_of_file(batch: DirectoryImport) -> None:
    """Promise to tell whoever sent it what became of it."""
    to_id = batch.uploaded_by_id
    occasion = f"{batch.pk}:{batch.finished_at and batch.finished_at.isoformat()}:{to_id}"
    promise("file_finished", occasion, batch_id=batch.pk, to_id=to_id)


news_for = notice_letters.news_for


def tell_subscriber(subscription: Subscription, *, since: datetime, until: datetime) -> None:
    """Promise the digest of what is new for this subscription."""
    occasion = f"{subscription.pk}:{until.isoformat()}"
    promise(
        "notices_digest",
        occasion,
        subscription_id=subscription.pk,
        since=since.isoformat(),
        until=until.isoformat(),
    )
