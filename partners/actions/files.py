"""Files that change the directory: sent, compared, shown, confirmed, and applied by a worker."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from partners import lifecycle, notifications, sheets, vcards
from partners.actions.keeping import not_allowed
from partners.file_changes import CONFLICT, Comparison
from partners.file_records import Content
from partners.keeping_permissions import can_keep
from partners.lifecycle import FILE_WAITS
from partners.models import DirectoryImport, FileKind, ImportState, Partner
from portal import audit, files, outbox
from portal.errors import AlreadyDone, DomainError
from portal.models import User

# What nobody decided on by then is dropped.
ABANDONED = timedelta(days=2)
ABANDONED_AT_ONCE = 100
# A file that no worker could finish by then is refused: its work takes seconds.
STUCK = timedelta(hours=1)


@transaction.atomic
def send_file(
    *, file_name: str, data: bytes, partner: Partner | None, duty: str, by: User
) -> DirectoryImport:
    """A worker compares it with the directory; what is no such file at all is refused at once."""
    if not can_keep(by):
        raise not_allowed()
    kind = FileKind.VCARD if b"BEGIN:VCARD" in data[:200].upper() else FileKind.CSV
    batch = DirectoryImport(
        file_name=" ".join(file_name.split())[-200:] or "file",
        kind=kind,
        sha256=hashlib.sha256(data).hexdigest(),
        uploaded_by=by,
        partner=partner,
        duty=duty,
    )
    read(batch, data)
    batch.save(force_insert=True)
    files.put(batch.path, data)
    audit.record("directory_file_sent", target=batch, by=by, sha256=batch.sha256)
    _have_compared(batch, by)
    return batch


@transaction.atomic
def confirm_file(*, batch: DirectoryImport, by: User) -> DirectoryImport:
    """An officer has seen what it would change: a worker applies all of it, or nothing."""
    batch = _lock(batch, by, "confirm")
    if batch.errors:
        raise DomainError(_("Lines of this file are wrong. Correct them and send the file again."))
    if any(change["kind"] == CONFLICT for change in batch.changes):
        raise DomainError(
            _(
                "Entries were edited since this file was exported. Take those rows out, or give "
                "them the present version to write over what was edited, and send it again."
            )
        )
    if not batch.changes:
        raise DomainError(_("The file changes nothing."))
    batch.state, batch.decided_at, batch.decided_by = ImportState.APPLYING, timezone.now(), by
    batch.save()
    audit.record("directory_file_confirmed", target=batch, by=by, sha256=batch.sha256)
    key = f"partners.apply_file:{batch.pk}:{batch.decided_at.isoformat()}"
    outbox.enqueue("partners.apply_file", key=key, batch_id=batch.pk)
    return batch


@transaction.atomic
def compare_anew(*, batch: DirectoryImport, by: User) -> DirectoryImport:
    """A file that was not applied, with the directory as it stands now."""
    batch = _lock(batch, by, "compare_anew")
    batch.state, batch.uploaded_at = ImportState.COMPARING, timezone.now()
    batch.decided_at = batch.decided_by = batch.finished_at = None
    batch.counts, batch.errors = {}, []
    batch.save()
    _have_compared(batch, by)
    return batch


@transaction.atomic
def drop_file(*, batch: DirectoryImport, by: User) -> DirectoryImport:
    """Nothing of it is applied, and what it said is forgotten."""
    return _drop(_lock(batch, by, "drop"), by)


def drop_abandoned(*, dry: bool = False, at_once: int | None = ABANDONED_AT_ONCE) -> int:
    """Comparisons that nobody decided on: they are old, and may name people."""
    before = timezone.now() - ABANDONED
    waiting = DirectoryImport.objects.filter(state__in=FILE_WAITS, uploaded_at__lt=before)
    if dry:
        return waiting.count()
    with transaction.atomic():
        old = list(waiting.select_for_update().order_by("pk")[:at_once])
        for batch in old:
            _drop(batch, None)
    return len(old)


def refuse_stuck() -> int:
    """Files whose worker was killed again and again: whoever waits is told so."""
    before = timezone.now() - STUCK
    comparing = DirectoryImport.objects.filter(state=ImportState.COMPARING, uploaded_at__lt=before)
    waiting = DirectoryImport.objects.filter(state=ImportState.APPLYING, decided_at__lt=before)
    with transaction.atomic():
        # What a worker holds just now is not stuck.
        stuck = list(waiting.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:100])
        for batch in stuck:
            with translation.override(batch.uploaded_by.language):
                sentence = _("No worker could finish this file. Compare it anew, or split it.")
            refuse(batch, [(0, sentence)])
        left = list(comparing.select_for_update(of=("self",), skip_locked=True)[:100])
        for batch in left:
            with translation.override(batch.uploaded_by.language):
                sentence = _("No worker could compare this file. Send it again, or split it.")
            tell(batch, Comparison(errors=[(0, sentence)]))
    return len(stuck) + len(left)


def refuse(batch: DirectoryImport, lines: list[tuple[int, str]]) -> DirectoryImport:
    """Nothing of it was applied: which lines, and why; the batch is locked."""
    batch.state, batch.finished_at = ImportState.REFUSED, timezone.now()
    batch.changes, batch.errors = [], sorted(lines)
    batch.save()
    audit.record("directory_file_refused", target=batch, by=None, sha256=batch.sha256)
    notifications.tell_of_file(batch)
    return batch


def finish(batch: DirectoryImport) -> DirectoryImport:
    """All of it is applied, and the file is kept no longer; the batch is locked."""
    batch.state, batch.finished_at = ImportState.APPLIED, timezone.now()
    _forget(batch)
    audit.record("directory_file_applied", target=batch, by=batch.decided_by, sha256=batch.sha256)
    notifications.tell_of_file(batch)
    return batch


def read(batch: DirectoryImport, data: bytes) -> Content:
    """What stands in the file; Unreadable says why it is none."""
    return vcards.read(data) if batch.kind == FileKind.VCARD else sheets.read(data)


def tell(batch: DirectoryImport, found: Comparison) -> None:
    """What the file would change; nothing of it is applied; the batch is locked."""
    batch.state = ImportState.COMPARED
    batch.counts, batch.changes, batch.errors = found.counts(), found.as_json(), found.errors
    batch.save()
    counts = batch.counts
    audit.record("directory_file_compared", target=batch, by=None, sha256=batch.sha256, **counts)


def _have_compared(batch: DirectoryImport, by: User) -> None:
    key = f"partners.compare_file:{batch.pk}:{batch.uploaded_at.isoformat()}"
    outbox.enqueue("partners.compare_file", key=key, batch_id=batch.pk, by_id=by.pk)


def _lock(batch: DirectoryImport, by: User, verb: str) -> DirectoryImport:
    if not can_keep(by):
        raise not_allowed()
    batch = DirectoryImport.objects.select_for_update().get(pk=batch.pk)
    if not lifecycle.allows(lifecycle.FILE, verb, batch.state):
        raise AlreadyDone(
            _("Somebody was first: this file is %(state)s already.")
            % {"state": str(batch.get_state_display()).lower()}
        )
    return batch


def _drop(batch: DirectoryImport, by: User | None) -> DirectoryImport:
    batch.state, batch.decided_at, batch.decided_by = ImportState.DROPPED, timezone.now(), by
    _forget(batch)
    audit.record("directory_file_dropped", target=batch, by=by, sha256=batch.sha256)
    return batch


def _forget(batch: DirectoryImport) -> None:
    batch.changes, batch.errors = [], []
    batch.save()
    transaction.on_commit(lambda: files.delete(batch.path), robust=True)
