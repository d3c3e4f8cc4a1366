"""The fixed words of a document in the agreement's language, which is not the reader's.

They are data beside the templates and complete by test: a page of the portal may show a string that
nobody has translated yet, a document that two parties sign must not.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"
# What the words in the code are written in.
SOURCE = "en"


def say(text: str, language: str) -> str:
    """These words in this language; as they are where it has none for them."""
    return text if language == SOURCE else _words(language).get(text, text)


@cache
def _words(language: str) -> dict[str, str]:
    path = DATA / f"labels_{language}.toml"
    if not path.is_file():
        return {}
    return {one["en"]: one["said"] for one in tomllib.loads(path.read_text())["labels"]}
