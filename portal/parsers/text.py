"""Plain text and letters: read as characters, and given as characters that hide nothing."""

from __future__ import annotations

import codecs
import email
import unicodedata
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

from portal.parsers.found import Found, Unfit

# Of the viewing copy; the original stays whole.
LONGEST = 2_000_000
KEPT_CONTROLS = "\n\t"
HEADINGS = ("From", "To", "Cc", "Date", "Subject")
BOMS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def parse(kind: str, data: bytes) -> Found:
    """A text, a table as text, or a letter with its headings and its words."""
    if kind == "eml":
        return _letter(data)
    text, notes = _decoded(data)
    return as_text(kind, text, notes)


def as_text(kind: str, text: str, notes: set[str]) -> Found:
    """The viewing copy of whatever is shown as text: one kind of line end, no hidden characters."""
    if len(text) > LONGEST:
        text, notes = text[:LONGEST], notes | {"shortened"}
    plain = shown(text)
    if not plain.strip():
        raise Unfit("empty_text")
    return Found(kind, plain.encode(), "text", notes)


def shown(text: str) -> str:
    """Without controls, without marks that turn the direction of reading, in composed form."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    hidden = {"Cc", "Cf", "Cs", "Co", "Cn"}
    return "".join(
        each for each in text if each in KEPT_CONTROLS or unicodedata.category(each) not in hidden
    )


def _decoded(data: bytes) -> tuple[str, set[str]]:
    """UTF-8; UTF-16 that says so; else what spreadsheets of western Europe write, if it fits."""
    encoding = BOMS.get(data[:2], "utf-8-sig")
    try:
        text, notes = data.decode(encoding), set[str]()
    except UnicodeDecodeError:
        try:
            text, notes = data.decode("cp1252"), {"encoding_guessed"}
        except UnicodeDecodeError:
            raise Unfit("kind") from None
    if any(each < " " and each not in "\n\r\t\f\x1b" for each in text):
        raise Unfit("kind")
    return text, notes


def _letter(data: bytes) -> Found:
    letter = email.message_from_bytes(data, _class=EmailMessage, policy=default)
    if not letter["From"] or not (letter["Date"] or letter["Subject"] or letter["Received"]):
        raise Unfit("kind")
    notes = {"embedded_files"} if any(True for _part in letter.iter_attachments()) else set[str]()
    heads = [f"{name}: {letter[name]}" for name in HEADINGS if letter[name]]
    body = letter.get_body(("plain", "html"))
    words = str(body.get_content()) if body is not None else ""
    if body is not None and body.get_content_subtype() == "html":
        words = _words(words)
    return as_text("eml", "\n".join([*heads, "", words]), notes)


class _Words(HTMLParser):
    """The words between the tags."""

    SILENT = {"script", "style", "head", "title"}

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.silent += tag in self.SILENT
        if tag in {"br", "p", "div", "tr", "li"}:
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT and self.silent > 0

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)


def _words(html: str) -> str:
    reader = _Words()
    reader.feed(html)
    return "".join(reader.words)
