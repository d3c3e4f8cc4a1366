"""The demonstration of the agreements: its first firm, and the list of the others."""

from __future__ import annotations

import time
from collections.abc import Callable

from mou.actions import imports
from mou.demonstration import lists
from mou.demonstration.firms import PLACES, SPOILT, Firm, certificate_list, firms
from mou.demonstration.story import PATIENCE
from mou.models import MouOffer, TrustStatus
from portal import demonstration as people
from portal import outbox
from portal.actions import memberships
from portal.models import User
from portal.models.organisations import MembershipRole

OWNER = "owner@business.example"
COLLEAGUES = [
    ("signatory@business.example", "Sigrid Malm", MembershipRole.SIGNATORY),
    ("member@business.example", "Mikael Brandt", MembershipRole.MEMBER),
]


def first_firm(say: Callable[[str], None]) -> None:
    """The firm of the printed accounts: imported, offered and joined by its three people."""
    people.require_demonstration()
    caseworker = User.objects.get(email="caseworker@customs.example")
    firm = Firm(90, f"{PLACES[0]} Seaways AB", "SE", "F", "sent", "Olivia Strand")
    if not MouOffer.objects.filter(trust_status__number=firm.certificate).exists():
        data = certificate_list([firm]).replace(firm.email.encode(), OWNER.encode())
        batch = imports.import_list(file_name="first.csv", data=data, by=caseworker)
        _deliver_until(caseworker, lambda: MouOffer.objects.filter(sent_at__isnull=False).exists())
        say(f"  {firm.name} is offered an agreement (import {batch.pk})")
    offer = MouOffer.objects.get(trust_status__number=firm.certificate)
    owner = people.join(offer.organisation, email=OWNER, name=firm.person).user
    for email, name, role in COLLEAGUES:
        if not User.objects.filter(email=email).exists():
            memberships.invite(organisation=offer.organisation, email=email, role=role, by=owner)
            people.join(offer.organisation, email=email, name=name)


def _deliver_until(caseworker: User, there: Callable[[], bool]) -> None:
    """Do promised work here and now, because the accounts should not wait for the workers."""
    until = time.monotonic() + PATIENCE
    while not there():
        outbox.deliver_open(queue="default")
        lists.confirm(caseworker)
        if time.monotonic() > until:
            raise TimeoutError("the first firm was not offered an agreement")
        time.sleep(0.1)


def import_firms(say: Callable[[str], None]) -> list[Firm]:
    """Send the register's list to the workers; a second run finds it sent."""
    people.require_demonstration()
    rows = firms()
    if not TrustStatus.objects.filter(number=rows[0].certificate).exists():
        caseworker = User.objects.get(email="caseworker@customs.example")
        data = certificate_list(rows) + SPOILT
        imports.import_list(file_name="certificates.csv", data=data, by=caseworker)
        say(f"  {len(rows)} certificates sent to the workers, and three rows with mistakes")
    return rows
