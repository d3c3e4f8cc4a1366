"""The challenge in a browser: with script and without, narrow and wide, by keyboard."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from captcha.models import CaptchaStore
from django.urls import path
from playwright.sync_api import expect

from portal import challenges, limits
from portal.models import UsedWork
from portal.urls import urlpatterns as portal_urls
from tests.portal import test_captcha
from tests.portal.test_accessibility import AXE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls(__name__)]
urlpatterns = [path("report/try/", test_captcha.page, name="try"), *portal_urls]


@pytest.fixture(autouse=True)
def prepared(settings):
    limits.counters.forget()
    settings.CHALLENGE_SECONDS = (0, 0)
    [engine] = settings.TEMPLATES
    folder = settings.BASE_DIR / "tests" / "portal" / "templates"
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], folder]}]


@pytest.fixture
def visit(live_server, browser):
    contexts, problems = [], []

    def opened(width=1280, script=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        # The bare answer names no icon, so that the browser asks for one that is not there.
        page.on(
            "console",
            lambda message: "favicon" in message.location["url"] or problems.append(message.text),
        )
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(f"{live_server.url}/report/try/")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []


def codes() -> list[str]:
    return list(CaptchaStore.objects.order_by("id").values_list("challenge", flat=True))


def flood(level: int) -> None:
    limits.counters.add("", [0, 300, 1500, 6000][level] * 1.1)


@pytest.mark.parametrize("script", [True, False])
def test_answer_by_keyboard_with_enter(visit, script):
    page = visit(script=script)
    page.get_by_label("What have you seen?").fill("A lorry at night")
    page.get_by_label("Type the 6 characters you see or hear").fill(codes()[-1])
    page.keyboard.press("Enter")
    expect(page.locator("body")).to_have_text("taken")


def test_get_a_question_instead_keeps_what_was_typed_without_script(visit):
    page = visit(script=False)
    page.get_by_label("What have you seen?").fill("A lorry at night")
    page.get_by_role("button", name="Ask me a question in words instead").click()
    expect(page.get_by_label("What have you seen?")).to_have_value("A lorry at night")
    expect(page.get_by_text("of these words are")).to_be_visible()
    page.get_by_role("button", name="Use a picture or sound instead").click()
    expect(page.get_by_label("What have you seen?")).to_have_value("A lorry at night")
    expect(page.locator("audio")).to_be_visible()


def test_script_works_and_the_second_answer_is_spared(visit):
    flood(1)
    page = visit()
    second = page.get_by_label("Type the characters of the second picture")
    expect(second).to_be_hidden()
    expect(page.locator('[name="challenge_work"]')).not_to_have_value("", timeout=30_000)
    page.get_by_label("Type the 6 characters you see or hear").fill(codes()[0])
    page.get_by_role("button", name="Send").click()
    expect(page.locator("body")).to_have_text("taken")
    assert UsedWork.objects.count() == 1


def test_without_script_the_second_answer_is_asked(visit):
    flood(1)
    page = visit(script=False)
    page.get_by_label("Type the 6 characters you see or hear").fill(codes()[0])
    page.get_by_label("Type the characters of the second picture").fill(codes()[1])
    page.get_by_role("button", name="Send").click()
    expect(page.locator("body")).to_have_text("taken")


def test_sound_is_played_by_the_page_itself(visit):
    page = visit()
    page.locator("audio").evaluate(
        "sound => new Promise(played => {"
        " sound.muted = true; sound.ontimeupdate = () => sound.currentTime > 0.2 && played();"
        " sound.play(); })"
    )
    assert page.locator("audio").evaluate("sound => sound.duration") > 6


def test_browser_says_where_a_post_comes_from(visit, live_server):
    page = visit()
    page.get_by_role("button", name="Get a new picture").click()
    with page.expect_request("**/report/try/") as asked:
        page.get_by_role("button", name="Get a new picture").click()
    headers = asked.value.all_headers()
    assert headers["origin"] == live_server.url
    assert headers["sec-fetch-site"] == "same-origin"


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("kind", challenges.KINDS)
@pytest.mark.parametrize("level", [0, 3])
def test_challenge_is_accessible_and_fits(visit, width, kind, level):
    flood(level) if level else None
    page = visit(width=width)
    if kind == challenges.QUESTION:
        page.get_by_role("button", name="Ask me a question in words instead").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_be_visible()
    found = Axe().run(page, options=AXE)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_error_leads_to_the_answer(visit):
    page = visit()
    page.get_by_role("button", name="Send").click()
    page.get_by_role("alert").get_by_role("link").click()
    expect(page.locator("#id_challenge_answer")).to_be_focused()


def test_trap_is_hidden_from_everybody(visit):
    page = visit()
    expect(page.get_by_label("Leave this empty")).to_be_hidden()
    assert page.get_by_role("textbox", name="Leave this empty").count() == 0
