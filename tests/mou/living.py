"""Agreements in force for tests that look at no document, and firms that ask for one."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone

from mou.lifecycle import MouStatus
from mou.models import Basis, Mou
from portal.models import Standing, User
from tests.factories import OrganisationFactory, UserFactory
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
