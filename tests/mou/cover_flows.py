"""An association with an agreement in force, and member firms in every state."""

from __future__ import annotations

from typing import Any

from mou.actions import covers
from mou.models import Cover, Mou
from portal.models import Organisation, User
from tests.factories import OrganisationFactory, UserFactory
from tests.mou import living

FIRM = {"legal_name": "Member AB", "country": "SE", "national_id": "", "eori": "SE5567000001"}


def association(name: str = "Freight Forwarders’ Association") -> Mou:
    mou = living.in_force(name)
    mou.organisation.roles = ["association"]
    mou.organisation.save()
    return mou


def owner(firm: Organisation) -> User:
    found: User = firm.memberships.get(role="owner").user
    return found


def member(name: str = "Member AB", *, owned: bool = True, **fields: Any) -> Organisation:
    people = {"owner": UserFactory()} if owned else {}
    number = Organisation.objects.count() + 1
    eori = f"SE77{number:08}"
    made: Organisation = OrganisationFactory(
        legal_name=name, eori=eori, roles=["forwarder"], **people, **fields
    )
    return made


def named(mou: Mou | None = None, firm: Organisation | None = None) -> Cover:
    mou, firm = mou or association(), firm or member()
    told = {**FIRM, "legal_name": firm.legal_name, "eori": firm.eori}
    return covers.name_member(
        mou=mou, firm=told, email="office@member.example", by=owner(mou.organisation)
    )


def confirmed(mou: Mou | None = None, firm: Organisation | None = None) -> Cover:
    cover = named(mou, firm)
    return covers.confirm_cover(cover=cover, by=owner(cover.organisation))
