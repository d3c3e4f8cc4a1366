"""Importing a list of certificates: kept, then taken over slice by slice, each row once."""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

from django.conf import settings
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mou import certificate_files, certificates, permissions
from mou.actions import rows
from mou.certificates import Row
from mou.models import CertificateImport, ImportStatus, RejectedRow, RowNote
from portal import audit, files, outbox, reference
from portal.errors import DomainError, NotAllowed
from portal.models import User

# Rows in one transaction: short enough for others to write in between.
SLICE = 100
# A worker turns to other work after so many seconds, and comes back.
TURN = 20.0
OPEN = [ImportStatus.WAITING, ImportStatus.RUNNING]


@transaction.atomic
def import_list(*, file_name: str, data: bytes, by: User) -> CertificateImport:
    """Keep a caseworker's list for the workers; DomainError when nobody could read it."""
    if not permissions.can_import(by):
        raise NotAllowed(_("Only a caseworker imports certificates."))
    refuse_too_large(len(data))
    if not _member_states():
        raise DomainError(_("The list of member states is empty. Load the reference lists first."))
    records = certificate_files.read(data, most_rows=settings.IMPORT_MAX_ROWS).records
    batch = CertificateImport.objects.create(
        file_name=file_name[-200:],
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        uploaded_by=by,
        rows_total=len(records),
    )
    files.put(batch.path, data)
    audit.record("import_started", target=batch, by=by, sha256=batch.sha256, rows=len(records))
    _promise(batch)
    return batch


def refuse_too_large(size: int) -> None:
    """Asked before a file is read as well, as far as the browser announces its size."""
    if size > settings.IMPORT_MAX_BYTES:
        raise DomainError(
            _("The file is too large: up to %(size)d MB are read. Send it in several files.")
            % {"size": settings.IMPORT_MAX_BYTES // 1_000_000}
        )


def unused_headings(data: bytes) -> list[str]:
    """Columns of a readable list that mean nothing to us; perhaps one is only misspelt."""
    return certificate_files.read(data, most_rows=settings.IMPORT_MAX_ROWS).unused


def import_rows(*, batch: CertificateImport) -> None:
    """Worker: take over the next rows, then come back for more. May be killed and run again."""
    until = time.monotonic() + TURN
    with translation.override(batch.uploaded_by.language):
        try:
            read = _rows(batch)
        except (FileNotFoundError, DomainError):
            _refuse_lost(batch)
            return
        while _take_slice(batch, read):
            if time.monotonic() >= until:
                batch.refresh_from_db()
                _promise(batch)
                return


@transaction.atomic
def _take_slice(batch: CertificateImport, read: list[Row]) -> bool:
    """Take over one slice, or nothing of it; False when there is none left."""
    locked = _lock_open(batch)
    if locked is None:
        return False
    part = read[locked.rows_done : locked.rows_done + SLICE]
    _take_over(locked, part)
    locked.status = ImportStatus.RUNNING
    if locked.rows_done >= locked.rows_total:
        _finish(locked)
    locked.save()
    return locked.status == ImportStatus.RUNNING


def _rows(batch: CertificateImport) -> list[Row]:
    sheet = certificate_files.read(files.get(batch.path), most_rows=settings.IMPORT_MAX_ROWS)
    return certificates.check(sheet.records, member_states=_member_states())


def _member_states() -> frozenset[str]:
    return frozenset(item.code for item in reference.items("eu_member_state"))


def _promise(batch: CertificateImport) -> None:
    outbox.enqueue("mou.import", key=f"import:{batch.pk}:{batch.rows_done}", batch_id=batch.pk)


def _lock_open(batch: CertificateImport) -> CertificateImport | None:
    """This import, if it is open. All open ones are locked: two lists never work at once."""
    found = CertificateImport.objects.select_for_update(of=("self",)).filter(status__in=OPEN)
    return next((one for one in found.order_by("pk") if one.pk == batch.pk), None)


@transaction.atomic
def _refuse_lost(batch: CertificateImport) -> None:
    locked = _lock_open(batch)
    if locked is not None:
        locked.status, locked.finished_at = ImportStatus.REFUSED, timezone.now()
        locked.refusal = _("The uploaded file is no longer there. Send it again.")
        locked.save()
        audit.record("import_refused", target=locked, by=None)


def _finish(batch: CertificateImport) -> None:
    batch.status, batch.finished_at = ImportStatus.FINISHED, timezone.now()
    counts = ("new", "changed", "unchanged", "rejected")
    audit.record(
        "imported",
        target=batch,
        by=batch.uploaded_by,
        kind="collection",
        **{name: getattr(batch, f"rows_{name}") for name in counts},
    )
    # What was taken over is in the register; the list itself is not kept longer.
    transaction.on_commit(lambda: files.delete(batch.path), robust=True)


def _take_over(batch: CertificateImport, part: list[Row]) -> None:
    try:
        with transaction.atomic():
            taken = _take_rows(part, batch.uploaded_by, guard=nullcontext)
    except (IntegrityError, DataError):
        # Once more, each row by itself, so that the one that is refused holds up no other.
        taken = _take_rows(part, batch.uploaded_by, guard=transaction.atomic)
    for outcome, count in Counter(outcome for outcome, _row, _said in taken).items():
        setattr(batch, f"rows_{outcome}", getattr(batch, f"rows_{outcome}") + count)
    RowNote.objects.bulk_create(
        RowNote(batch=batch, line=row.record.line, note=said)
        for outcome, row, said in taken
        if said and outcome != "rejected"
    )
    RejectedRow.objects.bulk_create(
        RejectedRow(batch=batch, line=row.record.line, reason=said, values=row.values)
        for outcome, row, said in taken
        if outcome == "rejected"
    )
    batch.rows_done += len(part)


def _take_rows(
    part: list[Row], by: User, *, guard: Callable[[], AbstractContextManager]
) -> list[tuple[str, Row, str]]:
    """Each row's outcome, and the reasons or doubts about it."""
    register, taken = _register(part), []
    for place, row in enumerate(part):
        if row.certificate is None:
            taken.append(("rejected", row, " ".join(row.reasons)))
            continue
        try:
            with guard():
                outcome = rows.take_over(row.certificate, register, by)
        except rows.Rejected as error:
            taken.append(("rejected", row, str(error)))
        except (IntegrityError, DataError):
            if guard is nullcontext:
                raise
            # What was remembered of this row is undone; the others need a true picture.
            register = _register(part[place + 1 :])
            taken.append(("rejected", row, _("The register refused this row. Send it again.")))
        else:
            taken.append((outcome, row, rows.doubts(row.certificate, register)))
    return taken


def _register(part: list[Row]) -> rows.Register:
    return rows.Register([row.certificate for row in part if row.certificate is not None])


@transaction.atomic
def rejected_list(*, batch: CertificateImport, by: User) -> str:
    """The rejected rows as a list to correct and send again; that it was taken is recorded."""
    if not permissions.can_import(by):
        raise NotAllowed(_("Only a caseworker takes rejected rows out."))
    audit.record("rejected_rows_downloaded", target=batch, by=by, kind="disclosure")
    rejected = batch.rejected.order_by("line").values_list("values", "reason")
    return certificate_files.write(rejected)
