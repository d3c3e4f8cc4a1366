"""The consent a signer gives: its text, version, language and hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

VERSION = "1"
_TEXT = _(
    "I have been able to read the whole document, as a PDF file and on this page. "
    "I agree to sign it electronically. I understand that my electronic signature binds the party "
    "I sign for, that the time, my name, my function and the way I confirmed my identity "
    "are recorded with it, and that I can ask for a copy of the document at any time."
)


@dataclass(frozen=True)
class Consent:
    version: str
    language: str
    text: str
    sha256: str


def current() -> Consent:
    """The consent as it is shown now, in the reader's language."""
    text = str(_TEXT)
    return Consent(
        version=VERSION,
        language=get_language() or "en",
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
    )
