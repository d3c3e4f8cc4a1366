"""Offers in bulk: confirmed by an officer, made by a worker in slices, paused, resumed, stopped."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mou import candidates, components, lifecycle, offer_permissions
from mou.actions.locking import lock_offer_makers
from mou.candidates import Chosen
from mou.lifecycle import BatchStatus
from mou.models import (
    Basis,
    MouOffer,
    OfferBatch,
    OfferBatchLine,
    Outcome,
    Programme,
    TrustStatus,
)
from portal import audit, outbox
from portal.errors import DomainError, NotAllowed
from portal.models import User

# So many firms are offered an agreement in one transaction.
SLICE = 200
# A worker turns to other work after so many seconds, and comes back.
TURN = 20.0
CHUNK = 1000


@transaction.atomic
def offer_in_bulk(*, programme: Programme, chosen: Chosen, seen: str, by: User) -> OfferBatch:
    """An officer has seen who would be offered an agreement, and confirms just that.

    `seen`: the mark of the preview. Of a firm that is left out the reason is kept as well.
    """
    if not offer_permissions.can_offer_in_bulk(by):
        raise NotAllowed(_("Only a caseworker offers agreements."))
    found = candidates.holders(programme, chosen).order_by("pk")
    rows = list(found.values_list("pk", "certificate", "outcome"))
    waiting = [pk for pk, _certificate, outcome in rows if outcome == Outcome.WAITING]
    if f"{len(waiting)}-{sum(waiting)}" != seen:
        raise DomainError(
            _("Who would be offered an agreement has changed since. Look at it, then confirm.")
        )
    if not waiting:
        raise DomainError(_("Nobody would be offered an agreement. Choose other holders."))
    counts = Counter(outcome for _pk, _certificate, outcome in rows)
    batch = OfferBatch.objects.create(
        programme=programme,
        chosen=chosen.stored(),
        counts={**counts, "confirmed": len(waiting)},
        created_by=by,
    )
    OfferBatchLine.objects.bulk_create(
        (
            OfferBatchLine(
                batch=batch, organisation_id=pk, certificate_id=certificate, outcome=outcome
            )
            for pk, certificate, outcome in rows
        ),
        batch_size=CHUNK,
    )
    audit.record("batch_confirmed", target=batch, by=by, firms=len(waiting), **chosen.stored())
    _promise(batch)
    return batch


@transaction.atomic
def pause_batch(*, batch: OfferBatch, by: User) -> OfferBatch:
    """No further slice begins until an officer lets it go on."""
    return _lead(batch, "pause", by)


@transaction.atomic
def resume_batch(*, batch: OfferBatch, by: User) -> OfferBatch:
    batch = _lead(batch, "resume", by)
    batch.resumed += 1
    batch.save(update_fields=["resumed"])
    _promise(batch)
    return batch


@transaction.atomic
def stop_batch(*, batch: OfferBatch, by: User) -> OfferBatch:
    """What is made stays made; whoever waits gets no offer of this batch."""
    batch = _lead(batch, "stop", by)
    left = batch.lines.filter(outcome=Outcome.WAITING).update(outcome=Outcome.STOPPED)
    batch.move({Outcome.STOPPED: left})
    batch.finished_at = timezone.now()
    batch.save(update_fields=["counts", "finished_at"])
    return batch


def _lead(batch: OfferBatch, verb: str, by: User) -> OfferBatch:
    batch = OfferBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    to = lifecycle.after(lifecycle.BATCH, verb, batch.status)
    if not offer_permissions.can_lead_batch(by, batch, verb):
        raise NotAllowed(_("Only a caseworker decides about a batch of offers."))
    batch.status = to
    if to == BatchStatus.STOPPED:
        batch.finished_at = timezone.now()
    batch.save(update_fields=["status", "finished_at"])
    audit.record(f"batch_{to if to != BatchStatus.RUNNING else 'resumed'}", target=batch, by=by)
    return batch


def make_offers(*, batch: OfferBatch) -> None:
    """Worker: make the offers of the next slices, then come back. May be killed and run again."""
    until = time.monotonic() + TURN
    with translation.override(batch.created_by.language):
        while _make_slice(batch):
            if time.monotonic() >= until:
                batch.refresh_from_db()
                _promise(batch)
                return


@transaction.atomic
def _make_slice(batch: OfferBatch) -> bool:
    """One slice, or nothing of it; False when there is none left or the batch does not run."""
    running = lock_offer_makers()
    locked = next((one for one in running if one.pk == batch.pk), None)
    if locked is None:
        return False
    waiting = locked.lines.filter(outcome=Outcome.WAITING).order_by("pk")[:SLICE]
    lines = list(waiting)
    outcomes = _offer_to(locked, lines)
    for outcome in set(outcomes.values()):
        having = [pk for pk, found in outcomes.items() if found == outcome]
        OfferBatchLine.objects.filter(pk__in=having).update(outcome=outcome)
    locked.move(Counter(outcomes.values()))
    more = locked.counted(Outcome.WAITING) > 0
    if not more:
        locked.status = lifecycle.after(lifecycle.BATCH, "finish", locked.status)
        locked.finished_at = timezone.now()
        audit.record(
            "batch_finished", target=locked, by=None, offers=locked.counted(Outcome.OFFERED)
        )
    locked.save(update_fields=["counts", "status", "finished_at"])
    return more


def _offer_to(batch: OfferBatch, lines: list[OfferBatchLine]) -> dict[int, str]:
    """Make the offers of these lines; what became of each, as things stand now."""
    firms = [line.organisation_id for line in lines]
    found = candidates.holders(batch.programme, Chosen(**batch.chosen), batch)
    now = {firm.pk: firm for firm in found.filter(pk__in=firms)}
    due = [now[pk] for pk in firms if pk in now and now[pk].outcome == Outcome.WAITING]
    made = {offer.organisation_id for offer in _make(batch, due)}
    outcomes = {}
    for line in lines:
        firm = now.get(line.organisation_id)
        outcome = firm.outcome if firm is not None else Outcome.NOT_HELD
        if outcome == Outcome.WAITING:
            # Somebody else made it one at the same moment; the database let only one through.
            outcome = Outcome.OFFERED if line.organisation_id in made else Outcome.OPEN
        outcomes[line.pk] = str(outcome)
    return outcomes


def _make(batch: OfferBatch, firms: list[Any]) -> list[MouOffer]:
    """The offers that came into being, recorded and promised to be sent, in five statements."""
    wanted = list(_offers(batch, firms))
    MouOffer.objects.bulk_create(wanted, ignore_conflicts=True)
    made = list(MouOffer.objects.filter(uuid__in=[offer.uuid for offer in wanted]).order_by("pk"))
    audit.record_all(
        "offer_made",
        targets=made,
        by=batch.created_by,
        organisations={offer.pk: offer.organisation_id for offer in made},
        basis=Basis.TRUST_STATUS,
        batch=batch.pk,
    )
    outbox.enqueue_all(
        "mou.send_offer",
        {f"send_offer:{one.pk}": {"offer_id": one.pk} for one in made if one.contact_email},
    )
    return made


def _offers(batch: OfferBatch, firms: list[Any]) -> Iterator[MouOffer]:
    held = TrustStatus.objects.in_bulk([firm.certificate for firm in firms])
    at = timezone.now()
    for firm in firms:
        status, address = held[firm.certificate], firm.address
        yield MouOffer(
            organisation_id=firm.pk,
            programme=batch.programme,
            batch=batch,
            basis=Basis.TRUST_STATUS,
            trust_status=status,
            required_component=components.required(batch.programme, status),
            contact_email=address.lower(),
            contact_source=_("The firm’s owner here, or its earlier offer") if address else "",
            contact_verified_at=at if address else None,
            created_by=batch.created_by,
            created_at=at,
        )


def _promise(batch: OfferBatch) -> None:
    key = f"offer_in_bulk:{batch.pk}:{batch.resumed}:{batch.done}"
    outbox.enqueue("mou.offer_in_bulk", key=key, batch_id=batch.pk)


@transaction.atomic
def results_list(*, batch: OfferBatch, by: User) -> Iterator[list[str]]:
    """Every firm and what became of it, for a file; that it was taken is recorded."""
    if not offer_permissions.can_offer_in_bulk(by):
        raise NotAllowed(_("Only a caseworker takes this list out."))
    audit.record("batch_downloaded", target=batch, by=by, kind="disclosure")
    return _results(batch)


def _results(batch: OfferBatch) -> Iterator[list[str]]:
    yield [_("Firm"), _("Country"), "EORI", _("Certificate number"), _("What became of it")]
    lines = batch.lines.select_related("organisation", "certificate").order_by("pk")
    for line in lines.iterator(chunk_size=CHUNK):
        firm = line.organisation
        number = line.certificate.number if line.certificate else ""
        said = str(line.get_outcome_display())
        yield [firm.legal_name, str(firm.country), firm.eori, number, said]
