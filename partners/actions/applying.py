"""Worker: applies a file that was confirmed, in one transaction: all of it, or nothing."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DataError, IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from partners import search
from partners.actions import files
from partners.actions.file_ends import end_row
from partners.actions.file_entries import Change, Entries
from partners.actions.file_rows import apply_row
from partners.actions.keeping import not_allowed
from partners.file_records import TABLES
from partners.keeping_permissions import can_keep
from partners.models import DirectoryImport, ImportState
from portal.errors import DomainError
from portal.models import User

Lines = list[tuple[int, str]]


class _Rehearsed(Exception):
    """It would be applied: what was written is taken back."""


class Refused(DomainError):
    """Nothing is applied; the lines say why."""

    def __init__(self, lines: Lines) -> None:
        super().__init__(" ".join(sentence for _line, sentence in lines))
        self.lines = lines


@transaction.atomic
def apply_file(*, batch: DirectoryImport) -> DirectoryImport:
    """What was shown, if the directory still allows all of it; may be killed and run again."""
    found = DirectoryImport.objects.select_for_update(of=("self",)).select_related("decided_by")
    batch = found.get(pk=batch.pk)
    if batch.state != ImportState.APPLYING or batch.decided_by is None:
        return batch
    with translation.override(batch.decided_by.language):
        try:
            with transaction.atomic():
                _apply(batch.changes, batch.decided_by)
        except Refused as refused:
            return files.refuse(batch, refused.lines)
        except (IntegrityError, DataError):
            sentence = _("Somebody entered the same at the same moment. Compare the file anew.")
            return files.refuse(batch, [(0, sentence)])
    return files.finish(batch)


def rehearse(*, changes: list[Change], by: User) -> Lines:
    """The lines that would be refused if all were applied now; nothing of it stays."""
    try:
        with transaction.atomic(), search.together():
            _write(changes, by)
            raise _Rehearsed
    except _Rehearsed:
        return []
    except Refused as refused:
        return sorted(refused.lines)
    except (IntegrityError, DataError):
        return [(0, _("The file says the same twice, or what cannot be kept. Split it."))]


def _apply(changes: list[Change], by: User) -> None:
    with search.together():
        _write(changes, by)


def _write(changes: list[Change], by: User) -> None:
    if not can_keep(by):
        raise Refused([(0, str(not_allowed()))])
    entries = Entries(changes, by)
    _refuse_edited(entries, changes)
    # Partners, groups and posts first: other lines may belong to them.
    for table in TABLES:
        _each(changes, table, lambda change: apply_row(entries, change))
        entries.write_new()
    # What ends does so last: other lines may still say something of it.
    for table in reversed(TABLES):
        _each(changes, table, lambda change: end_row(entries, change))
    entries.write_all()


def _each(changes: list[Change], table: str, act: Callable[[Change], None]) -> None:
    wrong: Lines = []
    for change in changes:
        if change["table"] == table:
            try:
                act(change)
            except DomainError as error:
                wrong.append((change["line"], str(error)))
    if wrong:
        raise Refused(wrong)


def _refuse_edited(entries: Entries, changes: list[Change]) -> None:
    """Every line whose entry is another than the one that was shown."""
    edited: Lines = []
    for change in changes:
        if change["version"] is not None:
            entry = entries.entry_of(change)
            if entry.version != change["version"]:
                edited.append((change["line"], _edited(change, entry)))
    if edited:
        raise Refused(edited)


def _edited(change: Change, entry: object) -> str:
    by = getattr(entry, "changed_by", None)
    who = by.name if by is not None else _("Somebody else")
    return _("“%(entry)s” was edited by %(who)s after this file was compared.") % {
        "entry": change["label"],
        "who": who,
    }
