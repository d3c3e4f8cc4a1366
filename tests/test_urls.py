"""Every address of the portal: closed to strangers unless it stands on one list."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from portal.models import StaffRole
from tests.factories import MembershipFactory, UserFactory
from tests.people import at_the_desk

pytestmark = pytest.mark.django_db

# The one list: what anybody may open without logging in, by name.
OPEN = {
    # about the portal
    "home": "the front page",
    "cooperation": "what the cooperation is",
    "accessibility": "the law asks for it",
    "privacy": "the law asks for it",
    "cookies": "the law asks for it",
    "brand_css": "the colours of the pages",
    "brand_icon": "the icon of the pages",
    "healthz": "the process answers",
    "readyz": "the process and its parts answer",
    # verification by anybody who holds a document
    "verify": "a stranger checks a document",
    "verify_token": "a stranger follows the QR code of a document",
    # asking for an agreement
    "interest": "any business may ask",
    "interest_sent": "what happens next",
    "interest_review": "by the letter with a refusal",
    # who has signed
    "register": "anybody reads who wants to be named",
    "register_csv": "the same as a file",
    "badge": "a stranger follows a badge",
    "badge_image": "the badge on a firm's own pages",
    # the directory of partners abroad
    "partners": "anybody reads what is public of it",
    "partners:partner": "anybody reads what is public of an entry",
    "partners:notices": "anybody reads what is public of opportunities",
    "partners:notice": "anybody reads what is public of opportunities",
    "partners:unsubscribe": "by the link of a letter",
    "partners:api": "how programs read the same",
    "partners:api_partners": "the same for programs",
    "partners:api_partner": "the same for programs",
    "partners:partners_csv": "the same as a file",
    "partners:contacts_csv": "the same as a file",
    "partners:card": "the same as a business card",
    "partners:contact_card": "the same as a business card",
    "partners:api_posts": "posts for programs",
    "partners:api_post": "a post for programs",
    "partners:posts_csv": "posts as a file",
    "partners:post_contacts_csv": "their contact points as a file",
    "partners:post_card": "a post as a business card",
    # posts abroad
    "partners:posts": "any business asks for an attaché",
    "partners:posts_map": "the same on a map",
    "partners:post": "one post",
    # forms that nobody logs in for
    "challenge:picture": "the picture of a challenge",
    "challenge:sound": "the same, spoken",
    "site_challenge:picture": "the picture of a challenge",
    "site_challenge:sound": "the same, spoken",
    # reporting: nobody logs in here
    "report": "whoever has something to report",
    "report_step": "a page of the report",
    "report_files": "its files",
    "report_check": "its last page",
    "report_receipt": "its receipt, by the draft's cookie",
    "report_done": "says thank you",
    "report_discard": "deletes one's own draft",
    "report_leave": "the quick exit",
    "report_time_left": "how long one's own draft is kept",
    "report_partner": "a pass from a firm's pages",
    "report_ours": "a firm's reports, by a pass",
    "inbox": "by the receipt",
    "inbox_message": "by the receipt",
    "inbox_files": "by the receipt",
    "inbox_leave": "by the receipt",
    # getting in
    "account_login": "logging in",
    "account_logout": "says goodbye",
    "account_inactive": "a closed account is told so",
    "account_signup": "closed without an invitation",
    "account_email_verification_sent": "look into your mailbox",
    "account_confirm_email": "a mailed link",
    "account_reset_password": "a forgotten password",
    "account_reset_password_done": "look into your mailbox",
    "account_reset_password_from_key": "a mailed link",
    "account_reset_password_from_key_done": "go and log in",
    "account_confirm_login_code": "sends to the login: such codes are not used",
    "mfa_authenticate": "between password and second factor",
    "mfa_login_webauthn": "logging in with a passkey",
    "recovery": "between password and second factor",
    "use_recovery": "between password and second factor",
    "invitation": "a mailed link",
    "admin:login": "sends to the login",
}

# What an open page may say to made-up ids; a part that does not answer makes /readyz say 503.
ANSWERS = (200, 302, 400, 404, 405, 410, 503)

# Anybody who is logged in may open these; every other address below /accounts/ is one's own.
SAMPLES = {
    "code": "a-code",
    "uuid": str(uuid.UUID(int=7)),
    "cover": str(uuid.UUID(int=7)),
    "token": "a-token",
    "key": "a-key",
    "uidb36": "1",
    "pk": "7",
    "object_id": "7",
    "file": str(uuid.UUID(int=7)),
    "line": str(uuid.UUID(int=7)),
    "proposal": str(uuid.UUID(int=7)),
    "app_label": "portal",
    "content_type_id": "7",
    "url": "some/page/",
    "path": "some/file",
}


def _walk(
    resolver: URLResolver, space: str = "", kwargs: frozenset[str] = frozenset()
) -> Iterator[tuple[str, set[str]]]:
    for entry in resolver.url_patterns:
        groups = kwargs | set(entry.pattern.regex.groupindex)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _walk(entry, inner, frozenset(groups))
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}" if entry.name else "", set(groups)


ADDRESSES = sorted(
    {(name, tuple(sorted(groups))) for name, groups in _walk(get_resolver())},
)


def _sample(name: str, groups: tuple[str, ...]) -> str:
    """An address of this name, with made-up parts that fit."""
    candidates = [SAMPLES.get(group, "7") for group in groups]
    for values in (candidates, [SAMPLES["uuid"]] * len(groups), ["x"] * len(groups)):
        try:
            return reverse(name, kwargs=dict(zip(groups, values, strict=True)))
        except NoReverseMatch:
            continue
    raise AssertionError(f"no address can be made for {name} with {groups}")


def test_every_address_has_a_name():
    # Django's own desk has two: its catch-all, and the old address of a record.
    nameless = [groups for name, groups in ADDRESSES if not name]
    assert nameless == [("object_id",), ("url",)] or nameless == [("object_id",)], nameless


def _answers(
    addresses: Iterable[tuple[str, tuple[str, ...]]], login: Callable[[Client], None] | None = None
) -> Iterator[tuple[str, str, HttpResponse]]:
    """What each address says to a reading and to a post; nothing of one is left for the next."""
    for name, groups in addresses:
        path = _sample(name, groups)
        with transaction.atomic():
            client = Client()
            if login:
                login(client)
            for method in (client.get, client.post):
                yield name, f"{method.__name__} {path}", method(path)
            transaction.set_rollback(True)


def test_open_an_address_as_a_stranger_leads_to_the_login_unless_listed():
    wrong = [
        (asked, answer.status_code)
        for name, asked, answer in _answers(address for address in ADDRESSES if address[0])
        if not (answer.status_code in ANSWERS if name in OPEN else _asks_to_log_in(answer))
    ]
    assert not wrong


def _asks_to_log_in(answer: HttpResponse) -> bool:
    return answer.status_code == 302 and (
        "/accounts/login/" in answer.url or "/admin/login/" in answer.url
    )


def test_list_of_open_addresses_names_only_addresses_that_exist():
    known = {name for name, _ in ADDRESSES}
    assert set(OPEN) <= known, set(OPEN) - known


def test_open_the_desk_as_a_firm_is_refused():
    owner = MembershipFactory(owner=True).user
    desk = [a for a in ADDRESSES if a[0].startswith("admin:") and a[0] != "admin:login"]
    wrong = [
        (asked, answer.status_code)
        for _, asked, answer in _answers(desk, lambda client: client.force_login(owner))
        if not _turns_away(answer)
    ]
    assert len(desk) > 100
    assert not wrong


def _turns_away(answer: HttpResponse) -> bool:
    if answer.status_code == 302:
        return answer.url == "/admin/" or "/login/" in answer.url or "/password/" in answer.url
    return answer.status_code in (403, 404)


def test_open_what_is_not_ones_own_is_not_found():
    """With made-up ids: nobody learns whether a thing exists."""
    owner = MembershipFactory(owner=True).user
    own = [
        a for a in ADDRESSES if all(a) and a[0] not in OPEN and ":" not in a[0].removeprefix("mou:")
    ]
    wrong = [
        (asked, answer.status_code)
        for _, asked, answer in _answers(own, lambda client: client.force_login(owner))
        if answer.status_code not in (404, 405) and not _asks_again(answer)
    ]
    assert len(own) > 40
    assert not wrong


def _asks_again(answer: HttpResponse) -> bool:
    """Passkeys are one's own as well, but first the password is asked for again."""
    return answer.status_code == 302 and "/reauthenticate/" in answer.url


@pytest.mark.parametrize(
    "name",
    [
        "refuse_recovery",
        "revoke_invitation",
        "accept_invitation",
        "use_recovery",
        "admin:portal_rolegrant_revoke_role",
        "admin:portal_user_close_account",
        "admin:portal_user_reopen_account",
        "admin:portal_invitation_revoke_invitation",
        "admin:portal_membership_end_membership",
        "admin:portal_recoveryrequest_refuse",
        "admin:portal_outboxmessage_retry",
    ],
)
def test_use_a_verb_takes_a_post(client, name):
    everybody = UserFactory(**{role.value: True for role in StaffRole})
    at_the_desk(client, everybody)
    groups = next(groups for known, groups in ADDRESSES if known == name)
    assert client.get(_sample(name, groups)).status_code == 405


def test_post_without_the_forms_own_token_is_refused():
    person = MembershipFactory(owner=True).user
    client = Client(enforce_csrf_checks=True)
    client.force_login(person)
    assert client.post("/accounts/", {"name": "Forged", "language": "en"}).status_code == 403


def test_whole_url_table_was_walked():
    assert {"site", "office"} <= settings.FACES
    names = {name for name, _ in ADDRESSES}
    assert {"admin:index", "mfa_index", "organisation", "home"} <= names
    assert len(names) > 60
