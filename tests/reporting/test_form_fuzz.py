"""Anything at all typed at any page: never an error of ours, and nothing of it is lost."""

from __future__ import annotations

import os
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import reference_files
from reporting import drafts, steps
from reporting.forms.fields import One, Several, Tick, Words
from reporting.steps import BY_SLUG
from tests.reporting.intake import PAGES, Reporter

pytestmark = pytest.mark.django_db

TYPED = st.one_of(
    st.text(max_size=200),
    st.text(st.characters(categories=["Cc", "Cf", "Mn", "Co", "Zl", "Zp"]), max_size=30),
    st.sampled_from(["<script>", "{{ 7*7 }}", "' OR 1=1 --", "x" * 12_000, "\r\n\r\n", "yes", "1"]),
)


def fields_of(slug: str) -> dict[str, Any]:
    form = BY_SLUG[slug].form
    named = dict(form.base_fields)
    if hasattr(form, "group"):
        for number in range(3):
            named |= {
                f"{form.group_name}-{number}-{name}": field
                for name, field in form.group.base_fields.items()
            }
    return named


@st.composite
def posts(draw: Any) -> tuple[str, dict[str, Any]]:
    """A page, and something for some of its fields: fitting, or not at all."""
    slug = draw(st.sampled_from(PAGES))
    data: dict[str, Any] = {}
    for name, field in fields_of(slug).items():
        if not draw(st.booleans()):
            continue
        if isinstance(field, Words):
            data[name] = draw(TYPED)
        elif isinstance(field, Tick):
            data[name] = draw(st.sampled_from(["on", "", "x"]))
        elif isinstance(field, One | Several):
            codes = [code for code, _label in field.options()] or ["GE1"]
            some = draw(st.lists(st.one_of(st.sampled_from(codes), TYPED), max_size=3))
            data[name] = some if isinstance(field, Several) else (some or [""])[0]
    if draw(st.integers(0, 9)) == 0:
        data[draw(st.sampled_from(["add", "remove", "then"]))] = draw(
            st.sampled_from(["1", "0", "99", "check", "²", "-1", ""])
        )
    return slug, data


@pytest.fixture(autouse=True)
def lists() -> None:
    reference_files.load()


def kept_of(reporter: Reporter) -> dict[str, dict[str, list[str]]]:
    cookie = reporter.client.cookies[drafts.COOKIE].value
    secret = drafts.base64.urlsafe_b64decode(cookie + "==")
    return drafts.opened(secret).answers


def throw(pages: list[tuple[str, dict[str, Any]]]) -> None:
    reporter = Reporter()
    for slug, data in pages:
        answer = reporter.post(slug, **data)
        assert answer.status_code in (200, 302), (slug, data)
        kept = kept_of(reporter)[slug]
        if "remove" not in data:
            for name, value in data.items():
                if name in fields_of(slug) and not isinstance(value, list):
                    assert kept[name] == [value]
    for slug in {slug for slug, _data in pages} | {"check"}:
        assert reporter.get(slug).status_code == 200, slug
    held = drafts.Held(b"", {"answers": kept_of(reporter)})
    told = steps.gather(held).content
    assert told["version"] == 1


@given(st.lists(posts(), min_size=1, max_size=4))
def test_anything_typed_at_any_page_is_kept_and_shown(pages):
    throw(pages)


# Lists of two and a half pages on average: ten thousand pages, or as many as there is time for.
LISTS = 4_000


@pytest.mark.soak
def test_ten_thousand_generated_pages_are_kept_and_shown():
    until = time.monotonic() + int(os.environ.get("SOAK_SECONDS", "3600")) * 0.3
    thrown = [0]

    @settings(max_examples=LISTS)
    @given(st.lists(posts(), min_size=1, max_size=4))
    def while_there_is_time(pages):
        if time.monotonic() < until:
            throw(pages)
            thrown[0] += len(pages)

    while_there_is_time()
    print(f"{thrown[0]} pages")
    assert thrown[0]
