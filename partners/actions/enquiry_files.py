"""Files beside what a firm and a post write to each other: looked at before they are kept."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from portal import examined_files, sent_files
from portal.sent_files import Known, Sent


@dataclass(frozen=True)
class Enclosed:
    """A file that may be kept; its bytes are as they came."""

    known: Known
    data: bytes = field(repr=False)
    scan: str  # what portal.scanner said
    note: str  # what is remarked of it (portal.file_words)


def look_at(sent: Sent) -> Enclosed:
    """A PDF, PNG or JPEG that is what it says; else DomainError with a sentence.

    A process apart reads it, which takes a while: call it before anything is locked.
    """
    known = sent_files.know(sent)
    found = examined_files.examine(sent.name, sent.data)
    return Enclosed(replace(known, name=found.name), sent.data, found.scan, found.note)
