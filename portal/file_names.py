"""Names of files as they are kept: no paths, nothing unseen, one ending, and that the true one."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 100
ENDINGS = {"jpeg": "jpg", "text": "txt"}
# Controls, marks that turn the direction of reading, halves of characters, private use.
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# What some system cannot have in a name, or takes for something else.
AWKWARD = re.compile(r'[<>:"|?*.\s_]+')
ENDING = re.compile(r"\.([A-Za-z0-9]{1,8})$")
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)


def ending_of(name: str) -> str:
    """What the name says it is, in small letters; a number at the end says nothing."""
    found = ENDING.search(_plain(name))
    ending = found[1].lower() if found else ""
    return "" if ending.isdigit() else ending


def cleaned_name(name: str, kind: str) -> str:
    """A name that is safe on every system and in every sentence, of at most 100 characters."""
    ending = ENDINGS.get(kind, kind)
    plain = _plain(name)
    stem = ENDING.sub("", plain) if ending_of(name) else plain
    # Dots become lines, so that no second ending is left: invoice.exe.pdf is invoice_exe.pdf.
    stem = AWKWARD.sub(lambda run: " " if run[0].isspace() else "_", stem).strip(" _-=+@~")
    if not stem or RESERVED.fullmatch(stem):
        stem = f"file {stem}".strip()
    return f"{stem[: LONGEST - len(ending) - 1].rstrip()}.{ending}"


def _plain(name: str) -> str:
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    return "".join(each for each in last if unicodedata.category(each) not in UNSEEN).strip()
