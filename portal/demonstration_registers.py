"""The registers of the demonstration: people who ask for what is theirs, and a breach."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from portal import demonstration as people
from portal.actions import registers
from portal.models import Breach, RightsRequest, User
from portal.models.registers import Regime, RightsKind, Route

OFFICER = "dpo@customs.example"


def fill_registers() -> bool:
    """Two requests, one of them with its identity checked, and a breach whose clock runs."""
    people.require_demonstration()
    if RightsRequest.objects.exists() or Breach.objects.exists():
        return False
    by = User.objects.get(email=OFFICER)
    today = timezone.localdate()
    registers.receive_request(
        kind=RightsKind.ACCESS,
        regime=Regime.GDPR,
        route=Route.DIRECT,
        person="Nora Lind, by letter",
        wish="What does the portal hold about me as a contact of a firm?",
        received_on=today - timedelta(days=3),
        by=by,
    )
    asked = registers.receive_request(
        kind=RightsKind.ERASURE,
        regime=Regime.LED,
        route=Route.AUTHORITY,
        person="Through the supervisory authority, its number 2026/118",
        wish="Whether data about this person are processed, and their erasure if so.",
        received_on=today - timedelta(days=26),
        by=by,
    )
    registers.identify_person(
        request=asked, how="The supervisory authority vouches for who asks.", by=by
    )
    registers.record_breach(
        discovered_at=timezone.now() - timedelta(hours=20),
        regime=Regime.GDPR,
        nature="A list of contacts of firms went to a wrong address within the administration.",
        categories="Contacts of eleven firms: names, office telephone numbers.",
        people=11,
        consequences="Low: the recipient is bound to secrecy and has deleted the list.",
        measures="Deletion confirmed; addresses are now chosen from a list.",
        by=by,
    )
    return True
