"""Getting in, as people do it in a browser: by invitation, codes, passkey, and after a loss."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, CDPSession, Page, expect

from portal import actions, second_factor
from portal.models import OutboxMessage, RecoveryRequest, User
from tests.factories import PASSWORD, MembershipFactory, OrganisationFactory, UserFactory
from tests.people import code_for, code_of, link_in, read_mail, with_codes

pytestmark = pytest.mark.django_db(transaction=True)

Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, live_server) -> Iterator[Visit]:
    """A new visitor's window; no violation of the content policy goes unseen."""
    contexts, refused = [], []

    def opened(**options: object) -> Page:
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: "Content Security" in m.text and refused.append(m.text))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not refused


def sign_in(page: Page, email: str) -> None:
    page.goto("/accounts/login/")
    page.get_by_label(re.compile("e-?mail", re.IGNORECASE)).fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").first.click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_join_by_invitation_set_up_codes_and_come_back(visit, script):
    owner = UserFactory()
    firm = OrganisationFactory(owner=owner)
    actions.invite(organisation=firm, email="new@business.example", role="signatory", by=owner)
    page = visit(java_script_enabled=script)
    page.goto(link_in(read_mail()[0]))
    expect(page.get_by_role("heading", level=1)).to_contain_text("You are invited")
    page.get_by_role("button", name="Create an account and accept").click()
    page.get_by_label("Your full name").fill("Nina Newcomer")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Create the account and accept").click()
    expect(page.get_by_role("heading", name=firm.legal_name)).to_be_visible()

    page.goto("/accounts/2fa/totp/activate/")
    secret = page.locator("#authenticator_secret").inner_text()
    page.get_by_label("Code", exact=True).fill(code_for(secret))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    recovery = page.locator(".portal-codes li").first.inner_text()
    sign_out(page)

    sign_in(page, "new@business.example")
    page.get_by_label("Code", exact=True).fill(code_for(secret, ahead=1))
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    sign_out(page)

    sign_in(page, "new@business.example")
    page.get_by_label("Code", exact=True).fill(recovery)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def with_authenticator(page: Page, *, verified: bool = True) -> tuple[CDPSession, str]:
    """A device that holds passkeys and asks its owner to touch it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verified,
        "automaticPresenceSimulation": True,
    }
    answer = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, answer["authenticatorId"]


def test_set_up_a_passkey_and_sign_in_with_it(visit):
    officer = UserFactory(caseworker=True)
    page = visit()
    with_authenticator(page)
    sign_in(page, officer.email)
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert second_factor.has_passkey(officer)

    page.goto("/accounts/")
    sign_out(page)
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/admin/$"))

    page.goto("/accounts/")
    sign_out(page)
    sign_in(page, officer.email)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile("/admin/$"))


def test_sign_in_with_a_passkey_that_does_not_know_its_owner_is_refused(visit):
    officer = UserFactory(caseworker=True)
    page = visit()
    session, device = with_authenticator(page)
    sign_in(page, officer.email)
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.goto("/accounts/")
    sign_out(page)
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("The passkey did not answer")).to_be_visible()


def test_lose_the_phone_and_come_back_with_two_others(visit, settings):
    settings.RECOVERY_WAIT_MINUTES = 60
    firm = OrganisationFactory(owner=UserFactory(name="Olga Owner"))
    owner = firm.memberships.get().user
    person = with_codes(MembershipFactory(organisation=firm, signatory=True).user)
    officer = with_codes(UserFactory(caseworker=True))

    page = visit(java_script_enabled=False)
    sign_in(page, person.email)
    page.get_by_role("link", name="I cannot get a code").click()
    page.get_by_label("My phone or key was stolen").check()
    page.get_by_role("button", name="Ask for a new second factor").click()
    expect(page.get_by_text("You asked.")).to_be_visible()

    first = visit(java_script_enabled=False)
    sign_in(first, owner.email)
    first.goto("/accounts/organisation/")
    first.get_by_role("button", name="Check and approve").click()
    first.get_by_label("I met the person").check()
    first.get_by_role("button", name="Approve").click()
    expect(first.get_by_text("Somebody else must approve as well")).to_be_visible()

    second = visit(java_script_enabled=False)
    sign_in(second, officer.email)
    second.get_by_label("Code", exact=True).fill(code_of(officer))
    second.get_by_role("button", name="Sign in", exact=True).click()
    asked = RecoveryRequest.objects.get(user=person)
    second.goto(f"/admin/portal/recoveryrequest/{asked.pk}/change/")
    second.get_by_role("link", name="Check and approve").click()
    second.get_by_label("I called the person").check()
    second.get_by_role("button", name="Approve").click()
    expect(second.get_by_text("Your approval is kept.")).to_be_visible()

    _let_time_pass(asked)
    (letter,) = [m for m in read_mail() if "new second factor now" in m.subject]
    code = re.search(r"Code: (\S+)", letter.body).group(1)
    page = visit(java_script_enabled=False)
    sign_in(page, person.email)
    page.get_by_role("link", name="I cannot get a code").click()
    page.get_by_label("Code from the e-mail").fill(code)
    page.get_by_role("button", name="Remove the lost second factor").click()
    expect(page.get_by_text("Set up a new one now")).to_be_visible()
    assert not second_factor.has_second_factor(User.objects.get(pk=person.pk))


def _let_time_pass(asked: RecoveryRequest) -> None:
    """The browser's clock cannot be moved with ours, so the record is dated back."""
    past = timezone.now() - timedelta(minutes=1)
    RecoveryRequest.objects.filter(pk=asked.pk).update(usable_from=past)
    OutboxMessage.objects.filter(done_at=None).update(available_at=past)
