"""Files with entries on their way: confirmed by an officer, applied as a worker does it."""

from __future__ import annotations

from partners.actions import applying, comparing, files
from partners.models import DirectoryImport
from portal.errors import DomainError


class NotApplied(DomainError):
    """The worker refused the file; it says what the officer reads."""


def compare(data: bytes, by, *, file_name="list.csv", partner=None, duty="") -> DirectoryImport:
    """Sent by an officer, and compared as a worker does it."""
    told = {"partner": partner, "duty": duty, "by": by}
    batch = files.send_file(file_name=file_name, data=data, **told)
    return comparing.compare_file(batch=batch, by=by)


def apply(batch: DirectoryImport, by) -> DirectoryImport:
    files.confirm_file(batch=batch, by=by)
    applying.apply_file(batch=batch)
    batch.refresh_from_db()
    if batch.state == "refused":
        raise NotApplied(" ".join(f"Line {line}: {said}" for line, said in batch.errors))
    assert batch.state == "applied"
    return batch
