"""Leads a training session to a state by the real actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from mou.actions import training as actions
from mou.models import Guidance, Mou, Training
from tests.factories import UserFactory
from tests.mou.living import owner


def told(**fields: Any) -> dict[str, Any]:
    """What a caseworker plans."""
    begins = timezone.now() + timedelta(days=20)
    known = {
        "title": "Seals and what they tell",
        "about": "For gate and yard.",
        "audience": [],
        "place": "Customs house, room 4",
        "starts_at": begins,
        "ends_at": begins + timedelta(hours=3),
        "seats": 10,
    }
    return known | fields


def offered(**fields: Any) -> Training:
    by = UserFactory(caseworker=True)
    return actions.offer_training(training=actions.plan_training(told=told(**fields), by=by), by=by)


def written(**fields: Any) -> Guidance:
    known = {"title": "Checking a seal", "text": "Look twice.\n\nPull once.", "audience": []}
    by = UserFactory(caseworker=True)
    return actions.write_guidance(**(known | fields), by=by)


def known(mou: Mou) -> dict[str, Any]:
    """One of each, for a walk of all addresses."""
    session = offered()
    [one] = actions.register_attendees(training=session, mou=mou, names=["Ada"], by=owner(mou))
    return {"training": session.uuid, "attendee": one.uuid, "guidance": written().uuid}
