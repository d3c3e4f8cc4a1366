"""The reports' e-mails: that there is something to see, and never what, whose or which."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.letters import Letter
from portal.models import User

# A digest that could not be sent for so long is not sent at all: the next one says the same.
DIGEST_LASTS = timedelta(hours=2)


def pinged(to_id: int) -> Letter | None:
    """Now, to officers: the desk wants somebody. Looks the same whatever the cause."""
    return _to_the_desk(
        to_id,
        _("Please look at your desk now"),
        _("Something waits there that cannot wait long. This message says no more on purpose."),
    )


def digest(to_id: int, day: str) -> Letter | None:
    """Daily at one time, also when nothing happened: so its arrival tells nobody anything.

    It counts nothing either: the numbers of two days tell when a report came.
    """
    if timezone.now() > digest_time(date.fromisoformat(day)) + DIGEST_LASTS:
        return None
    return _to_the_desk(
        to_id,
        _("Your desk today"),
        _("This message comes every day at the same time, whether something waits or not."),
    )


def digest_time(day: date) -> datetime:
    """When the digest of this day is sent, by the clock on the wall."""
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(settings.DIGEST_AT)))


def _to_the_desk(to_id: int, subject: str, sentence: str) -> Letter | None:
    to = User.objects.filter(pk=to_id, is_active=True, is_staff=True).first()
    if to is None:
        return None
    return Letter(
        to=to,
        subject=subject,
        sentences=[sentence],
        url=settings.OFFICE_URL + reverse("admin:index"),
        button=_("Open your desk"),
    )


def firm_message(to_id: int) -> Letter | None:
    """To a firm's owner: there is a message. About which report is not said."""
    to = User.objects.filter(pk=to_id, is_active=True).first()
    if to is None:
        return None
    return Letter(
        to=to,
        subject=_("You have a message"),
        sentences=[
            _("There is a message for your organisation on this portal."),
            _("For your safety we never write by e-mail what it is about."),
        ],
        url=settings.SITE_URL,
        button=_("Go to the portal"),
    )


LETTERS: dict[str, Callable[..., Letter | None]] = {
    "pinged": pinged,
    "digest": digest,
    "firm_message": firm_message,
}
