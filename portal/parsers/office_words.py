"""Words out of the XML of office programs: no entities, no document types, no more than fits."""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from portal.parsers.found import Unfit
from portal.parsers.text import LONGEST

# By local name: prefixes and addresses of vocabularies differ between programs.
TEXT = {"t", "p", "h", "span", "a"}
BREAKS = {
    "p": "\n",
    "h": "\n",
    "br": "\n",
    "cr": "\n",
    "line-break": "\n",
    "table-row": "\n",
    "tr": "\n",
}
TABS = {"tab": "\t", "table-cell": "\t", "tc": "\t"}
ENOUGH = 2 * LONGEST


class _Enough(Exception):
    """There are more words than are shown."""


class _Reader:
    """Feeds handlers with local names; refuses what a document of words never has."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.StartElementHandler = lambda name, attrs: self.start(_local(name), attrs)
        self.parser.EndElementHandler = lambda name: self.end(_local(name))
        self.parser.CharacterDataHandler = self.characters
        self.out: list[str] = []
        self.length = 0

    def _refuse(self, *_details: Any) -> None:
        raise Unfit("damaged")

    def start(self, name: str, attrs: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def characters(self, text: str) -> None: ...

    def add(self, text: str) -> None:
        self.out.append(text)
        self.length += len(text)
        if self.length > ENOUGH:
            raise _Enough

    def read(self, xml: bytes) -> None:
        try:
            self.parser.Parse(xml, True)
        except _Enough:
            pass  # our own way out of the parser: what was read is all that is shown
        except expat.ExpatError:
            raise Unfit("damaged") from None


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


class _Words(_Reader):
    """A text: paragraphs as lines, cells apart by tabs."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def start(self, name: str, attrs: dict[str, str]) -> None:
        self.open.append(name)
        if name == "s":
            self.add(" ")

    def end(self, name: str) -> None:
        self.open.pop()
        if name in BREAKS or name in TABS:
            self.add(BREAKS.get(name) or TABS[name])

    def characters(self, text: str) -> None:
        if self.open[-1] in TEXT:
            self.add(text)


class _Strings(_Reader):
    """The words that cells of a workbook refer to by number."""

    def __init__(self) -> None:
        super().__init__()
        self.strings: list[str] = []
        self.inside = False

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name == "si":
            self.strings.append("")
        self.inside = name == "t"

    def end(self, name: str) -> None:
        self.inside = False

    def characters(self, text: str) -> None:
        if self.inside and self.strings:
            self.strings[-1] += text


class _Sheet(_Reader):
    """The rows of a sheet: values as they stand, words by their number."""

    def __init__(self, strings: list[str]) -> None:
        super().__init__()
        self.strings = strings
        self.kind, self.value, self.inside = "", "", False

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if name == "c":
            self.kind, self.value = attrs.get("t", ""), ""
        self.inside = name in {"v", "t"}

    def end(self, name: str) -> None:
        self.inside = False
        if name == "c":
            number = self.value.strip()
            is_word = self.kind == "s" and number.isascii() and number.isdigit()
            known = is_word and len(number) < 9 and int(number) < len(self.strings)
            self.add((self.strings[int(number)] if known else self.value) + "\t")
        elif name == "row":
            self.add("\n")

    def characters(self, text: str) -> None:
        if self.inside:
            self.value += text


def words(xml: bytes) -> str:
    """The words of a text document."""
    reader = _Words()
    reader.read(xml)
    return "".join(reader.out)


def spreadsheet_words(strings: bytes, sheets: list[bytes]) -> str:
    """The cells of a workbook, sheet after sheet."""
    known = _Strings()
    if strings:
        known.read(strings)
    shown, length = [], 0
    for sheet in sheets:
        reader = _Sheet(known.strings)
        reader.read(sheet)
        shown.append("".join(reader.out))
        length += reader.length
        if length > ENOUGH:
            break
    return "\n".join(shown)
