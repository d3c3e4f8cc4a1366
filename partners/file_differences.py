"""What one row of a file says otherwise than the directory: a change to show, or what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from partners.entry_texts import Blank
from partners.file_changes import CHANGED, CONFLICT, NEW, Change, Comparison
from partners.file_records import ENDS, HOLDER, Record
from partners.forms.typed import in_words
from partners.models import ContactPoint, Partner

Meant = Callable[[str, str], str]


class Differences:
    """All that was found so far; texts are compared as a person would type them."""

    def __init__(self, partners: Mapping[str, Partner], meant: Meant | None = None) -> None:
        self.found = Comparison()
        self.blank = Blank(partners)
        self.meant = meant or (lambda cell, present: cell)

    def wrong(self, record: Record, sentence: str) -> None:
        self.found.errors.append((record.line, sentence))

    def differ(
        self, record: Record, row: Any, entry: Any, label: str, *, over: bool = False
    ) -> None:
        """What the file says otherwise; `entry` carries the version that tells of other editors."""
        typed = self.blank.typed(record.table, row)
        stands = {name: _plain(text) for name, text in typed.items()}
        differing = self._differing(record, stands)
        if not differing:
            self.found.same += 1
            return
        if over:
            self.wrong(record, _("“%(entry)s” has ended: take the row out.") % {"entry": label})
            return
        form = self.blank.fill(record.table, {**stands, **differing}, row=row)
        if not self._holds(record, form):
            return
        rewritten = {name: text for name, text in differing.items() if _says(form, row, name)}
        if not rewritten:
            self.found.same += 1
            return
        edited = record.version is not None and record.version != entry.version
        shown = [
            (str(field.label), _word(field, stands[name]), _word(field, text))
            for name, text in rewritten.items()
            if (field := form.fields[name])
        ]
        self.found.changes.append(
            Change(
                record.line,
                record.table,
                CONFLICT if edited else CHANGED,
                label,
                pk=row.pk,
                owner_pk=entry.pk if entry is not row else None,
                version=entry.version,
                cells=rewritten,
                changes=shown,
            )
        )

    def add(
        self,
        record: Record,
        cells: dict[str, str],
        label: str,
        *,
        code: str = "",
        owner: ContactPoint | Partner | None = None,
        group: str = "",
    ) -> None:
        if sentence := self._refusal(record):
            self.wrong(record, sentence)
            return
        empty = self.blank.empty(record.table)
        told = {name: self.meant(_plain(cell), "") for name, cell in cells.items() if name in empty}
        form = self.blank.fill(record.table, {**empty, **told}, new=True)
        if not self._holds(record, form):
            return
        shown = [
            (str(form.fields[name].label), "", _word(form.fields[name], text))
            for name, text in told.items()
            if text
        ]
        self.found.changes.append(
            Change(
                record.line,
                record.table,
                NEW,
                label,
                code=code,
                group=group,
                owner_pk=owner.pk if owner is not None else None,
                version=owner.version if owner is not None else None,
                cells=told,
                changes=shown,
            )
        )

    def _differing(self, record: Record, stands: Mapping[str, str]) -> dict[str, str]:
        told = {
            name: self.meant(_plain(cell), stands[name])
            for name, cell in record.cells.items()
            if name in stands
        }
        return {name: text for name, text in told.items() if text != stands[name]}

    def _refusal(self, record: Record) -> str:
        """Why this row cannot tell of something new."""
        if record.version is not None:
            return _(
                "What this row tells of is there no more. Take the row out, or empty its version "
                "to add it anew."
            )
        end = "until" if record.table == HOLDER else ENDS.get(record.table, "")
        if record.cells.get(end, "").strip():
            return _("What is new has not ended: leave the cell of its end empty.")
        return ""

    def _holds(self, record: Record, form: forms.Form) -> bool:
        for name, sentences in form.errors.items():
            label = str(form.fields[name].label) if name in form.fields else ""
            for sentence in sentences:
                self.wrong(record, f"{label}: {sentence}" if label else str(sentence))
        return not form.errors


def _word(field: forms.Field, text: str) -> str:
    return in_words(field, text) if isinstance(field, forms.BooleanField) else text


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _says(form: forms.Form, row: Any, name: str) -> bool:
    """Whether another text also means another thing: blanks at the end do not."""
    return bool(form.cleaned_data[name] != getattr(row, name))
