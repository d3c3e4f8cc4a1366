"""Leads an alert to a state by the real actions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from mou.actions import alerts
from mou.models import Alert, AlertDelivery, Mou
from portal.models import User
from tests.factories import UserFactory


def told(**fields: Any) -> dict[str, Any]:
    """What a caseworker writes."""
    known = {
        "title": "Bags in refrigerated containers",
        "text": "Bags are put behind the panels before loading.",
        "advice": "Look behind the panels.",
        "audience": [],
        "commodities": ["NARCOTICS"],
        "methods": ["REEFER"],
        "indicators": ["CA1"],
        "handling": "firm",
        "expires_on": timezone.localdate() + timedelta(days=30),
    }
    return known | fields


def written(*, by: User | None = None, **fields: Any) -> Alert:
    return alerts.write_alert(told=told(**fields), by=by or UserFactory(caseworker=True))


def proposed(*, by: User | None = None, **fields: Any) -> Alert:
    by = by or UserFactory(caseworker=True)
    return alerts.propose_alert(alert=written(by=by, **fields), by=by)


def published(*, supervisor: User | None = None, **fields: Any) -> Alert:
    alert = proposed(**fields)
    by = supervisor or UserFactory(supervisor=True)
    return alerts.approve_alert(alert=alert, revision=alert.revision, by=by)


def delivered(mou: Mou, **fields: Any) -> AlertDelivery:
    """As the worker spreads it."""
    alert = published(**fields)
    alerts.deliver(alert=alert)
    return AlertDelivery.objects.get(alert=alert, mou=mou, cover=None)
