"""Importing a list of certificates: kept, compared, confirmed, then taken over, each row once."""

from __future__ import annotations

import hashlib
import time
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from mou import certificate_files, certificates, import_permissions, permissions
from mou.actions.imported_rows import take_over
from mou.actions.locking import lock_imports
from mou.certificates import Row
from mou.import_permissions import WAITING
from mou.models import CertificateImport, ImportStatus
from portal import audit, files, outbox, reference
from portal.errors import DomainError, NotAllowed
from portal.models import User

# Rows in one transaction: short enough for others to write in between.
SLICE = 100
# A worker turns to other work after so many seconds, and comes back.
TURN = 20.0


@transaction.atomic
def import_list(
    *, file_name: str, data: bytes, by: User, complete: bool = False
) -> CertificateImport:
    """Keep a caseworker's list and have it compared; DomainError when nobody could read it.

    Nothing is applied before somebody has seen what would change and confirms it. A `complete`
    list says of what it leaves out that it is gone.
    """
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
        complete=complete,
    )
    files.put(batch.path, data)
    audit.record("import_started", target=batch, by=by, sha256=batch.sha256, rows=len(records))
    outbox.enqueue("mou.compare_import", key=f"compare:{batch.pk}:0", batch_id=batch.pk)
    return batch


@transaction.atomic
def confirm_import(*, batch: CertificateImport, by: User) -> CertificateImport:
    """A caseworker has seen what would change: the workers apply it."""
    batch = _lock(batch)
    if not import_permissions.can_confirm(by, batch):
        _refuse(batch)
    batch.status, batch.confirmed_at, batch.confirmed_by = (
        ImportStatus.RUNNING,
        timezone.now(),
        by,
    )
    batch.save()
    audit.record("import_confirmed", target=batch, by=by, **batch.counts)
    _promise(batch)
    return batch


@transaction.atomic
def drop_import(*, batch: CertificateImport, by: User | None) -> CertificateImport:
    """Nothing of it is applied, and the list is not kept."""
    batch = _lock(batch)
    if by is not None and not import_permissions.can_drop(by, batch):
        _refuse(batch)
    if batch.status not in WAITING:
        return batch  # confirmed since the clock looked
    batch.status, batch.finished_at = ImportStatus.DROPPED, timezone.now()
    batch.save()
    audit.record("import_dropped", target=batch, by=by)
    transaction.on_commit(lambda: files.delete(batch.path), robust=True)
    return batch


def drop_abandoned(*, dry: bool = False) -> int:
    """Lists that nobody confirmed in time are not kept: what they were compared with is history."""
    before = timezone.now() - timedelta(days=settings.IMPORT_KEPT_DAYS)
    abandoned = CertificateImport.objects.filter(
        status=ImportStatus.COMPARED, compared_at__lt=before
    )
    if dry:
        return abandoned.count()
    for batch in abandoned:
        drop_import(batch=batch, by=None)
    return len(abandoned)


def _refuse(batch: CertificateImport) -> None:
    if batch.status not in WAITING:
        raise DomainError(
            _("This list is “%(status)s” already. Reload the page.")
            % {"status": batch.get_status_display()}
        )
    raise NotAllowed(_("Only a caseworker decides about a list, and once it is compared."))


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
            read = read_rows(batch)
        except (FileNotFoundError, DomainError):
            refuse_lost(batch)
            return
        while _take_slice(batch, read):
            if time.monotonic() >= until:
                batch.refresh_from_db()
                _promise(batch)
                return


@transaction.atomic
def _take_slice(batch: CertificateImport, read: list[Row]) -> bool:
    """Take over one slice, or nothing of it; False when there is none left."""
    locked = _lock_running(batch)
    if locked is None:
        return False
    part = read[locked.rows_done : locked.rows_done + SLICE]
    take_over(locked, part)
    if locked.rows_done >= locked.rows_total:
        _finish(locked)
    locked.save()
    return locked.status == ImportStatus.RUNNING


def read_rows(batch: CertificateImport) -> list[Row]:
    """The rows of the kept file; FileNotFoundError or DomainError where it is no longer so."""
    sheet = certificate_files.read(files.get(batch.path), most_rows=settings.IMPORT_MAX_ROWS)
    return certificates.check(sheet.records, member_states=_member_states())


def _member_states() -> frozenset[str]:
    return frozenset(item.code for item in reference.items("eu_member_state"))


def _promise(batch: CertificateImport) -> None:
    outbox.enqueue("mou.import", key=f"import:{batch.pk}:{batch.rows_done}", batch_id=batch.pk)


def _lock(batch: CertificateImport) -> CertificateImport:
    return CertificateImport.objects.select_for_update(of=("self",)).get(pk=batch.pk)


def _lock_running(batch: CertificateImport) -> CertificateImport | None:
    """This import, if it runs. All that run are locked: two lists never work at once."""
    return next((one for one in lock_imports() if one.pk == batch.pk), None)


@transaction.atomic
def refuse_lost(batch: CertificateImport) -> None:
    """The kept file is gone; nothing can be done with this import any more."""
    locked = _lock(batch)
    if locked.status in (*WAITING, ImportStatus.RUNNING):
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
        by=batch.confirmed_by,
        kind="collection",
        **{name: getattr(batch, f"rows_{name}") for name in counts},
    )
    # What was taken over is in the register; the list itself is not kept longer.
    transaction.on_commit(lambda: files.delete(batch.path), robust=True)


@transaction.atomic
def rejected_list(*, batch: CertificateImport, by: User) -> str:
    """The rejected rows as a list to correct and send again; that it was taken is recorded."""
    if not permissions.can_import(by):
        raise NotAllowed(_("Only a caseworker takes rejected rows out."))
    audit.record("rejected_rows_downloaded", target=batch, by=by, kind="disclosure")
    rejected = batch.rejected.order_by("line").values_list("values", "reason")
    return certificate_files.write(rejected)
