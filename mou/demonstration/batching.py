"""The caseworker of the demonstration offers in bulk: done, stopped, and paused at once."""

from __future__ import annotations

from django.db import transaction

from mou import candidates
from mou.actions import batches
from mou.candidates import Chosen
from mou.models import OfferBatch, Outcome, Programme, TrustStatus
from portal.models import User


def batch(caseworker: User) -> None:
    """To firms whose offer was taken back or whose agreement ended; done before, it stays as it is.

    The first batch is for the newest certificate of these alone. Whoever resumes the last one lets
    the other offers go out.
    """
    programme = Programme.objects.get(code="mou")
    if OfferBatch.objects.exists():
        return
    again = Chosen(again=True)
    found = candidates.holders(programme, again).filter(outcome=Outcome.WAITING)
    held = TrustStatus.objects.filter(pk__in=found.values("certificate"))
    newest = held.order_by("-effective_from").first()
    if newest is None:
        return
    one = Chosen(again=True, granted_since=str(newest.effective_from))
    _begin(programme, one, caseworker, "make")
    _begin(programme, again, caseworker, "stop")
    _begin(programme, again, caseworker, "pause")


@transaction.atomic
def _begin(programme: Programme, chosen: Chosen, by: User, then: str) -> None:
    """In one transaction: the workers see it only as it is to stay."""
    found = candidates.preview(programme, chosen)
    if not found.offered:
        return
    begun = batches.offer_in_bulk(programme=programme, chosen=chosen, seen=found.seen, by=by)
    if then == "make":
        batches.make_offers(batch=begun)
    elif then == "stop":
        batches.stop_batch(batch=begun, by=by)
    else:
        batches.pause_batch(batch=begun, by=by)
