"""A firm that is called otherwise than it signed: both sides are told, and a novation ends it."""

from __future__ import annotations

import pytest

from mou import queues
from mou.actions import amendments, organisations
from mou.models import Mou, MouVersion
from portal.models import OutboxMessage
from tests.factories import UserFactory
from tests.mou import amendment_flows, flows, living

pytestmark = pytest.mark.django_db
NEW = "Harbour Freight Holding AB"


def waiting() -> list[Mou]:
    return list(queues.QUEUES["novation"].pick(Mou.objects.all(), UserFactory(caseworker=True)))


def letters() -> int:
    return OutboxMessage.objects.filter(key__startswith="mou.firm_renamed").count()


def signed(name: str = "Harbour Freight AB") -> Mou:
    mou = living.in_force(name)
    named = {"legal_name": name, "eori": mou.organisation.eori}
    MouVersion.objects.create(
        mou=mou,
        number=1,
        template=flows.template(),
        status="signed",
        content={"business": named},
        content_hash="h",
        drafted_by=UserFactory(caseworker=True),
    )
    return mou


def test_rename_tells_both_sides_once_and_waits_at_the_desk():
    mou = signed()
    organisations.rename(organisation=mou.organisation, legal_name=NEW, by=None)
    organisations.rename(organisation=mou.organisation, legal_name=NEW + "x", by=None)
    assert waiting() == [mou]
    assert letters() == 1


def test_rename_back_to_the_signed_name_ends_the_wait():
    mou = signed()
    organisations.rename(organisation=mou.organisation, legal_name=NEW, by=None)
    organisations.rename(organisation=mou.organisation, legal_name="Harbour Freight AB", by=None)
    assert waiting() == []


def test_rename_of_a_firm_whose_agreement_ended_tells_nobody():
    mou = signed()
    Mou.objects.update(status="expired", ended_at=mou.in_force_at)
    organisations.rename(organisation=mou.organisation, legal_name=NEW, by=None)
    assert (waiting(), letters()) == ([], 0)


def test_novation_that_is_archived_ends_the_wait(trust_service):
    cast = flows.archived()
    organisations.rename(organisation=cast.organisation, legal_name=NEW, by=None)
    assert waiting() == [cast.mou]
    amendments.open_amendment(
        mou=cast.agreement, kind="novation", reason="A new name.", by=cast.caseworker
    )
    assert waiting() == []
    cast.agreement.organisation.refresh_from_db()
    amendment_flows.complete(cast)
    assert cast.agreement.renamed_at is None
    assert cast.version.content["business"]["legal_name"] == NEW
