"""Archived files last: each gets a new archive stamp in time, year after year."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from pyhanko.pdf_utils.reader import PdfFileReader

from mou import keys, signing
from mou.actions import papers
from mou.models import Document, EarlierEdition, Step
from mou.tokens import last_archive_certificate
from portal import audit, files, outbox, timestamps

LASTING = [Step.ARCHIVED, Step.EVIDENCE]
YEARLY = timedelta(days=365)
# A certificate of the time-stamp service that ends earlier is not waited for to the last.
MARGIN = timedelta(days=90)
# As many as one tick of the clock promises.
AT_ONCE = 500


def renewal_day(pdf: bytes) -> date:
    """When this file needs its next archive stamp: in a year, or well before the newest ends.

    Never today: where the service's own certificate ends soon, half of what is left is waited,
    or every tick of the clock would stamp every file again.
    """
    certificate = last_archive_certificate(PdfFileReader(BytesIO(pdf)))
    ends = timezone.localtime(certificate.not_valid_after).date()
    today = timezone.localdate()
    wanted = min(today + YEARLY, ends - MARGIN)
    return wanted if wanted > today else today + max((ends - today) / 2, timedelta(days=1))


def renew_due() -> None:
    """The clock: promise a new stamp for every archived file that is due, the longest due first."""
    due = Q(renew_on__lte=timezone.localdate()) | Q(renew_on=None)
    found = Document.objects.filter(due, step__in=LASTING)
    for document in found.order_by(F("renew_on").asc(nulls_first=True), "pk")[:AT_ONCE]:
        outbox.enqueue(
            "mou.renew",
            key=f"renew:{document.pk}:{document.edition}",
            queue="pdf",
            document_id=document.pk,
            edition=document.edition,
        )


def renew(*, document: Document, edition: int) -> None:
    """Worker: add an archive stamp to this edition of an archived file.

    May run twice; raises TimestampUnavailable or RevocationUnavailable and keeps nothing then.
    The new bytes lie beside the old ones until the row names them, so a kill loses neither.
    """
    if document.edition != edition:
        return
    pdf = signing.archive(
        papers.bytes_of(document), keys=keys.load(), timestamper=timestamps.client()
    )
    with transaction.atomic():
        version = papers.lock(document.version)
        document = Document.objects.select_for_update(of=("self",)).get(pk=document.pk)
        if document.edition != edition:
            return
        document.version = version
        EarlierEdition.objects.create(
            document=document, edition=edition, sha256=document.sha256, size=document.size
        )
        document.edition = edition + 1
        document.sha256, document.size = papers.digest(pdf), len(pdf)
        document.renewed_at, document.renew_on = timezone.now(), renewal_day(pdf)
        files.put(document.path, pdf)
        document.save(update_fields=["edition", "sha256", "size", "renewed_at", "renew_on"])
        audit.record(
            "stamped_again",
            target=version,
            by=None,
            organisation=version.mou.organisation,
            step=document.step,
            sha256=document.sha256,
        )
