"""Walks all pages that somebody is led to and fills whatever forms stand there, with anything."""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import limits
from portal.models import User
from tests.people import at_the_desk

# Pages that are many and alike; what a list links to by its filters is the same list.
MOST_PAGES = 120
NUMBER = re.compile(r"/(\d+|[0-9a-f-]{36})(?=/)")


@dataclass
class Form:
    """A form of a page: where it leads, and what can be typed into it."""

    page: str
    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    files: set[str] = field(default_factory=set)
    fixed: dict[str, str] = field(default_factory=dict)

    @property
    def shape(self) -> tuple[str, ...]:
        """The same for forms that differ by the number in their address only."""
        return (NUMBER.sub("/*", self.action), *sorted(self.fields), *sorted(self.fixed))


class Page(HTMLParser):
    """The links and the forms of one page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(urljoin(self.address, given["href"]))
        elif tag == "form" and given.get("method", "").lower() == "post":
            self._form = Form(self.address, urljoin(self.address, given.get("action", "")))
            self.forms.append(self._form)
        elif self._form is not None:
            self._take(tag, given, self._form)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None

    def _take(self, tag: str, given: dict[str, str], form: Form) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "select":
            self._select = name
            form.fields.setdefault(name, [])
        elif tag == "option" and self._select:
            form.fields[self._select].append(given.get("value", ""))
        elif not name or name == "csrfmiddlewaretoken":
            return
        elif kind == "file":
            form.files.add(name)
        elif tag == "button" or kind == "submit":
            form.fields.setdefault(name, []).append(given.get("value", ""))
        elif kind == "hidden":
            form.fixed[name] = given.get("value", "")
        elif tag in ("input", "textarea"):
            form.fields.setdefault(name, []).append(given.get("value", ""))


def walk(client: Client, *starts: str, ours: re.Pattern[str]) -> list[Form]:
    """The forms of all pages that this person is led to, each shape once."""
    due, seen, shapes = deque(starts), set(starts), {}
    for _page in range(MOST_PAGES):
        if not due:
            break
        address = due.popleft()
        answer = client.get(address)
        # Nobody is led to a page that turns them away.
        assert answer.status_code < 400, address
        if answer.status_code != 200 or "text/html" not in answer.get("Content-Type", ""):
            continue
        page = Page(address)
        page.feed(answer.content.decode())
        for form in page.forms:
            if ours.match(urlsplit(form.action).path):
                shapes.setdefault(form.shape, form)
        for link in page.links:
            path = urlsplit(link).path
            if ours.match(path) and path not in seen:
                seen.add(path)
                due.append(path)
    return list(shapes.values())


ODD = [
    "", "on", "yes", "0", "-1", "²", "9" * 30, "1.5", "2026-02-30", "31/02/2026", "2030-06-01",
    "a@b.example", "x" * 12_000, "<script>", "\x00", "{{ 7*7 }}", "' OR 1=1 --", "\r\n\r\n",
    "123456", "00000000-0000-0000-0000-000000000000", "Sigrid Signatory",
]  # fmt: skip
TYPED = st.one_of(
    st.text(max_size=60),
    st.text(st.characters(categories=["Cc", "Cf", "Mn", "Co", "Zl", "Zp"]), max_size=20),
    st.sampled_from(ODD),
)
NAMES = ["a.pdf", "ö.csv", "x.exe", "a" * 240 + ".jpg"]
FILES = st.sampled_from([b"", b"%PDF-1.7\n", b"\xff\xd8\xff\xe0", b"a;b\n1;2\n", b"\x00" * 99])


@st.composite
def filled(draw: Any, forms: list[Form]) -> tuple[Form, dict[str, Any]]:
    """One of the forms, with something for most of its fields: fitting, or not at all."""
    form = draw(st.sampled_from(forms))
    told: dict[str, Any] = {}
    for name, value in form.fixed.items():
        told[name] = value if draw(st.integers(0, 7)) else draw(TYPED)
    for name, values in form.fields.items():
        if draw(st.integers(0, 5)):
            known = st.sampled_from(values or [""])
            told[name] = draw(st.one_of(known, TYPED))
    for name in form.files:
        if draw(st.booleans()):
            told[name] = SimpleUploadedFile(draw(st.sampled_from(NAMES)), draw(FILES))
    return form, told


class _Back(Exception):
    """Ends a transaction that is not to be kept."""


def throw(client: Client, form: Form, told: dict[str, Any]) -> None:
    """Send it, read the page again, and leave everything as it was."""
    cookies = client.cookies.copy()
    try:
        with transaction.atomic():
            limits.counters.forget()
            answer = client.post(form.action, told)
            assert answer.status_code < 500, (form.action, told)
            assert client.get(form.page).status_code < 500, (form.action, told)
            raise _Back
    except _Back:
        client.cookies = cookies


@dataclass
class World:
    """What there is, and who walks through it from where."""

    people: dict[str, tuple[User, list[str]]]
    # The addresses that are walked and filled; everything else belongs to somebody else's walk.
    ours: re.Pattern[str]
    # How somebody comes in; the keys to sealed texts may be wanted too.
    enter: Callable[[Client, User], Client] = at_the_desk

    def clients(self) -> Iterator[tuple[Client, list[Form]]]:
        for user, starts in self.people.values():
            client = self.enter(Client(), user)
            if forms := walk(client, *starts, ours=self.ours):
                yield client, forms


def try_all(world: World, *, examples: int, seconds: float) -> int:
    """Fill the forms of each person in turn, as often as wanted or as there is time for."""
    walked = list(world.clients())
    until = time.monotonic() + seconds
    return sum(try_forms(*one, examples=examples, until=until) for one in walked)


def try_forms(client: Client, forms: list[Form], *, examples: int, until: float) -> int:
    tried = []

    @settings(max_examples=examples)
    @given(filled(forms))
    def try_one(one: tuple[Form, dict[str, Any]]) -> None:
        if time.monotonic() < until:
            throw(client, *one)
            tried.append(one[0].action)

    try_one()
    return len(tried)
