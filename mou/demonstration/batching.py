"""The caseworker of the demonstration begins offers in bulk, and pauses them at once."""

from __future__ import annotations

from django.db import transaction

from mou import candidates
from mou.actions import batches
from mou.candidates import Chosen
from mou.models import OfferBatch, Programme
from portal.models import User


@transaction.atomic
def batch(caseworker: User) -> None:
    """To firms whose earlier offer was taken back; whoever resumes it lets the offers go out."""
    programme, chosen = Programme.objects.get(code="mou"), Chosen(again=True)
    found = candidates.preview(programme, chosen)
    if OfferBatch.objects.exists() or not found.offered:
        return
    begun = batches.offer_in_bulk(
        programme=programme, chosen=chosen, seen=found.seen, by=caseworker
    )
    batches.pause_batch(batch=begun, by=caseworker)
