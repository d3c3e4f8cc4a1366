"""The locks that work begins with: on one agreement, and on all that make offers in heaps."""

from __future__ import annotations

from mou.lifecycle import BatchStatus
from mou.models import CertificateImport, ImportStatus, Mou, OfferBatch


def lock(mou: Mou) -> Mou:
    """The agreement as it is now, for this transaction alone; before its versions and the rest."""
    return Mou.objects.select_for_update(of=("self",)).get(pk=mou.pk)


def lock_imports() -> list[CertificateImport]:
    """All lists that are being applied, and no batch of offers beside them: one works at a time.

    Each makes many offers in one transaction; two that did so in different orders would wait for
    each other for ever.
    """
    running = _running_imports()
    _running_batches()
    return running


def lock_offer_makers() -> list[OfferBatch]:
    """All batches of offers that run, and the lists beside them, in the same order as above."""
    _running_imports()
    return _running_batches()


def _running_imports() -> list[CertificateImport]:
    found = CertificateImport.objects.select_for_update(of=("self",))
    return list(found.filter(status=ImportStatus.RUNNING).order_by("pk"))


def _running_batches() -> list[OfferBatch]:
    found = OfferBatch.objects.select_for_update(of=("self",)).select_related(
        "programme", "created_by"
    )
    return list(found.filter(status=BatchStatus.RUNNING).order_by("pk"))
