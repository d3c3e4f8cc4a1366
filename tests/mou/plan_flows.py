"""Leads measures, joint activities and contacts to a state by the real actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from mou.actions import activities, contacts, measures
from mou.models import Activity, ContactPoint, Measure, Mou
from portal.models import User
from tests.factories import UserFactory
from tests.mou.living import owner


def officer() -> User:
    made: User = UserFactory(caseworker=True)
    return made


def measure(mou: Mou, by: User | None = None, **changes: Any) -> Measure:
    fields = {
        "party": "business",
        "duty": "Head of terminal security",
        "text": "Seals are checked twice and the numbers written down.",
        "due_on": timezone.localdate() + timedelta(days=20),
    }
    return measures.propose_measure(mou=mou, by=by or officer(), **(fields | changes))


def agreed(mou: Mou, **changes: Any) -> Measure:
    return measures.agree_measure(measure=measure(mou, **changes), by=owner(mou))


def done(mou: Mou) -> Measure:
    proof = "Instruction 12, since Monday."
    return measures.report_measure(measure=agreed(mou), proof=proof, by=owner(mou))


def activity(mou: Mou, by: User | None = None, **changes: Any) -> Activity:
    start = timezone.now().replace(microsecond=0) + timedelta(days=10)
    fields = {
        "title": "Training on seals",
        "about": "Bring your own seals.",
        "place": "Quay 3; north",
        "starts_at": start,
        "ends_at": start + timedelta(hours=2),
        "business_duty": "Head of terminal security",
        "administration_duty": "Cooperation desk",
    }
    return activities.propose_activity(mou=mou, by=by or officer(), **(fields | changes))


def agreed_activity(mou: Mou, **changes: Any) -> Activity:
    return activities.agree_activity(activity=activity(mou, **changes), sequence=0, by=owner(mou))


def contact(mou: Mou, by: User | None = None, **changes: Any) -> ContactPoint:
    fields = {
        "duty": "Security desk",
        "holder": "Sigrid Lund",
        "reached": "+46 31 000 00 00",
        "hours": "Day and night",
        "deputy": "Shift leader, same number",
    }
    return contacts.add_contact(mou=mou, by=by or owner(mou), **(fields | changes))
