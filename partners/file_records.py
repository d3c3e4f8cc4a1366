"""What a file says about entries, whatever its format; and the limits that all formats share."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from portal.errors import DomainError

PARTNER, CONTACT, HOLDER = "partner", "contact", "holder"
GROUP, MEMBERSHIP, CHANNEL, POST = "group", "membership", "channel", "post"
# In the order of applying: what others may belong to comes first.
TABLES = (PARTNER, GROUP, POST, CONTACT, HOLDER, CHANNEL, MEMBERSHIP)
# Known by their own code.
CODED = (PARTNER, GROUP, POST)
# Not entries themselves: the version of their partner tells of other editors.
OF_A_PARTNER = (CHANNEL, MEMBERSHIP)
# What ends by a row: the cell that says so.
ENDS = {PARTNER: "ended_on", CONTACT: "has_ended", CHANNEL: "has_ended", POST: "has_ended"}
MOST_BYTES = 10_000_000
MOST_RECORDS = 30_000
LONGEST_CELL = 10_000


class Unreadable(DomainError):
    """The file as a whole cannot be taken; the message says why and what to do."""


@dataclass
class Record:
    """One entry as the file has it; `cells` are texts as a person would type them."""

    line: int
    table: str
    # A code, or the number of a contact point or a holder, which is empty for what is new.
    key: str
    cells: dict[str, str]
    version: int | None = None
    # The code of the partner, or the number of the contact point, that it belongs to.
    owner: str = ""
    duty: str = ""
    # Of a holder: the code of the partner whose contact point it is.
    partner: str = ""


@dataclass
class Content:
    """All entries of a file, and the lines that could not be read."""

    records: list[Record] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)


def decode(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise Unreadable(
            _("The file is larger than %(most)d MB. Split it.") % {"most": MOST_BYTES // 1_000_000}
        )
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        raise Unreadable(_("The file is empty."))
    if data.startswith((b"PK", b"\xd0\xcf\x11\xe0", b"%PDF")):
        raise Unreadable(
            _("This is an office document, whatever its name says. Save it as “CSV UTF-8”.")
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n|\r|\n", data[: error.start])) + 1
        raise Unreadable(
            _("Line %(line)d is not written in UTF-8. Save the file as UTF-8 and send it again.")
            % {"line": line}
        ) from error
    if "\x00" in text:
        raise Unreadable(_("This is no text file. Save it as UTF-8 text and send it again."))
    return text
