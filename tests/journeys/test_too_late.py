"""A form that is sent after the session ended, or the desk locked itself: nothing typed is lost."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from portal import keyring
from portal.models import SiteSession, User
from portal.sessions import SessionStore
from reporting.models import Draft
from tests.factories import PASSWORD, MembershipFactory
from tests.journeys.hands import PATIENCE, Hands
from tests.journeys.reports import begins, signs_in, unlocks
from tests.people import code_of

pytestmark = pytest.mark.django_db(transaction=True)

LATE = "Not sent yet: what you typed is still here"


def in_a_new_tab(hands: Hands, link: str) -> Hands:
    with hands.page.context.expect_page() as opened:
        hands.follows(link)
    tab = Hands(opened.value, keyboard=hands.keyboard, script=hands.script, faults=hands.faults)
    tab.page.wait_for_load_state()
    return tab


@pytest.mark.parametrize(
    "how",
    [{"script": False, "width": 320}, {"keyboard": True}, {}],
    ids=["no script", "keyboard", "mouse"],
)
def test_details_sent_after_the_session_ended_are_kept_after_signing_in(sit_down, how):
    person = MembershipFactory(owner=True).user
    hands = sit_down(**how)
    signs_in(hands, person)
    hands.goes_to("/accounts/")
    hands.fills("Your full name", "Anna Maria Lind")
    SiteSession.objects.all().delete()
    hands.presses("Save")
    hands.sees(LATE)
    expect(hands.page.get_by_label("Text 1")).to_have_value("Anna Maria Lind")

    tab = in_a_new_tab(hands, "Sign in (opens in a new tab)")
    tab.fills(re.compile("e-?mail", re.IGNORECASE), person.email)
    tab.fills("Password", PASSWORD)
    tab.presses("Sign in")
    tab.fills("Code", code_of(person, ahead=1))
    tab.presses("Sign in")
    expect(tab.page.get_by_role("button", name="Sign out").first).to_be_visible(timeout=PATIENCE)
    tab.page.close()

    hands.presses("Send again")
    hands.sees(LATE)
    expect(hands.page.get_by_text(f"You are signed in as {person.name}")).to_be_visible()
    hands.presses("Send again")
    expect(hands.page.get_by_text("Your details are kept").first).to_be_visible(timeout=PATIENCE)
    assert User.objects.get(pk=person.pk).name == "Anna Maria Lind"


def test_search_sent_after_the_desk_locked_itself_goes_on_once_it_is_unlocked(sit_down, desk):
    passphrase = desk.passphrases[desk.officer.pk]
    hands = sit_down()
    signs_in(hands, desk.officer)
    hands.goes_to("/admin/unlock/?next=/admin/reporting/report/look-up/")
    unlocks(hands, passphrase)
    hands.sees("Find by identifier")
    hands.page.locator("[name=typed]").fill("MSKU 123456-5")
    hands.page.locator("[name=reason]").fill("a tip of the day")
    hands.page.context.clear_cookies(name="desk")
    hands.presses("Search")
    hands.sees(LATE)

    tab = in_a_new_tab(hands, "Unlock the desk (opens in a new tab)")
    unlocks(tab, passphrase)
    expect(tab.page.get_by_text("Unlocked until").first).to_be_visible(timeout=PATIENCE)
    tab.page.close()

    hands.presses("Send again")
    hands.sees("Find by identifier")
    expect(hands.page.locator("[name=typed]")).to_have_value("MSKU 123456-5")


# --- The warning before the end -----------------------------------------------------------------


@pytest.mark.parametrize("keyboard", [False, True], ids=["mouse", "keyboard"])
def test_person_is_warned_before_the_session_ends_and_stays_signed_in(sit_down, keyboard):
    hands = sit_down(keyboard=keyboard)
    signs_in(hands, MembershipFactory(owner=True).user)
    SiteSession.objects.update(expire_date=timezone.now() + timedelta(minutes=5))
    hands.goes_to("/accounts/")
    warning = hands.page.get_by_role("alertdialog", name="You will be signed out in five minutes")
    expect(warning).to_be_visible(timeout=PATIENCE)
    if not keyboard:
        hands._inspect()
    hands.presses("Stay signed in")
    expect(warning).to_be_hidden(timeout=PATIENCE)
    assert SiteSession.objects.get().expire_date > timezone.now() + timedelta(hours=11)


def test_person_who_answers_the_warning_too_late_is_told_so(sit_down):
    hands = sit_down()
    signs_in(hands, MembershipFactory(owner=True).user)
    SiteSession.objects.update(expire_date=timezone.now() + timedelta(minutes=5))
    hands.goes_to("/accounts/")
    hands.page.get_by_role("button", name="Stay signed in").wait_for()
    SiteSession.objects.all().delete()
    hands.presses("Stay signed in")
    over = hands.page.get_by_role("alertdialog", name="You have been signed out")
    expect(over).to_be_visible(timeout=PATIENCE)
    hands.presses("Close")
    expect(over).to_be_hidden()


def test_officer_is_warned_before_the_desk_locks_itself(sit_down, desk):
    hands = sit_down()
    signs_in(hands, desk.officer)
    hands.goes_to("/admin/unlock/")
    unlocks(hands, desk.passphrases[desk.officer.pk])
    expect(hands.page.get_by_text("Unlocked until").first).to_be_visible(timeout=PATIENCE)
    session = SessionStore(SiteSession.objects.get().session_key)
    used = time.time() - keyring.IDLE_SECONDS + 120
    session["keyring"] = {**session["keyring"], "seen": used}
    session.save()
    hands.goes_to("/admin/")
    warning = hands.page.get_by_role("alertdialog", name="The desk locks itself in two minutes")
    expect(warning).to_be_visible(timeout=PATIENCE)
    hands._inspect()
    hands.presses("Keep it unlocked")
    expect(warning).to_be_hidden(timeout=PATIENCE)
    assert SessionStore(session.session_key)["keyring"]["seen"] > used + 60


def test_witness_is_warned_before_what_they_wrote_is_deleted(sit_down, desk):
    witness = sit_down()
    begins(witness)
    witness.page.clock.install()
    witness.presses("Save and continue")
    witness.page.wait_for_url("**/report/goods/")
    Draft.objects.update(expires_at=timezone.now() + timedelta(minutes=5))
    witness.page.clock.fast_forward("55:05")
    warning = witness.page.get_by_role("alert").filter(has_text="deleted in five minutes")
    expect(warning).to_be_visible(timeout=PATIENCE)
    witness._inspect()
    expect(witness.page.get_by_role("link", name="Leave quickly")).to_be_in_viewport()
    witness.presses("Keep it for another hour")
    expect(warning).to_be_hidden(timeout=PATIENCE)
    assert Draft.objects.get().expires_at > timezone.now() + timedelta(minutes=50)
