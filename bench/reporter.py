"""Somebody who files one report after another, page by page, as a browser without script does."""

from __future__ import annotations

import http.client
import re
import sqlite3
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode, urljoin

NARRATIVE = "Two men carried sports bags to an open container behind gate four. " * 6
MOST_PAGES = 40
# Pages of ours that are left by a link.
ONWARD = {"/report/": "/report/what/", "/report/files/": "/report/about/"}


# The tags that a reporter acts on, and what stands in them. Read in this way since a real parser
# would take as long for a page as the server takes to draw it, and it runs beside the server.
TAG = re.compile(r"<(form|/form|img|textarea|input)\b([^>]*)>")
ATTRIBUTE = re.compile(r'([a-z_-]+)(?:="([^"]*)")?')


class Form:
    """The page's own form: where it goes, and what a browser would send without typing."""

    def __init__(self, text: str) -> None:
        self.action, self.values = "", {}
        self.pictures: list[str] = []
        self._inside = False
        for tag, inside in TAG.findall(text.partition("<main")[2] or text):
            self._read(tag, {name: unescape(value) for name, value in ATTRIBUTE.findall(inside)})

    def _read(self, tag: str, has: dict[str, str]) -> None:
        if tag == "form" and not self.values and has.get("method", "").lower() == "post":
            self._inside, self.action = True, has.get("action", "")
        elif tag == "/form":
            self._inside = False
        elif tag == "img":
            self.pictures.append(has.get("src", ""))
        elif self._inside and tag == "textarea":
            self.values[has["name"]] = ""
        elif self._inside and tag == "input" and "name" in has:
            self._input(has)

    def _input(self, has: dict[str, str]) -> None:
        kind = has.get("type", "text")
        if kind in ("checkbox", "radio") and "checked" not in has:
            return
        if kind not in ("submit", "button", "file"):
            self.values[has["name"]] = has.get("value", "")


@dataclass
class Reporter:
    """One visitor with a kept connection and cookies; looks the captcha's answer up."""

    port: int
    database: str
    start: str
    requests: int = 0
    cookies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def file(self) -> bool:
        """Walk from the first page to the last; True when the report was taken."""
        self.cookies.clear()
        path, page = self._begin()
        for _page in range(MOST_PAGES):
            if re.search(r"/(receipt|done)/$", path):
                return True
            path, page = self._on(path, page)
        return False

    def _on(self, path: str, page: str) -> tuple[str, str]:
        """The next page: by a link where nothing is asked or nobody has files, else by the form."""
        if onward := ONWARD.get(path):
            return self._get(onward)
        return self._send(path, Form(page))

    def _send(self, path: str, form: Form) -> tuple[str, str]:
        values = dict(form.values)
        for name in ("narrative", "text", "what-narrative"):
            if name in values:
                values[name] = NARRATIVE
        for picture in form.pictures:
            self._ask("GET", urljoin(path, picture))
        key = values.get("captcha_0")
        if key is not None:
            values["captcha_1"] = self._answer("hashkey = ?", key)
        elif "challenge_answer" in values:
            shown = next(one for one in form.pictures if "challenge" in one or "captcha" in one)
            found = re.search(r"[0-9a-f]{40}", shown)
            values["challenge_answer"] = self._answer("hashkey = ?", found[0] if found else "")
        return self._ask("POST", urljoin(path, form.action or path), urlencode(values))

    def _answer(self, where: str, key: str) -> str:
        with sqlite3.connect(self.database, timeout=20) as database:
            row = database.execute(
                f"SELECT challenge FROM captcha_captchastore WHERE {where}",  # noqa: S608
                [key],
            ).fetchone()
        return str(row[0]) if row else ""

    def _begin(self) -> tuple[str, str]:
        path, page = self._get(self.start)
        # The bare path begins with a form, ours with a page to read.
        return self._send(path, Form(page)) if Form(page).values else (path, page)

    def _get(self, path: str) -> tuple[str, str]:
        return self._ask("GET", path)

    def _ask(self, method: str, path: str, body: str = "") -> tuple[str, str]:
        """One request, redirects followed; the address it ended at and the page."""
        headers = {"Host": f"127.0.0.1:{self.port}", "Accept-Language": "en"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{n}={v}" for n, v in self.cookies.items())
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            headers["Origin"] = f"http://127.0.0.1:{self.port}"
        self.connection.request(method, path, body or None, headers)
        answer = self.connection.getresponse()
        data = answer.read()
        self.requests += 1
        for cookie in answer.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.status in (301, 302, 303):
            return self._get(urljoin(path, answer.headers["Location"]))
        if answer.status >= 400:
            raise ConnectionError(f"{method} {path} answers {answer.status}")
        return path, data.decode(errors="replace")
