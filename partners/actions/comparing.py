"""Worker: compares a file that was sent with the directory; nothing of it is applied."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from partners import sheets
from partners.actions import applying
from partners.actions import files as batches
from partners.file_changes import CONFLICT, Comparison
from partners.file_comparison import Comparer
from partners.file_directory import Belongs
from partners.models import DirectoryImport, FileKind, ImportState
from portal import files
from portal.models import User


@transaction.atomic
def compare_file(*, batch: DirectoryImport, by: User) -> DirectoryImport:
    """What it would change, told in the words of whoever asked; may be killed and run again."""
    found = DirectoryImport.objects.select_for_update(of=("self",)).select_related("partner")
    batch = found.get(pk=batch.pk)
    if batch.state == ImportState.COMPARING:
        with translation.override(by.language):
            batches.tell(batch, _compared(batch, by))
    return batch


def _compared(batch: DirectoryImport, by: User) -> Comparison:
    try:
        content = batches.read(batch, files.get(batch.path))
    except FileNotFoundError:
        return Comparison(errors=[(0, _("The file is no longer kept. Send it again."))])
    if batch.kind == FileKind.VCARD:
        found = Comparer(Belongs(batch.partner, batch.duty)).compare(content)
    else:
        found = Comparer(meant=sheets.as_meant).compare(content)
    if not found.errors and all(one.kind != CONFLICT for one in found.changes):
        # What could be confirmed is tried: what would be refused then is wrong now.
        found.errors = applying.rehearse(changes=found.as_json(), by=by)
    return found
