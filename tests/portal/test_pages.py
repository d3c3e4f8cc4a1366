"""Public pages: what they say, what they weigh, and what is shown when something goes wrong."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings as conf
from django.core import mail
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from portal.pages import LAST_UPDATED
from tests.factories import UserFactory

PAGES = sorted(LAST_UPDATED)
MODES = [("demonstration", "Demonstration"), ("development", "Development")]


@pytest.fixture(params=MODES, ids=[mode for mode, _ in MODES])
def mode(request, settings) -> str:
    settings.MODE, tag = request.param
    settings.DEMONSTRATION = settings.MODE == "demonstration"
    return tag


@pytest.mark.parametrize("name", PAGES)
def test_public_page_says_when_it_was_last_updated(client, name: str) -> None:
    answer = client.get(reverse(name))
    assert answer.status_code == 200
    day = LAST_UPDATED[name]
    assert f'<time datetime="{day:%Y-%m-%d}">{day.day} {day:%B %Y}</time>' in answer.text


@pytest.mark.parametrize("name", PAGES)
def test_public_page_asks_the_database_nothing(
    client, name: str, django_assert_num_queries, db
) -> None:
    with django_assert_num_queries(0):
        client.get(reverse(name))


@pytest.mark.parametrize("name", PAGES)
def test_public_page_leads_nowhere_that_is_not_there(client, name: str, db) -> None:
    html = client.get(reverse(name)).text
    for link in sorted(set(re.findall(r'href="(/[^"#]*)"', html))):
        if not link.startswith(conf.STATIC_URL):
            assert client.get(link).status_code == 200, link


def test_home_names_the_hotline_and_the_four_ways_in(client) -> None:
    html = client.get("/").text
    assert conf.BRAND["hotline"] in html
    assert conf.BRAND["contact"] in html
    for name in ("cooperation", "account_login"):
        assert f'href="{reverse(name)}"' in html


def test_brand_is_that_of_the_configuration(client, settings) -> None:
    settings.BRAND = {
        **settings.BRAND,
        "name": "Tull & Co",
        "administration": "Tullverket",
        "hotline": "90 114",
        "contact": "smt@tullverket.example",
        "logo": "/logo.svg",
    }
    html = client.get("/").text
    assert "Tull &amp; Co" in html
    assert "Tullverket" in html
    assert 'href="tel:90114"' in html
    assert "smt@tullverket.example" in html
    assert '<img class="portal-header__logo" src="/logo.svg" alt="">' in html


@pytest.mark.parametrize("path", ["/", "/nothing/here/", "/accounts/login/"])
def test_page_says_that_it_is_no_production(client, mode: str, path: str, db) -> None:
    assert f'<strong class="portal-mode__tag">{mode}</strong>' in client.get(path).text


def test_page_carries_no_banner_in_production(client, settings) -> None:
    settings.MODE = "production"
    assert "portal-mode" not in client.get("/").text


@pytest.mark.parametrize("kind", ["html", "txt"])
def test_mail_says_that_it_is_no_production(mode: str, kind: str) -> None:
    context = {"brand": conf.BRAND, "mode": conf.MODE, "demonstration": conf.DEMONSTRATION}
    assert mode in render_to_string(f"portal/emails/base.{kind}", context)


def test_unknown_address_gets_a_page_of_ours(client) -> None:
    answer = client.get("/nothing/here/")
    assert answer.status_code == 404
    assert "Page not found" in answer.text
    assert conf.BRAND["contact"] in answer.text


@pytest.mark.parametrize("path", ["/report/nothing/", "/report/nothing/here/"])
def test_unknown_address_of_a_report_knows_nobody(
    client, db, path: str, django_assert_num_queries
) -> None:
    client.force_login(UserFactory(name="Anna Lind"))
    with django_assert_num_queries(0):
        answer = client.get(path)
    assert answer.status_code == 404
    assert "Leave quickly" in answer.text
    assert "Anna Lind" not in answer.text
    assert reverse("account_login") not in answer.text


def test_forged_form_gets_a_page_of_ours(db) -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
    assert answer.status_code == 403
    assert "Please send that again" in answer.text


def test_too_large_a_form_gets_a_page_of_ours(client, settings, db) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    answer = client.post("/accounts/login/", {"login": "x" * 100})
    assert answer.status_code == 400
    assert "We could not read that" in answer.text


def test_our_own_fault_gets_a_page_without_what_was_typed(client, monkeypatch) -> None:
    def broken(*args: object) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr("portal.pages._page", broken)
    client.raise_request_exception = False
    answer = client.get("/?q=typed")
    assert answer.status_code == 500
    assert "Something went wrong here" in answer.text
    assert conf.BRAND["name"] in answer.text
    assert "secret words" not in answer.text
    assert not mail.outbox


def test_menu_shows_who_is_signed_in(client, db) -> None:
    client.force_login(UserFactory(name="Anna Lind"))
    html = client.get("/").text
    assert "Anna Lind" in html
    assert "Sign out" in html
    assert "Sign in" not in html


def test_menu_says_where_one_is(client) -> None:
    html = client.get(reverse("cooperation")).text
    here = rf'<a class="portal-nav__link" href="{reverse("cooperation")}" aria-current="page">'
    assert re.search(here, html)
    assert html.count("aria-current=") == 2  # the menu and the breadcrumb


@pytest.mark.parametrize("name", PAGES)
def test_page_holds_nothing_that_the_content_policy_refuses(client, name: str) -> None:
    answer = client.get(reverse(name))
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert not re.search(r'style=|<style|\son\w+="|javascript:|data:|<script>', answer.text)


def test_templates_hold_nothing_that_the_content_policy_refuses() -> None:
    for path in (conf.BASE_DIR / "templates").rglob("*.html"):
        if "emails" not in path.parts and "documents" not in path.parts:
            found = re.search(r"""\sstyle=["']|<style|\son\w+=["']|["'(]data:""", path.read_text())
            assert not found, f"{path}: {found and found.group()}"


def test_spacing_that_templates_ask_for_is_in_the_style_sheet() -> None:
    """govuk-frontend has a class for every spacing; ours are only those in use."""
    folders = [path for app in conf.BASE_DIR.glob("templates/*") for path in app.rglob("*.html")]
    asked = {
        name
        for path in folders
        for name in re.findall(r"govuk-!-(?!width)[a-z0-9-]+", path.read_text())
    }
    ours = "".join(path.read_text() for path in conf.BASE_DIR.glob("static/portal/*.scss"))
    written = {name.replace("\\", "") for name in re.findall(r"govuk-\\!-[a-z0-9-]+", ours)}
    assert asked == written


def test_first_visit_is_light(client) -> None:
    built = Path(conf.BASE_DIR / "static-build" / "portal" / "portal.css").read_bytes()
    script = Path(conf.BASE_DIR / "static" / "portal" / "portal.js").read_bytes()
    page = client.get("/").content
    assert sum(len(gzip.compress(part)) for part in (built, script, page)) < 30_000
    assert not re.search(rb"@font-face|url\(['\"]?(https?:|//|data:)|Transport|crown", built)
