"""Further word from a reporter: sealed to the desk, signed by what the receipt gives."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from portal import outbox
from portal.errors import DomainError, InvalidTransition
from reporting import content as contents
from reporting import envelopes, receipts
from reporting.actions.filing import KeptFile, sealed_file, sentence_when_unsealed, write
from reporting.inbox import Box
from reporting.models import Kind

LONGEST = 10_000


def send_word(*, box: Box, receipt: str, text: str, files: Iterable[KeptFile] = ()) -> None:
    """Add a message and its files; whoever holds the receipt alone can have written it."""
    kept = list(files)
    if box.is_erased:
        raise InvalidTransition(_("This report has been erased. Nothing can be added to it."))
    if not text.strip() and not kept:
        raise DomainError(_("Write a message or choose a file."))
    if len(text) > LONGEST:
        raise DomainError(_("A message has %(count)d characters at most.") % {"count": LONGEST})
    signer = (envelopes.reporter(b"").slot, receipts.signer(receipt))
    with sentence_when_unsealed(), transaction.atomic():
        listed = [sealed_file(box.report_id, one, unit=box.unit) for one in kept]
        envelope, slots = envelopes.sealed(
            box.report_id,
            Kind.MESSAGE,
            contents.dump(
                {
                    "version": contents.VERSION,
                    "text": text,
                    "files": listed,
                    # What it may be an answer to: its time is told to the hour only.
                    "after": len(box.sealed),
                }
            ),
            unit=box.unit,
            signer=signer,
        )
        write([(envelope, slots)])
        outbox.enqueue_new(
            "reporting.word_received",
            key=f"reporting.word_received:{envelope.id}",
            since=envelope.created_hour,
            report_id=str(box.report_id),
        )
