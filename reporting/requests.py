"""Requests that take two people: what waits for this one, on the front page of the desk."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.models import StaffRole, User
from reporting.models import Exclusion, ExportRequest, IdentityRequest

# Nobody answers more than this; a longer list is not counted to its end.
COUNTED = 100


def asked_of(user: User) -> list[dict[str, Any]]:
    """Identities to release or to open, exports to approve or to make."""
    found = []
    identities, exports = _identities(user), _exports(user)
    if user.has_role(StaffRole.IDENTITY_CUSTODIAN):
        asked = identities.waiting().exclude(requested_by=user)
        found.append(_item(_("Identities to release or refuse"), asked, "identityrequest"))
    if user.has_role(StaffRole.SUPERVISOR):
        ready = identities.released().filter(requested_by=user)
        found.append(_item(_("Identities released to you"), ready, "identityrequest"))
        waiting = exports.waiting().exclude(requested_by=user)
        found.append(_item(_("Exports to approve"), waiting, "exportrequest"))
    if user.has_role(StaffRole.TRIAGE_OFFICER, StaffRole.SUPERVISOR):
        approved = exports.approved().filter(requested_by=user)
        found.append(_item(_("Exports approved for you"), approved, "exportrequest"))
    return found


def _identities(user: User) -> Any:
    shut_out = Exclusion.objects.filter(report=OuterRef("report"), user=user, lifted_at=None)
    return IdentityRequest.objects.exclude(Exists(shut_out))


def _exports(user: User) -> Any:
    shut_out = Exclusion.objects.filter(
        report__export_requests=OuterRef("pk"), user=user, lifted_at=None
    )
    return ExportRequest.objects.exclude(Exists(shut_out))


def _item(text: str, asked: QuerySet[Any], table: str) -> dict[str, Any]:
    return {
        "text": text,
        "count": asked.order_by()[:COUNTED].count(),
        "url": reverse(f"admin:reporting_{table}_changelist"),
    }
