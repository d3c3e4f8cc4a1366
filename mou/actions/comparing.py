"""Comparing a list with the register: shown to a person before anything of it is applied."""

from __future__ import annotations

import time
from collections import Counter

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mou import permissions
from mou.actions import imports
from mou.certificates import Row, stem
from mou.comparison import SCHEME, Register, Rejected, compare, doubts
from mou.models import (
    CertificateImport,
    ComponentState,
    Difference,
    DifferenceKind,
    ImportStatus,
    RejectedRow,
    RowNote,
    TrustStatus,
)
from portal import audit, outbox
from portal.errors import DomainError, NotAllowed
from portal.models import User

OPEN = [ImportStatus.WAITING, ImportStatus.COMPARING]
HELD = [ComponentState.VALID, ComponentState.SUSPENDED]


def compare_rows(*, batch: CertificateImport) -> None:
    """Worker: compare the next rows, then come back for more. May be killed and run again."""
    until = time.monotonic() + imports.TURN
    with translation.override(batch.uploaded_by.language):
        try:
            read = imports.read_rows(batch)
        except (FileNotFoundError, DomainError):
            imports.refuse_lost(batch)
            return
        while _compare_slice(batch, read):
            if time.monotonic() >= until:
                batch.refresh_from_db()
                key = f"compare:{batch.pk}:{batch.rows_compared}"
                outbox.enqueue("mou.compare_import", key=key, batch_id=batch.pk)
                return


@transaction.atomic
def _compare_slice(batch: CertificateImport, read: list[Row]) -> bool:
    """Compare one slice, or nothing of it; False when there is none left."""
    locked = (
        CertificateImport.objects.select_for_update(of=("self",))
        .filter(pk=batch.pk, status__in=OPEN)
        .first()
    )
    if locked is None:
        return False
    part = read[locked.rows_compared : locked.rows_compared + imports.SLICE]
    found = _differences(locked, part)
    locked.rows_compared += len(part)
    locked.status = ImportStatus.COMPARING
    if locked.rows_compared >= locked.rows_total:
        found += _gone(locked, read) if locked.complete else []
        locked.status, locked.compared_at = ImportStatus.COMPARED, timezone.now()
        audit.record("import_compared", target=locked, by=None)
    Difference.objects.bulk_create(found, batch_size=500)
    locked.counts = dict(Counter(locked.counts) + Counter(one.kind for one in found))
    if locked.status == ImportStatus.COMPARED:
        locked.counts["offer"] = _offers(locked, read)
    locked.save()
    return locked.status == ImportStatus.COMPARING


def _differences(batch: CertificateImport, part: list[Row]) -> list[Difference]:
    register = Register([row.certificate for row in part if row.certificate])
    found, rejected, notes = [], [], []
    for row in part:
        line, certificate = row.record.line, row.certificate
        try:
            if certificate is None:
                raise Rejected(" ".join(row.reasons))
            change = compare(certificate, register)
        except Rejected as error:
            rejected.append(
                RejectedRow(batch=batch, line=line, reason=str(error), values=row.values)
            )
            continue
        if said := doubts(certificate, register):
            notes.append(RowNote(batch=batch, line=line, note=said))
        if change is not None:
            found.append(
                Difference(
                    batch=batch,
                    kind=change.kind,
                    line=line,
                    number=certificate.number,
                    holder=certificate.holder,
                    status=register.find(certificate),
                    changes=change.fields,
                )
            )
    RejectedRow.objects.bulk_create(rejected)
    RowNote.objects.bulk_create(notes)
    return found


def _gone(batch: CertificateImport, read: list[Row]) -> list[Difference]:
    """Certificates that are held here and that a complete list does not name."""
    named = [row.certificate for row in read if row.certificate]
    numbers = {certificate.normalised for certificate in named}
    stems = {(certificate.eori, stem(certificate.number)) for certificate in named}
    held = TrustStatus.objects.filter(scheme__code=SCHEME).select_related("organisation")
    held = held.filter(simplifications__in=HELD) | held.filter(security__in=HELD)
    return [
        Difference(
            batch=batch,
            kind=DifferenceKind.GONE,
            number=status.number,
            holder=status.organisation.legal_name,
            status=status,
        )
        for status in held.order_by("pk").iterator(chunk_size=500)
        if status.number_normalised not in numbers
        and (status.organisation.eori, stem(status.number)) not in stems
    ]


def _offers(batch: CertificateImport, read: list[Row]) -> int:
    """How many firms would be offered an agreement, each once."""
    found = batch.differences.filter(changes__has_key="offer")
    offering = set(found.values_list("line", flat=True))
    return len(
        {row.certificate.eori for row in read if row.certificate and row.record.line in offering}
    )


@transaction.atomic
def differences_list(*, batch: CertificateImport, by: User) -> list[list[str]]:
    """What would change or was changed, for a file; that it was taken is recorded."""
    if not permissions.can_import(by):
        raise NotAllowed(_("Only a caseworker takes this list out."))
    audit.record("differences_downloaded", target=batch, by=by, kind="disclosure")
    rows = [[_("Line"), _("Kind"), _("Certificate number"), _("Holder"), _("Changes")]]
    for one in batch.differences.order_by("pk"):
        pairs = one.changes.items()
        said = "; ".join(f"{name}: {old or '–'} → {new}" for name, (old, new) in pairs)
        line = "" if one.line is None else str(one.line)
        rows.append([line, str(one.get_kind_display()), one.number, one.holder, said])
    return rows
