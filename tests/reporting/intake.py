"""A reporter at the form, as a browser with nothing but HTML would go through it."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from reporting.models import Draft
from tests.challenges import answers

NARRATIVE = "Boxes without labels are moved from the third gate every Friday night."
PAGES = ("what", "goods", "signs", "who", "where", "when", "transport", "how", "about")


def url(slug: str = "") -> str:
    return f"/report/{slug}/" if slug else "/report/"


class Reporter:
    """Somebody with a browser: fills in pages, solves challenges, reads the receipt."""

    def __init__(self) -> None:
        self.client = Client()

    def get(self, slug: str = "", **query: str) -> Any:
        return self.client.get(url(slug), query)

    def text(self, slug: str = "") -> str:
        return self.get(slug).content.decode()

    def post(self, slug: str, **data: Any) -> Any:
        return self.client.post(url(slug), data)

    def tell(self, slug: str = "what", **data: Any) -> Any:
        if slug == "what":
            data.setdefault("narrative", NARRATIVE)
        return self.post(slug, **data)

    def send(self) -> Any:
        """Answer the challenge on the last page, and send."""
        return self.client.post(url("check"), answers(self.text("check"), send="1"))

    def receipt(self) -> str:
        """The code as the page shows it."""
        groups = re.findall(r'intake-code__group">([0-9A-Z]{5})<', self.text("receipt"))
        return "-".join(groups)

    def may_add_files(self) -> None:
        self.client.post(url("files"), answers(self.text("files"), solve="1"))

    def add(self, *files: Any, **data: Any) -> Any:
        return self.client.post(url("files"), {"file": list(files), "upload": "1", **data})

    @property
    def has_draft(self) -> bool:
        return Draft.objects.exists()
