"""What reporters and officers do at their windows, one step each, for journeys through a report."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from captcha.models import CaptchaStore
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from portal import outbox
from portal.models import OutboxMessage, User
from tests.factories import PASSWORD
from tests.journeys.hands import PATIENCE, Hands
from tests.people import code_of, with_codes
from tests.portal.test_captcha_sound import heard

NARRATIVE = "Cartons without marks are carried into a white van behind the third gate at night."
SOUND = "audio.portal-challenge__sound"
REASON = "First assessment"
SitDown = Callable[..., Hands]


@pytest.fixture
def sit_down(browser: Browser, live_server: Any) -> Iterator[SitDown]:
    """Somebody at a window of their own; in the end no page may have had a fault."""
    contexts, faults = [], []
    # What counts wrong codes outlives a test, and its people have the numbers of the last one's.
    cache.clear()

    def opened(*, script: bool = True, keyboard: bool = False, width: int = 1280) -> Hands:
        context = browser.new_context(
            base_url=live_server.url,
            java_script_enabled=script,
            accept_downloads=True,
            viewport={"width": width, "height": 900},
        )
        contexts.append(context)
        return Hands(context.new_page(), keyboard=keyboard, script=script, faults=faults)

    yield opened
    for context in contexts:
        context.close()
    assert not faults, faults


def work() -> None:
    """What the workers do: all that was promised, and what that promises in turn."""
    for _round in range(4):
        OutboxMessage.objects.filter(done_at=None).update(available_at=timezone.now())
        if not outbox.deliver_open():
            return


# --- The reporter -----------------------------------------------------------------------------


def begins(witness: Hands, narrative: str = NARRATIVE) -> None:
    witness.goes_to("/report/")
    witness.sees("Report a suspicion")
    witness.presses("Start")
    witness.sees("What have you seen or heard?")
    witness.page.get_by_label("What have you seen or heard?").first.wait_for()
    types(witness, "narrative", narrative)


def types(witness: Hands, name: str, text: str) -> None:
    """Into the field of this name, the way this person types."""
    field = witness.page.locator(f"[name={name}]").first
    if not witness.keyboard:
        field.fill(text)
        return
    witness._reach(field)
    witness.page.keyboard.press("Control+A")
    witness.page.keyboard.type(text)


def to_the_end(witness: Hands) -> None:
    witness.presses("Save and go to the end")
    witness.sees("Check your answers and send")


def listens(witness: Hands) -> str:
    """Play the sound in the page, and write down what is heard; nothing is looked at."""
    page = witness.page
    sound = page.locator(SOUND).first
    address = sound.get_attribute("src")
    with page.expect_response(lambda answer: answer.url.endswith(str(address))) as played:
        if witness.keyboard:
            witness._reach(sound)
            page.keyboard.press("Space")
        else:
            sound.evaluate("element => void element.play()")
    assert played.value.ok
    assert played.value.headers["content-type"] == "audio/wav"
    return heard(page.request.get(str(address)).body(), "en")


def solves_by_ear(witness: Hands) -> None:
    said = listens(witness)
    assert len(said) >= 5
    assert "?" not in said
    takes_time(witness)
    types(witness, "challenge_answer", said)


def solves(witness: Hands) -> None:
    """By the picture, whose answer only the store knows; slowly, as a person does."""
    picture = witness.page.locator("img.portal-challenge__picture").first
    key = re.search(r"([0-9a-f]{40})", str(picture.get_attribute("src")))[1]
    takes_time(witness)
    types(witness, "challenge_answer", CaptchaStore.objects.get(hashkey=key).challenge)


def takes_time(witness: Hands) -> None:
    witness.page.wait_for_timeout(max(settings.CHALLENGE_SECONDS) * 1000 + 100)


def keeps_receipt(witness: Hands) -> str:
    """Write the code down, type its end back, and leave nothing in the browser."""
    witness.sees("Your report is sent")
    groups = witness.page.locator(".intake-code__group").all_inner_texts()
    assert [len(group) for group in groups] == [5] * 5
    types(witness, "last_group", groups[-1].lower())
    witness.presses("I have written it down")
    witness.sees("Thank you")
    return "-".join(groups)


def reports(witness: Hands, narrative: str = NARRATIVE) -> str:
    """The shortest way from the first page to the receipt."""
    begins(witness, narrative)
    to_the_end(witness)
    solves(witness)
    witness.presses("Send the report")
    return keeps_receipt(witness)


def opens_inbox(witness: Hands, receipt: str) -> None:
    witness.goes_to("/report/inbox/")
    witness.sees("Open your inbox")
    witness.fills("Your code", receipt.lower())
    witness.presses("Open")


def has_no_sideways_scrolling(page: Page) -> None:
    wide, there = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= there, f"{page.url} is {wide} wide in {there}"


# --- The desk ---------------------------------------------------------------------------------


def signs_in(hands: Hands, person: User) -> None:
    with_codes(person)
    hands.goes_to("/accounts/login/")
    hands.fills(re.compile("e-?mail", re.IGNORECASE), person.email)
    hands.fills("Password", PASSWORD)
    hands.presses("Sign in")
    hands.fills("Code", code_of(person))
    hands.presses("Sign in")
    signed_in = hands.page.get_by_role("button", name=re.compile("Sign out|Log out")).first
    expect(signed_in).to_be_visible(timeout=PATIENCE)


def finds(hands: Hands, reference: str) -> None:
    hands.goes_to("/admin/reporting/report/")
    hands.follows(reference)
    hands.sees(reference)


def unlocks(hands: Hands, passphrase: str) -> None:
    hands.fills(re.compile("Desk passphrase"), passphrase)
    hands.page.get_by_role("main").locator("[type=submit]").first.press("Enter")


def opens(hands: Hands, reference: str, passphrase: str = "", reason: str = REASON) -> None:
    """From the list to what was told: passphrase, reason, page."""
    finds(hands, reference)
    hands.follows("Open the report")
    if passphrase:
        unlocks(hands, passphrase)
    hands.sees(f"Open {reference}")
    hands.fills(re.compile("Why do you open this report"), reason)
    hands.presses("Open the report")
    hands.sees(reference)
    expect(hands.page.locator(".report-main")).not_to_contain_text("is sealed")


def reads_the_log(hands: Hands) -> str:
    """All that the reader of the record shows, once a reason was given."""
    hands.goes_to("/admin/portal/auditevent/")
    hands.sees("Access log")
    hands.fills(re.compile("Why do you read it"), "Yearly check of the record")
    hands.presses("Read the record")
    expect(hands.page.locator(".desk-log").first).to_be_visible(timeout=PATIENCE)
    return hands.page.locator(".desk-log").first.inner_text()


def photo(folder: Path) -> Path:
    path = folder / "van behind the gate.jpg"
    Image.new("RGB", (120, 90), "navy").save(path)
    return path
