"""How a person works a page: with the mouse, or with the keyboard alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Locator, Page, expect

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {"runOnly": RULES, "resultTypes": ["violations"], "preload": False}
MOST_TABS = 250
PATIENCE = 30_000
IS_FOCUSED = "element => element === document.activeElement"


class Hands:
    """One person at one window; `faults` collects what no page may have."""

    def __init__(self, page: Page, *, keyboard: bool, script: bool, faults: list[str]) -> None:
        self.page, self.keyboard, self.script, self.faults = page, keyboard, script, faults
        self.inspecting = False
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda message: self._heard(message.text))
        page.on("pageerror", lambda error: self._heard(str(error)))

    def _heard(self, text: str) -> None:
        # The inspection itself does what a page may not do, and is told so by the browser.
        if not self.inspecting and ("Content Security" in text or "Error" in text):
            self.faults.append(f"{self.page.url}: {text}")

    def goes_to(self, address: str) -> Page:
        answer = self.page.goto(address)
        assert answer is not None
        assert answer.status < 400, f"{address} answers {answer.status}"
        return self.page

    def sees(self, heading: str | re.Pattern[str]) -> None:
        """The page with this heading is there, and has nothing that shuts anybody out."""
        shown = self.page.get_by_role("heading", level=1, name=heading)
        expect(shown).to_be_visible(timeout=PATIENCE)
        # Once is enough: the pages are the same for the mouse and for the keyboard.
        if self.script and not self.keyboard:
            self._inspect()

    def _inspect(self) -> None:
        self.inspecting = True
        for violation in Axe().run(self.page, options=AXE).response["violations"]:
            for node in violation["nodes"]:
                self.faults.append(f"{self.page.url}: {violation['id']}: {node['html'][:160]}")
        self.inspecting = False

    def presses(self, name: str) -> None:
        self._uses(self.page.get_by_role("button", name=name, exact=True).first, "Enter")

    def follows(self, name: str) -> None:
        self._uses(self.page.get_by_role("main").get_by_role("link", name=name).first, "Enter")

    def ticks(self, label: str) -> None:
        # A phrase of the label is enough; labels of boxes are sentences.
        self._uses(self.page.get_by_label(label).first, "Space")

    def fills(self, label: str | re.Pattern[str], text: str) -> None:
        field = self.page.get_by_label(label, exact=True).first
        if not self.keyboard:
            field.fill(text)
            return
        self._reach(field)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def chooses(self, label: str) -> None:
        """A radio button: the Tab key comes to its group, the arrows move within it."""
        option = self.page.get_by_label(label).first
        if not self.keyboard:
            option.check()
            return
        group = self.page.locator(f"input[name={option.get_attribute('name')}]")
        self._tab_until(lambda: any(one.evaluate(IS_FOCUSED) for one in group.all()))
        self.page.keyboard.press("Space")
        for _option in range(group.count()):
            if option.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        assert option.is_checked(), label

    def _uses(self, target: Locator, key: str) -> None:
        if self.keyboard:
            self._reach(target)
            self.page.keyboard.press(key)
        else:
            target.click()

    def _reach(self, target: Locator) -> None:
        expect(target).to_be_visible(timeout=PATIENCE)
        # Found once: to look for it by its name after each Tab takes longer than all the rest.
        element = target.element_handle()

        def there() -> bool:
            nonlocal element
            with suppress(Error):  # the page was left meanwhile, for one that has it as well
                if element.evaluate("element => element.isConnected"):
                    return bool(element.evaluate(IS_FOCUSED))
            element = target.element_handle()
            return bool(element.evaluate(IS_FOCUSED))

        self._tab_until(there)

    def _tab_until(self, there: Callable[[], bool]) -> None:
        for _tab in range(MOST_TABS):
            if there():
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"The keyboard does not get there on {self.page.url}")
