"""The form in a browser: no fault that axe finds, small to fetch, and usable by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from portal import reference_files
from reporting.drafts import COOKIE
from reporting.models import Report
from tests.challenges import aged, answer_to, asked
from tests.portal.test_accessibility import faults, open_page  # noqa: F401 - a fixture
from tests.reporting.intake import NARRATIVE, PAGES, Reporter, url
from tests.sealing_kit import make_desk

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
HEAVIEST, MOST_REQUESTS = 30_000, 6


@pytest.fixture
def reporter() -> Reporter:
    """Somebody who has answered a lot, and some of it wrongly."""
    make_desk()
    reference_files.load()
    one = Reporter()
    one.tell(happening_now="yes")
    one.post("goods", categories=["TOBACCO"], hs_code="1")
    one.post("signs", role="road_carrier", indicators=["CA1"])
    one.post("who", **{"who-0-name": "Karl", "who-0-phone": "1", "add": "1"})
    one.post("transport", mode="6")
    one.post("transport", mode="6", containers="CSQU3054384", add="1")
    one.post("about", mode="confidential")
    one.post("about", mode="confidential", phone="")
    return one


def browser_of(reporter: Reporter, page: Page, address: str) -> Page:
    cookie = reporter.client.cookies[COOKIE].value
    page.context.add_cookies([{"name": COOKIE, "value": cookie, "url": address}])
    return page


def test_pages_with_answers_have_no_fault(reporter, open_page, live_server):  # noqa: F811
    page = browser_of(reporter, open_page(), live_server.url)
    found = [fault for slug in ("", *PAGES, "files", "check") for fault in faults(page, url(slug))]
    reporter.post("about", mode="anonymous")
    reporter.may_add_files()
    found += faults(page, url("files"))
    assert reporter.send().status_code == 302
    found += faults(page, url("receipt"))
    assert not found, "\n".join(found)


def test_form_is_small_to_fetch_and_asks_seldom(open_page):  # noqa: F811
    """With the style sheet as a server sends it; see `make bench` for all pages."""
    page = open_page()
    asked_for: list[str] = []
    page.on("request", lambda request: asked_for.append(request.url))
    page.goto(url())
    page.goto(url("what"))
    assert len(set(asked_for)) - 1 <= MOST_REQUESTS
    assert len(page.content().encode()) < HEAVIEST // 2


def until(page: Page, name: str, value: str = "") -> None:
    """Press Tab until this control has the focus, as somebody without a mouse does."""
    told = "() => [document.activeElement.name, document.activeElement.value]"
    for _press in range(80):
        page.keyboard.press("Tab")
        here, holds = page.evaluate(told)
        if here == name and (not value or holds == value):
            return
    raise AssertionError(f"Tab never reaches {name}")


def test_report_is_made_by_keyboard_without_script(open_page):  # noqa: F811
    make_desk()
    page = open_page(java_script_enabled=False)
    page.goto(url())
    page.get_by_role("button", name="Start").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{url('what')}")
    until(page, "narrative")
    page.keyboard.type(NARRATIVE)
    until(page, "then", "check")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{url('check')}")
    stamp = aged(page.locator("[name=challenge_stamp]").input_value())
    page.locator("[name=challenge_stamp]").evaluate("(field, said) => field.value = said", stamp)
    until(page, "challenge_answer")
    page.keyboard.type(answer_to(asked(stamp)))
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{url('receipt')}")
    end = page.locator(".intake-code__group").last.inner_text()
    until(page, "last_group")
    page.keyboard.type(end)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{url('done')}")
    assert Report.objects.count() == 1


def test_escape_three_times_leaves_and_forgets(open_page, settings, live_server):  # noqa: F811
    settings.INTAKE_EXIT_URL = f"{live_server.url}/accessibility/"
    page = open_page()
    page.goto(url("what"))
    page.fill("#id_narrative", NARRATIVE)
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/goods/")
    page.wait_for_function("document.querySelector('[data-intake=escape]').hidden === false")
    for _press in range(3):
        page.keyboard.press("Escape")
    page.wait_for_url("**/accessibility/")
    assert [one["name"] for one in page.context.cookies()] == []
    page.goto(url("what"))
    assert page.locator("#id_narrative").input_value() == ""
