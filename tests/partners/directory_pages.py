"""Pages of the directory for tests that walk all pages."""

from __future__ import annotations

from django.urls import reverse

from partners.models import GroupMembership
from tests.partners.factories import (
    ContactPointFactory,
    GroupFactory,
    HolderFactory,
    PartnerFactory,
)


def partner() -> str:
    """An organisation with everything a page can show."""
    partner = PartnerFactory(
        about="What it is.",
        for_business="What it means.",
        hours={"0": [["08:00", "16:30"]]},
        website="https://customs.example",
        parent=PartnerFactory(),
    )
    PartnerFactory(parent=partner)
    group = GroupFactory(organisation=partner)
    GroupMembership.objects.create(group=group, partner=PartnerFactory())
    GroupMembership.objects.create(group=GroupFactory(), partner=partner)
    HolderFactory(contact_point=ContactPointFactory(partner=partner, name="Desk", phone="+00 1"))
    return reverse("partners:partner", args=[partner.code])
