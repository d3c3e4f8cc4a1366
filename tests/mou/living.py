"""Agreements in force for tests that look at no document, and firms that ask for one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from mou.actions import trust
from mou.lifecycle import MouStatus
from mou.models import Basis, HistoryEntry, Mou
from portal.models import Standing, User
from tests.factories import MembershipFactory, OrganisationFactory, UserFactory
from tests.mou import flows

TOLD = {
    "firm_name": "Harbour Storage Oy",
    "country": "FI",
    "national_id": "",
    "eori": "",
    "role": "warehouse",
    "about": "Strangers ask for our keys.",
    "person": "Aino Virta",
    "email": "aino@harbour.example",
    "phone": "",
}


def in_force(name: str = "", *, kind: str = "F", ends_on: date | None = None, **fields: Any) -> Mou:
    """An agreement in force that rests on a certificate."""
    called = {"legal_name": name} if name else {}
    organisation = OrganisationFactory(owner=UserFactory(), **called)
    mou = Mou.objects.create(
        number=f"MOU-{organisation.pk}",
        organisation=organisation,
        programme=flows.programme(),
        status=MouStatus.IN_FORCE,
        in_force_at=timezone.now(),
        basis=Basis.TRUST_STATUS,
        trust_status=flows.trust_status(organisation, kind),
        required_component="C" if kind == "C" else "S",
        ends_on=ends_on,
        **fields,
    )
    Standing.objects.create(organisation=organisation, programme=mou.programme.code, in_force=True)
    return mou


def owner(mou: Mou) -> User:
    found: User = mou.organisation.memberships.get(role="owner").user
    return found


WHY = "The yard was left open for a week."
STAFF = ("caseworker", "countersigner", "supervisor", "liaison_officer", "system_administrator")
FIRM = ("owner", "signatory", "member", "stranger")


def again(mou: Mou) -> Mou:
    return Mou.objects.get(pk=mou.pk)


def stands(mou: Mou) -> bool:
    return Standing.objects.get(organisation=mou.organisation).in_force


def told(mou: Mou) -> list[str]:
    found = HistoryEntry.objects.filter(target_type="mou.mou", target_id=str(mou.pk))
    return list(found.order_by("id").values_list("event", flat=True))


def suspend(mou: Mou, officer, component: str = "S"):
    day = timezone.localdate()
    return trust.suspend_trust(
        status=mou.trust_status, component=component, effective_on=day, reason=WHY, by=officer
    )


def reinstate_trust(mou: Mou, officer):
    mou.trust_status.refresh_from_db()
    day = timezone.localdate()
    return trust.reinstate_trust(
        status=mou.trust_status, component="S", effective_on=day, reason=WHY, by=officer
    )


def person(mou: Mou, role: str):
    if role in STAFF:
        return UserFactory(**{role: True})
    if role == "owner":
        return owner(mou)
    if role == "stranger":
        return MembershipFactory(role="owner").user
    return MembershipFactory(organisation=mou.organisation, role=role).user
