"""Every page in a browser: axe, the content policy, a narrow screen, links that lead somewhere.

Add the URL name of a new page to PUBLIC_PAGES, FIRM_PAGES or OFFICE_PAGES; the admin's own lists
and forms are found by themselves. A page that needs a record is given as a function of nothing
that makes it and returns the address.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import Client, RequestFactory
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from portal.models import StaffRole, User
from tests.factories import OrganisationFactory, RoleGrantFactory, UserFactory
from tests.mou import alert_flows, cover_flows, desk_pages, flows, training_flows
from tests.partners import directory_pages
from tests.people import at_the_desk
from tests.portal import kit
from tests.reporting import intake

Address = str | Callable[[], str]

NOWHERE = "/nothing/here/"
PUBLIC_PAGES: list[Address] = [
    "home",
    "cooperation",
    "accessibility",
    "privacy",
    "cookies",
    "account_login",
    "account_reset_password",
    "account_reset_password_done",
    "verify",
    "register",
    "partners",
    "partners:api",
    directory_pages.partner,
    "interest",
    "interest_sent",
    desk_pages.badge,
    desk_pages.refusal,
    "account_signup",
    "account_email_verification_sent",
    "account_inactive",
    "report",
    "report_files",
    "report_done",
    *(lambda slug=slug: reverse("report_step", args=[slug]) for slug in intake.PAGES),
    lambda: NOWHERE,
]
FIRM_PAGES: list[Address] = [
    "home",
    "start_report",
    "mou:documents",
    "account",
    "organisation",
    "account_change_password",
    "account_email",
    "account_logout",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "usersessions_list",
]
# What state an agreement is in, who looks at it, and which pages they see then.
AGREEMENT_PAGES = [
    ("offered", "owner", ["mou_home", "mou:offer", "mou:decline"]),
    ("accepted", "owner", ["mou_home", "mou:agreement", "mou:name_signatory", "mou:withdraw"]),
    ("proposed", "owner", ["mou:agreement", "mou:read", "mou:return"]),
    ("sealed", "signatory", ["mou:agreement", "mou:read", "mou:declare"]),
    ("archived", "owner", ["mou_home", "mou:agreement", "mou:read", "mou:documents"]),
    ("surveyed", "owner", ["mou:survey", "mou:survey_check", "mou:risks"]),
    ("archived", "owner", ["mou:timeline", "mou:reviews", "mou:give_notice", "mou:listing"]),
]
OFFICE_PAGES: list[Address] = [
    "admin:index",
    "mfa_index",
    "mfa_generate_recovery_codes",
    "admin:mou_certificateimport_import",
    desk_pages.import_running,
    desk_pages.import_compared,
    desk_pages.import_finished,
    desk_pages.batch_chosen,
    desk_pages.batch_running,
    desk_pages.batch_finished,
    desk_pages.offered_component,
    desk_pages.members,
    desk_pages.certificate,
    desk_pages.suspension,
    desk_pages.offer,
    desk_pages.contact,
    desk_pages.withdrawal,
    "admin:mou_mou_dashboard",
    "admin:mou_mouoffer_coverage",
    "admin:mou_mouoffer_invite",
    desk_pages.interest,
    desk_pages.suspended,
    desk_pages.timeline,
    desk_pages.closing,
    desk_pages.rebasing,
    desk_pages.surveyed,
    desk_pages.risks,
    desk_pages.measures,
    desk_pages.activities,
    desk_pages.contacts,
    desk_pages.proposing,
]

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {"runOnly": RULES, "resultTypes": ["violations"]}
# Asked again of the same page in its dark dress, once its colours have changed.
CONTRAST = """() => {
    document.getAnimations().forEach(change => change.finish());
    return axe.run({runOnly: {type: "rule", values: ["color-contrast"]}})
        .then(found => found.violations);
}"""
# Nothing of these is a page's fault: a 404 that was asked for, and Chromium's advice on forms.
HARMLESS = ("status of 404", "[DOM]")

DEAD_LINKS = """() => [...document.querySelectorAll('a[href^="#"]')]
    .filter(a => a.hash.length > 1 && !document.getElementById(a.hash.slice(1)))
    .map(a => a.hash)"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


@pytest.fixture
def open_page(browser: Browser, live_server) -> Iterator[Callable[..., Page]]:
    """A page of a visitor, or of whoever a client is logged in as."""
    contexts = []

    def opened(client: Client | None = None, **options: object) -> Page:
        context = browser.new_context(base_url=live_server.url, **options)
        contexts.append(context)
        for name, cookie in (client.cookies if client else {}).items():
            if name != CookieStorage.cookie_name:
                context.add_cookies([{"name": name, "value": cookie.value, "url": live_server.url}])
        page = context.new_page()
        page.console = []
        page.on("console", lambda message: page.console.append(message.text))
        page.on("pageerror", lambda error: page.console.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()


def address(name: Address) -> str:
    return name() if callable(name) else reverse(name)


def faults(page: Page, url: str, *, expects: int = 200) -> list[str]:
    """Everything wrong with one page, in words; `expects` is for pages that say no."""
    page.console.clear()
    page.set_viewport_size({"width": 1280, "height": 900})
    answer = page.goto(url)
    expects = 404 if url == NOWHERE else expects
    found = [] if answer.status == expects else [f"answers {answer.status}"]
    harmless = (*HARMLESS, f"status of {expects}")
    found += [text for text in page.console if not any(word in text for word in harmless)]
    violations = Axe().run(page, options=AXE).response["violations"]
    page.emulate_media(color_scheme="dark")
    violations += page.evaluate(CONTRAST)
    page.emulate_media(color_scheme="light")
    found += [f"{v['id']}: {node['html'][:160]}" for v in violations for node in v["nodes"]]
    found += [f"dead link {link}" for link in page.evaluate(DEAD_LINKS)]
    page.set_viewport_size({"width": 320, "height": 640})
    if wider := page.evaluate(WIDER):
        found.append(f"{wider} px wider than a phone")
    return [f"{url}: {fault}" for fault in found]


def all_faults(page: Page, addresses: list[Address]) -> list[str]:
    return [fault for name in addresses for fault in faults(page, address(name))]


def officer() -> User:
    """Somebody who may see all that the desk has."""
    person = UserFactory(staff=True, is_superuser=True, name="Ingrid Öberg")
    for role in StaffRole:
        RoleGrantFactory(user=person, role=role)
    return person


def admin_pages(by: User) -> list[Address]:
    """The list of every kind of record the desk shows, and the form of each kind one may add."""
    request = RequestFactory().get("/")
    request.user = by
    found: list[Address] = []
    for model, shown in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        # Reports are refused to system administrators; tests/reporting/test_accessibility.py.
        if name != "admin:reporting_report" and shown.has_view_or_change_permission(request):
            found.append(f"{name}_changelist")
        if shown.has_add_permission(request):
            found.append(f"{name}_add")
    return found


def test_public_pages_have_no_fault(open_page) -> None:
    assert all_faults(open_page(), PUBLIC_PAGES) == []


def test_firm_pages_have_no_fault(open_page) -> None:
    client = Client()
    client.force_login(owner := UserFactory())
    OrganisationFactory(owner=owner)
    assert all_faults(open_page(client), FIRM_PAGES) == []


@pytest.mark.parametrize(("state", "person", "names"), AGREEMENT_PAGES)
def test_agreement_pages_have_no_fault(
    open_page, trust_service, state: str, person: str, names: list[str]
) -> None:
    cast = getattr(flows, state)()
    about = {
        "mou_home": [],
        "mou:documents": [],
        "mou:offer": [cast.offer.uuid],
        "mou:decline": [cast.offer.uuid],
    }
    pages = [reverse(name, args=about.get(name, [cast.mou and cast.mou.uuid])) for name in names]
    client = at_the_desk(Client(), getattr(cast, person))
    assert all_faults(open_page(client), [lambda page=page: page for page in pages]) == []


def test_pages_of_covered_members_have_no_fault(open_page) -> None:
    mou = cover_flows.association()
    waiting, cover = cover_flows.named(mou), cover_flows.confirmed(mou, cover_flows.member("B AB"))
    alert_flows.delivered(mou)
    training_flows.offered()
    ours = at_the_desk(Client(), cover_flows.owner(mou.organisation))
    found = all_faults(
        open_page(ours),
        [
            lambda: reverse("mou:members", args=[mou.uuid]),
            lambda: reverse("mou:name_member", args=[mou.uuid]),
        ],
    )
    for one in (waiting, cover):
        client = at_the_desk(Client(), cover_flows.owner(one.organisation))
        pages = [reverse("mou_home"), reverse("mou:cover", args=[one.uuid])]
        found += all_faults(open_page(client), [lambda page=page: page for page in pages])
    assert found == []


def test_desk_has_no_fault(open_page) -> None:
    by = officer()
    page = open_page(at_the_desk(Client(), by))
    assert all_faults(page, [*OFFICE_PAGES, *admin_pages(by)]) == []


@pytest.mark.urls("tests.portal.kit")
def test_every_part_of_a_page_has_no_fault(open_page) -> None:
    assert all_faults(open_page(), ["kit", "kit_progress"]) == []


@pytest.mark.urls("tests.portal.kit")
def test_errors_take_the_focus_and_lead_to_their_inputs(open_page) -> None:
    page = open_page()
    page.goto(reverse("kit"))
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.title().startswith("Error:")
    assert page.evaluate(DEAD_LINKS) == []
    for label, id_ in (
        ("Who signs?", "id_signer_0"),
        ("flows", "id_flows_0"),
        ("Enter", "id_name"),
    ):
        page.locator(".govuk-error-summary a", has_text=label).first.click()
        expect(page.locator(f"#{id_}")).to_be_focused()
    assert [f for f in faults_of_shown(page) if f] == []


def faults_of_shown(page: Page) -> list[str]:
    """As `faults`, of the page as it stands after what was done on it."""
    violations = Axe().run(page, options=AXE).response["violations"]
    found = [f"{v['id']}: {n['html'][:160]}" for v in violations for n in v["nodes"]]
    page.set_viewport_size({"width": 320, "height": 640})
    return [*found, *page.console, *(["too wide"] if page.evaluate(WIDER) else [])]


@pytest.mark.urls("tests.portal.kit")
def test_password_can_be_shown_and_is_hidden_before_it_is_sent(open_page) -> None:
    page = open_page()
    page.goto(reverse("kit"))
    word = page.get_by_label("Password", exact=True)
    word.fill("secret")
    page.get_by_role("button", name="Show password").click()
    expect(word).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide password").click()
    expect(word).to_have_attribute("type", "password")


@pytest.mark.urls("tests.portal.kit")
def test_progress_is_followed_to_its_end(open_page) -> None:
    kit.asked.clear()
    page = open_page()
    page.goto(reverse("kit_progress"))
    expect(page.get_by_role("heading", name="Working")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text("2 of 3")
    expect(page.get_by_role("heading", name="Finished")).to_be_visible()


@pytest.mark.urls("tests.portal.kit")
def test_progress_refreshes_itself_without_script(open_page) -> None:
    kit.asked[:] = [1, 1]
    page = open_page(java_script_enabled=False)
    page.goto(reverse("kit_progress"))
    assert page.locator("noscript meta[http-equiv=refresh]").count() == 1
    expect(page.get_by_role("heading", name="Finished")).to_be_visible()


def test_keyboard_reaches_the_content_first_and_shows_where_it_is(open_page) -> None:
    page = open_page()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main-content")).to_be_focused()
    page.keyboard.press("Tab")
    shown = "() => getComputedStyle(document.activeElement).boxShadow != 'none'"
    assert page.evaluate(shown)


@pytest.mark.parametrize("width", [640, 1280])
def test_text_of_twice_the_size_stays_on_the_page(open_page, width: int) -> None:
    page = open_page(viewport={"width": width, "height": 800})
    for name in ("home", "cooperation", "account_login"):
        page.goto(reverse(name))
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate(WIDER) == 0, name
