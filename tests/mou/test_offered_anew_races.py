"""Offers to a firm whose agreement ended, from several sides at once: one lives, no more."""

from __future__ import annotations

from contextlib import suppress

import pytest

from mou.actions import agreements, batches
from mou.lifecycle import OfferStatus
from mou.models import MouOffer, OfferBatch
from portal.errors import DomainError
from tests.factories import UserFactory
from tests.mou import flows
from tests.mou.batch_flows import confirmed
from tests.mou.test_import_races import together
from tests.mou.test_offered_anew import ended, outreach

pytestmark = pytest.mark.django_db(transaction=True)
LIVE = [OfferStatus.UNSENT, OfferStatus.SENT, OfferStatus.ACCEPTED]


def unless_refused(work) -> None:
    with suppress(DomainError):
        work()


def test_two_officers_and_a_batch_offer_anew_at_once():
    cast = ended("withdrawn")
    batch = confirmed(again=True)
    officers = [UserFactory(caseworker=True) for _ in range(2)]
    together(
        *[lambda by=by: unless_refused(lambda: outreach(cast, by)) for by in officers],
        lambda: batches.make_offers(batch=OfferBatch.objects.get(pk=batch.pk)),
    )
    made = MouOffer.objects.filter(status__in=LIVE)
    assert made.count() == 1
    assert MouOffer.objects.count() == 2


def test_offer_at_the_moment_at_which_the_agreement_ends():
    cast = flows.accepted()
    mou, by = cast.agreement, UserFactory(caseworker=True)
    together(
        lambda: agreements.withdraw(mou=mou, by=cast.owner, reason="We moved abroad."),
        lambda: unless_refused(lambda: outreach(cast, by)),
    )
    cast.offer.refresh_from_db()
    assert cast.offer.status == OfferStatus.ENDED
    unless_refused(lambda: outreach(cast, by))
    assert MouOffer.objects.filter(status__in=LIVE).count() == 1
