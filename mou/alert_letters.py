"""Letters to officers about alerts, without content; firms are told through `notifications`."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.urls import reverse

from mou.models import Alert
from portal import mail, outbox
from portal.models import User


def tell(event: str, alert: Alert) -> None:
    """Promise to tell the officers concerned, in the caller's transaction."""
    outbox.enqueue(
        "mou.tell_of_alert",
        key=f"mou.{event}:{alert.pk}:{alert.revision}",
        event=event,
        alert_id=alert.pk,
        revision=alert.revision,
    )


def send(*, event: str, alert_id: int, revision: int) -> None:
    """Worker: supervisors who may approve, or who wrote what came back."""
    alert = Alert.objects.select_related("written_by").get(pk=alert_id)
    people: Iterable[User] = [alert.written_by]
    if event == "alert_proposed":
        people = User.objects.holding("supervisor").exclude(
            pk__in=[alert.written_by_id, alert.proposed_by_id]
        )
    for one in people:
        mail.send(
            template=f"mou/emails/{event}",
            to=one,
            key=f"mou.{event}:{alert.pk}:{revision}",
            url=settings.OFFICE_URL + reverse("admin:mou_alert_change", args=[alert.pk]),
        )
