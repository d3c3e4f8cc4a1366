"""From a list of certificates to an agreement that a stranger can verify, in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from captcha.models import CaptchaStore
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Browser, expect

from mou.declaring import TAG
from mou.models import Mou, Signature
from portal import outbox, second_factor
from portal.models import OutboxMessage, User
from tests.factories import PASSWORD, UserFactory
from tests.journeys.hands import PATIENCE, Hands
from tests.mou import flows
from tests.people import code_for, code_of, link_in, with_codes

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("trust_service"),
]

FIRM = "Aurora Haulage AB"
COLUMNS = "holder,country,EORI,certificate number,type,effective date,contact e-mail"
ROW = f"{FIRM},SE,SE5560001234,SEAEOF0000001,F,2026-01-15,olga@business.example"
PASSKEY_DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def work() -> None:
    """What the workers do: all that was promised, and what that promises in turn."""
    for _round in range(6):
        OutboxMessage.objects.filter(done_at=None).update(available_at=timezone.now())
        if not outbox.deliver_open():
            return


def letter_to(address: str, words: str) -> str:
    """The link in the newest letter to this person about this."""
    work()
    found = [one for one in mail.outbox if one.to == [address] and words in one.subject]
    assert found, f"{address} got no letter about “{words}”: {[m.subject for m in mail.outbox]}"
    return link_in(found[-1])


@pytest.fixture
def sit_down(browser: Browser, live_server) -> Iterator[Callable[..., Hands]]:
    """Somebody at a window of their own; in the end no page may have had a fault."""
    contexts, faults = [], []

    def opened(*, script: bool, keyboard: bool) -> Hands:
        context = browser.new_context(
            base_url=live_server.url, java_script_enabled=script, accept_downloads=True
        )
        contexts.append(context)
        return Hands(context.new_page(), keyboard=keyboard, script=script, faults=faults)

    yield opened
    for context in contexts:
        context.close()
    assert faults == []


# --- Getting in -----------------------------------------------------------------------------


def sign_in(hands: Hands, person: User) -> None:
    hands.goes_to("/accounts/login/")
    hands.fills(re.compile("e-?mail", re.IGNORECASE), person.email)
    hands.fills("Password", PASSWORD)
    hands.presses("Sign in")
    hands.fills("Code", code_of(person))
    hands.presses("Sign in")
    signed_in = hands.page.get_by_role("button", name="Sign out").first
    expect(signed_in).to_be_visible(timeout=PATIENCE)


def join(hands: Hands, link: str, name: str) -> None:
    hands.goes_to(link)
    hands.sees("You are invited")
    hands.presses("Create an account and accept")
    hands.fills("Your full name", name)
    hands.fills("Password", PASSWORD)
    hands.presses("Create the account and accept")
    hands.sees("People of your organisation")


def set_up_codes(hands: Hands) -> str:
    """An authenticator app; returns what it computes codes from."""
    hands.goes_to("/accounts/2fa/totp/activate/")
    secret = hands.page.locator("#authenticator_secret").inner_text()
    hands.fills("Code", code_for(secret))
    hands.presses("Continue")
    hands.sees("Recovery codes")
    return secret


# --- Steps 1 and 2: the list of certificates, the offer ---------------------------------------


def import_certificates(officer: Hands, folder: Path) -> None:
    path = folder / "certificates.csv"
    path.write_text(f"{COLUMNS}\n{ROW}\n", encoding="utf-8")
    officer.goes_to("/admin/mou/certificateimport/import/")
    officer.sees("Import certificates")
    officer.page.set_input_files("input[type=file]", path)
    officer.presses("Compare with the register")
    officer.sees("certificates.csv")
    work()
    _follows_itself_to(officer, "Waiting for confirmation")
    expect(officer.page.get_by_text("Nothing is changed yet")).to_be_visible()
    officer.presses("Apply this list")
    _follows_itself_to(officer, "Being applied")
    work()
    _follows_itself_to(officer, "Applied")
    officer.sees("certificates.csv")


def _follows_itself_to(officer: Hands, status: str) -> None:
    """The page of an import is drawn anew by itself, with script and without."""
    tag = officer.page.get_by_text(status, exact=True)
    expect(tag).to_be_visible(timeout=30_000)


def accept_offer(owner: Hands) -> None:
    join(owner, letter_to("olga@business.example", FIRM), "Olga Owner")
    owner.goes_to("/mou/")
    owner.sees("Your agreements")
    owner.follows("Accept or decline the offer")
    owner.sees(re.compile("Offer of an agreement"))
    owner.presses("Accept")
    owner.sees("Accept the offer")
    owner.presses("Accept the offer")
    owner.sees(re.compile("Agreement"))


# --- Without a certificate: acceptance test 2 -------------------------------------------------


def ask(visitor: Hands) -> None:
    """The form, once with a wrong answer to the challenge."""
    visitor.goes_to("/cooperation/")
    visitor.page.get_by_role("link", name="Tell us about your business").click()
    visitor.sees("Work with us")
    visitor.fills("Name of the firm", FIRM)
    visitor.page.select_option("[name=country]", "SE")
    visitor.page.select_option("[name=role]", "self_storage")
    visitor.fills("Your name", "Olga Owner")
    visitor.fills("Your e-mail address", "olga@business.example")
    visitor.page.fill("[name=challenge_answer]", "wrong")
    with slowly():
        visitor.presses("Send")
    expect(visitor.page.get_by_text("Those were not the characters").first).to_be_visible()
    source = visitor.page.locator("img.portal-challenge__picture").get_attribute("src") or ""
    answer = CaptchaStore.objects.get(hashkey=Path(source).stem).challenge
    visitor.page.fill("[name=challenge_answer]", answer)
    with slowly():
        visitor.presses("Send")
    expect(visitor.page.get_by_text("Thank you, we have your message")).to_be_visible()


@contextmanager
def slowly() -> Iterator[None]:
    """As slow as a person, without the wait."""
    given, settings.CHALLENGE_SECONDS = settings.CHALLENGE_SECONDS, [0, 0]
    yield
    settings.CHALLENGE_SECONDS = given


def screen(officer: Hands) -> None:
    officer.goes_to("/admin/")
    officer.follows("Firms that ask for an agreement")
    officer.follows(FIRM)
    officer.follows("Offer an agreement")
    officer.sees("Offer an agreement")
    officer.fills(re.compile("How did you check who asks"), "Called the number in the register")
    officer.presses("Offer")
    expect(officer.page.get_by_text("The offer goes out now.")).to_be_visible(timeout=PATIENCE)


# --- Step 3: signatory, draft, text -----------------------------------------------------------


def invite_signatory(owner: Hands) -> None:
    owner.goes_to("/accounts/organisation/")
    owner.presses("Invite somebody")
    owner.fills("Their e-mail address", "sigrid@business.example")
    owner.chooses("Signatory")
    owner.presses("Send the invitation")
    owner.sees("People of your organisation")


def name_signatory(owner: Hands) -> None:
    owner.goes_to("/mou/")
    owner.follows("Name who signs for the firm")
    owner.sees("Name the signatory")
    owner.chooses("Sigrid Signatory")
    owner.fills("This person’s function", "Managing director")
    owner.presses("Name this person")
    owner.sees(re.compile("Agreement"))


def draft_and_propose(officer: Hands) -> None:
    officer.goes_to("/admin/")
    officer.follows("Agreements to draft")
    officer.follows(Mou.objects.get().number)
    officer.sees(Mou.objects.get().number)
    officer.follows("Draft the text")
    officer.sees("Draft the text")
    officer.fills(
        re.compile("Why no survey was made"), "The survey of flows follows at the first review."
    )
    officer.presses("Draft")
    officer.sees(re.compile("The text of"))
    officer.presses("Accept and send to the firm")
    officer.sees(Mou.objects.get().number)


def agree(owner: Hands) -> None:
    letter_to("olga@business.example", "ready to read")
    owner.goes_to("/mou/")
    owner.follows("Read and accept the text")
    owner.sees(re.compile("The text of the agreement"))
    owner.ticks("I have read this text")
    owner.presses("Accept the text")
    owner.sees(re.compile("Agreement"))


# --- Step 4: both signatures ------------------------------------------------------------------


def declare(hands: Hands, name: str) -> None:
    hands.ticks("I have the power to sign")
    hands.fills("Your full name", name)
    hands.ticks("I have read this and consent")
    hands.presses("Continue")


def sign(signatory: Hands, secret: str) -> None:
    letter_to("sigrid@business.example", "can be signed")
    signatory.goes_to("/mou/")
    signatory.follows("Sign the agreement")
    signatory.sees("Read and sign")
    declare(signatory, "Sigrid Signatory")
    signatory.sees("Check and sign")
    signatory.fills("One-time code", code_for(secret, ahead=1))
    signatory.presses("Sign")
    signatory.sees("Your signature is being made")
    work()
    expect(signatory.page.get_by_text("You have signed")).to_be_visible(timeout=PATIENCE)
    signatory.sees("You have signed")


def countersign(officer: Hands, person: User) -> None:
    officer.goes_to("/admin/")
    officer.follows("Agreements to countersign")
    officer.follows(Mou.objects.get().number)
    officer.sees(Mou.objects.get().number)
    officer.follows("Countersign")
    officer.sees("Read and countersign")
    declare(officer, person.name)
    officer.sees("Check and countersign")
    officer.fills("One-time code", code_of(person, ahead=1))
    officer.presses("Sign")
    officer.sees("Your signature")
    work()
    signed = officer.page.get_by_text("You have signed for the administration.")
    expect(signed).to_be_visible(timeout=PATIENCE)


# --- Step 5: download, verify -----------------------------------------------------------------


def download(hands: Hands, folder: Path) -> Path:
    letter_to("olga@business.example", "is in force")
    hands.goes_to("/mou/")
    hands.follows(FIRM)
    hands.sees(re.compile("Agreement"))
    with hands.page.expect_download() as started:
        hands.follows("Archived")
    path = folder / started.value.suggested_filename
    started.value.save_as(path)
    return path


def verify(stranger: Hands, path: Path) -> None:
    stranger.goes_to("/verify/")
    stranger.sees("Verify a document")
    stranger.page.set_input_files("input[type=file]", path)
    stranger.presses("Check the file")
    stranger.sees("Result of the check")
    for words in ("genuine and complete", "In force", "Sigrid Signatory", "Cora Countersigner"):
        expect(stranger.page.get_by_text(words).first).to_be_visible()
    token = Mou.objects.get().versions.get().token
    stranger.goes_to(f"/verify/{token}/")
    stranger.sees("Agreement behind the code")
    expect(stranger.page.get_by_text("In force", exact=True)).to_be_visible()


@pytest.mark.parametrize(
    "way",
    [
        pytest.param({"script": True, "keyboard": False}, id="script"),
        pytest.param({"script": False, "keyboard": False}, id="no script"),
        pytest.param({"script": True, "keyboard": True}, id="keyboard only"),
    ],
)
def test_agreement_from_the_list_of_certificates_to_a_stranger(sit_down, tmp_path, way):
    call_command("load_reference", verbosity=0)
    call_command("load_agreements", verbosity=0)
    caseworker = with_codes(UserFactory(caseworker=True, name="Carl Caseworker"))
    countersigner = with_codes(UserFactory(countersigner=True, name="Cora Countersigner"))
    desk, owner, signatory = sit_down(**way), sit_down(**way), sit_down(**way)

    sign_in(desk, caseworker)
    import_certificates(desk, tmp_path)
    accept_offer(owner)
    invite_signatory(owner)
    join(signatory, letter_to("sigrid@business.example", FIRM), "Sigrid Signatory")
    secret = set_up_codes(signatory)
    name_signatory(owner)
    draft_and_propose(desk)
    agree(owner)
    sign(signatory, secret)
    second = sit_down(**way)
    sign_in(second, countersigner)
    countersign(second, countersigner)
    path = download(owner, tmp_path)
    verify(sit_down(**way), path)

    assert Mou.objects.get().status == "in_force"


@pytest.mark.once
def test_agreement_of_a_firm_without_eori_or_certificate(sit_down):
    call_command("load_reference", verbosity=0)
    call_command("load_agreements", verbosity=0)
    caseworker = with_codes(UserFactory(caseworker=True, name="Carl Caseworker"))
    countersigner = with_codes(UserFactory(countersigner=True, name="Cora Countersigner"))
    way = {"script": False, "keyboard": False}
    desk, owner, signatory = sit_down(**way), sit_down(**way), sit_down(**way)

    ask(sit_down(**way))
    sign_in(desk, caseworker)
    screen(desk)
    accept_offer(owner)
    invite_signatory(owner)
    join(signatory, letter_to("sigrid@business.example", FIRM), "Sigrid Signatory")
    secret = set_up_codes(signatory)
    name_signatory(owner)
    draft_and_propose(desk)
    agree(owner)
    sign(signatory, secret)
    second = sit_down(**way)
    sign_in(second, countersigner)
    countersign(second, countersigner)
    work()

    mou = Mou.objects.get()
    assert (mou.status, mou.organisation.eori, mou.trust_status) == ("in_force", "", None)


@pytest.mark.once
def test_suspended_certificate_opens_a_review_and_takes_the_badge_away(sit_down):
    """Acceptance tests 5 and 25."""
    cast = flows.archived()
    caseworker = with_codes(cast.caseworker)
    way = {"script": True, "keyboard": False}
    owner, desk, stranger = sit_down(**way), sit_down(**way), sit_down(script=False, keyboard=False)
    sign_in(owner, with_codes(cast.owner))
    owner.goes_to(f"/mou/{cast.agreement.uuid}/register/")
    owner.presses("I agree: name the firm and give it the badge")
    badge = f"/register/{cast.agreement.listings.get().token}/"
    stranger.goes_to(badge)
    stranger.sees(cast.organisation.legal_name)

    sign_in(desk, caseworker)
    desk.goes_to(f"/admin/mou/truststatus/{cast.offer.trust_status_id}/suspend/")
    desk.page.check("[name=component][value=S]")
    desk.page.fill("[name=reason]", "Decision 26-114")
    desk.page.get_by_role("button", name="Suspend").click()
    stranger.goes_to(badge)
    stranger.sees("Not in force")

    owner.goes_to("/mou/")
    owner.follows("Answer the review")
    owner.sees("Answer the review")
    owner.fills(re.compile("How has the agreement gone"), "The fence is being repaired.")
    owner.presses("Send the answer")
    owner.sees("Reviews")
    desk.goes_to("/admin/")
    desk.follows("Reviews to close")
    desk.follows(cast.agreement.number)
    desk.follows("Close the review")
    desk.page.fill("[name=minutes]", "The fence stands again.")
    desk.chooses("The agreement goes on as it is")
    desk.page.get_by_role("button", name="Close the review").click()
    desk.sees(cast.agreement.number)
    assert cast.agreement.status == "suspended"
    owner.goes_to(f"/mou/{cast.agreement.uuid}/timeline/")
    owner.sees("Timeline")


def test_sign_with_a_passkey_bound_to_the_document(sit_down):
    cast = flows.sealed()
    signatory = sit_down(script=True, keyboard=False)
    device = signatory.page.context.new_cdp_session(signatory.page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": PASSKEY_DEVICE})
    signatory.goes_to("/accounts/login/")
    signatory.fills(re.compile("e-?mail", re.IGNORECASE), cast.signatory.email)
    signatory.fills("Password", PASSWORD)
    signatory.presses("Sign in")
    signatory.goes_to(f"/mou/{cast.agreement.uuid}/sign/")
    signatory.sees("A second factor first")
    signatory.presses("Set up a second factor")
    signatory.presses("Add a passkey")
    signatory.presses("Add")
    signatory.sees("Recovery codes")

    signatory.goes_to("/mou/")
    signatory.follows("Sign the agreement")
    declare(signatory, "Sigrid Signatory")
    signatory.sees("Check and sign")
    signatory.presses("Sign with a passkey")
    signatory.sees("Your signature is being made")

    declaration = Signature.objects.get().evidence["declaration"]
    bound = second_factor.binding(
        TAG, declaration["document_sha256"], declaration["consent"]["sha256"]
    )
    assert declaration["factor"] == "passkey"
    assert second_factor.verify_evidence(bound, declaration["factor_evidence"])
