"""Forms that arrive too late: what was typed comes back, to its own sender and to nobody else."""

from __future__ import annotations

import re
from html import unescape
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver, reverse

from portal.models import User
from tests.canary import Canaries, cells
from tests.factories import PASSWORD, MembershipFactory, UserFactory
from tests.partners import exchange_flows
from tests.people import at_the_desk
from tests.portal.test_origin import ELSEWHERE
from tests.reporting import cases

pytestmark = pytest.mark.django_db

OURS = {"Origin": "http://testserver"}
INVITE = {"email": "new@business.example", "role": "signatory"}
ASK = {"subject": "A trailer", "text": "Who collected\r\nthe <b>trailer</b>?"}


def fields(page: str) -> list[tuple[str, str]]:
    """What the form of this page would send, in its order."""
    form = page[page.rindex('<form method="post" autocomplete="off"') :]
    found = re.findall(
        r'<input type="hidden" name="([^"]*)" value="([^"]*)"'
        r'|<textarea[^>]* name="([^"]*)"[^>]*>\n(.*?)</textarea>',
        form,
        re.DOTALL,
    )
    return [(a or c, b or d) for a, b, c, d in found]


@pytest.fixture
def strict():
    return Client(enforce_csrf_checks=True)


def token(client: Client) -> str:
    """As a page that is open now carries it."""
    page = client.get("/accounts/password/reset/").text
    return re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]


def test_post_after_the_session_ended_comes_back_with_what_was_typed(client):
    answer = client.post("/accounts/", {"name": "Anna Lind", "language": "sv"}, headers=OURS)
    assert answer.status_code == 403
    assert answer["Cache-Control"] == "no-store"
    assert "You had been signed out" in answer.text
    assert dict(fields(answer.text)).items() >= {"name": "Anna Lind", "language": "sv"}.items()


def test_post_after_signing_in_again_is_taken_at_the_second_press(strict):
    """Signed out, signed in in another tab, and pressed “Send again” twice."""
    person = MembershipFactory(owner=True).user
    typed = {"name": "Anna O’Lind", "language": "sv", "csrfmiddlewaretoken": token(strict)}
    first = strict.post("/accounts/", typed, headers=OURS)
    sign_in = {"csrfmiddlewaretoken": token(strict)}
    strict.post(
        "/accounts/login/", {"login": person.email, "password": PASSWORD, **sign_in}, headers=OURS
    )
    second = strict.post("/accounts/", unescaped(fields(first.text)), headers=OURS)
    assert second.status_code == 403
    assert f"You are signed in as <strong>{person.name}</strong>" in second.text
    third = strict.post("/accounts/", unescaped(fields(second.text)), headers=OURS)
    assert third.status_code == 302
    assert User.objects.get(pk=person.pk).name == "Anna O’Lind"


def unescaped(found: list[tuple[str, str]]) -> dict[str, str]:
    return {unescape(name): unescape(value) for name, value in found}


@pytest.mark.parametrize("headers", [{}, *ELSEWHERE])
@pytest.mark.parametrize("signed_in", [True, False])
def test_post_from_elsewhere_brings_no_word_into_a_page_of_ours(strict, headers, signed_in):
    if signed_in:
        strict.force_login(MembershipFactory(owner=True).user)
    answer = strict.post("/accounts/", {"name": "planted words"}, headers=headers)
    assert answer.status_code == 403
    assert "planted" not in answer.text
    assert "Please send that again" in answer.text


@pytest.mark.parametrize("headers", [{}, *ELSEWHERE])
def test_post_of_a_stranger_without_our_page_is_led_to_the_login(client, headers):
    answer = client.post("/accounts/", {"name": "planted words"}, headers=headers)
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/accounts/")


def test_post_is_known_by_its_referer_where_the_browser_names_no_origin(client):
    ours = {"Referer": "http://testserver/accounts/"}
    assert client.post("/accounts/", {"name": "x"}, headers=ours).status_code == 403
    for other in ("http://testserver.evil.example/", "https://testserver/", "http://[::1", ""):
        answer = client.post("/accounts/", {"name": "x"}, headers={"Referer": other})
        assert answer.status_code == 302, other


def test_post_of_something_that_is_no_form_is_led_to_the_login(client):
    told = client.post("/accounts/", '{"a": 1}', content_type="application/json", headers=OURS)
    assert told.status_code == 302


def test_page_can_be_framed_by_nobody_and_runs_nothing(client):
    answer = client.post("/accounts/", {"name": "<script>alert(1)</script> x"}, headers=OURS)
    assert answer["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text


def test_names_and_values_with_markup_stay_what_they_were(client):
    name, value = '"><img src=x onerror="y">', '</textarea><b>"&amp; one\r\ntwo'
    answer = client.post("/accounts/", {name: value, f"{name}2": '"x"'}, headers=OURS)
    assert "<img" not in answer.text
    assert "<b>" not in answer.text.split("<form")[-1]
    sent = unescaped(fields(answer.text))
    assert sent[name].replace("\r\n", "\n") == value.replace("\r\n", "\n")
    assert sent[f"{name}2"] == '"x"'


def test_several_values_and_empty_ones_come_back_in_their_order(client):
    typed = {"role": ["b", "a", ""], "text": ["one word more", "\nsecond text"]}
    answer = client.post("/accounts/", typed, headers=OURS)
    found = [pair for pair in fields(answer.text) if pair[0] != "csrfmiddlewaretoken"]
    assert found == [
        *(("role", one) for one in ("b", "a", "")),
        *(("text", one) for one in typed["text"]),
    ]


def test_post_that_is_too_large_is_refused_as_any_other(client, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = client.post("/accounts/", {"name": "x" * 2000}, headers=OURS)
    assert answer.status_code == 400
    assert "xxx" not in answer.text


def test_post_with_too_many_fields_is_refused_as_any_other(client):
    answer = client.post("/accounts/", {f"f{n}": "x" for n in range(1100)}, headers=OURS)
    assert answer.status_code == 400


def test_button_that_is_pressed_too_late_is_only_pressed_again(strict):
    strict.force_login(MembershipFactory(owner=True).user)
    answer = strict.post("/accounts/logout/", headers=OURS)
    assert answer.status_code == 403
    assert "Not sent yet</h1>" in answer.text
    assert "What you typed waits" not in answer.text
    strict.post("/accounts/logout/", unescaped(fields(answer.text)), headers=OURS)
    assert "_auth_user_id" not in strict.session


# --- Secrets ----------------------------------------------------------------------------------


def secret_fields() -> list[tuple[str, tuple[str, ...]]]:
    """Fields of our forms, and of those we use, that nobody types twice; with their companions."""
    assert get_resolver().url_patterns  # every form is known
    found = set()
    for form in every(forms.BaseForm):
        if form.__module__.startswith("tests."):
            continue
        names = tuple(getattr(form, "base_fields", {}))
        for name, one in getattr(form, "base_fields", {}).items():
            hint = str(one.widget.attrs.get("autocomplete", ""))
            proof = hint in {"one-time-code", "current-password", "new-password"}
            if proof or isinstance(one.widget, forms.PasswordInput) or name == "credential":
                ours = "/mou/" if "passkey" in names else "/accounts/"
                found.add((name, (ours, *names)))
    return sorted(found)


def every(kind: type) -> set[type]:
    below = set(kind.__subclasses__())
    return below.union(*(every(one) for one in below))


def test_no_form_has_a_secret_that_would_be_shown_again(client):
    secrets = secret_fields()
    assert {name for name, _ in secrets} >= {"password", "code", "passphrase", "credential"}
    for name, (path, *names) in secrets:
        answer = client.post(path, dict.fromkeys(names, "a secret"), headers=OURS)
        assert answer.status_code == 403, path
        sent = dict(fields(answer.text))
        assert name not in sent, (name, path)
        assert "Passwords, codes and answers to challenges are not kept" in answer.text


def test_code_of_a_label_is_no_secret(client):
    answer = client.post("/admin/", {"code": "meat"}, headers=OURS)
    assert ("code", "meat") in fields(answer.text)


def test_answer_to_a_challenge_is_given_anew_and_the_rest_is_kept(strict):
    typed = {"name": "Firm & Son", "challenge_answer": "AB12", "challenge_stamp": "st"}
    answer = strict.post("/cooperation/interest/", typed, headers=OURS)
    assert answer.status_code == 403
    assert "did not keep our cookie" in answer.text
    assert "AB12" not in answer.text
    assert ("name", "Firm &amp; Son") in fields(answer.text)


def test_passphrase_that_is_typed_back_never_comes_back(strict):
    supervisor = UserFactory(supervisor=True)
    at_the_desk(strict, supervisor)
    answer = strict.post(
        "/admin/confirm-desk-key/", {"begins": "AAAAA-BBBBB-CCCCC", "last": "DDDDD"}, headers=OURS
    )
    assert answer.status_code == 403
    assert "AAAAA" not in answer.text


def test_post_that_asks_who_one_is_goes_on_once_that_is_proved(client):
    """allauth keeps such a form of one's own account in the session meanwhile."""
    person = MembershipFactory(owner=True).user
    client.force_login(person)
    typed = {"email": "later@business.example", "action_add": ""}
    asked = client.post("/accounts/email/", typed, headers=OURS)
    assert "/reauthenticate/" in asked.url
    answer = client.post(asked.url, {"password": PASSWORD}, headers=OURS)
    assert answer.status_code == 302
    assert EmailAddress.objects.filter(user=person, email="later@business.example").exists()


# --- Files ------------------------------------------------------------------------------------


def test_files_are_named_and_asked_for_again_once_signed_in(strict):
    person = MembershipFactory(owner=True).user
    file = SimpleUploadedFile("scan <1>.pdf", b"%PDF-1.7 the content")
    typed = {"text": "two words", "files": [file], "csrfmiddlewaretoken": "x" * 64}
    first = strict.post("/mou/", typed, headers=OURS)
    assert "scan &lt;1&gt;.pdf" in first.text
    assert "the content" not in first.text
    assert 'type="file"' not in first.text
    strict.force_login(person)
    again = {**unescaped(fields(first.text)), "csrfmiddlewaretoken": "y" * 64}
    second = strict.post("/mou/", again, headers=OURS)
    assert re.search(r'name="files" type="file"', second.text)
    assert "Choose this file again" in second.text
    assert 'enctype="multipart/form-data"' in second.text


def test_file_of_a_stranger_is_read_by_nobody(client, tmp_path, settings):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 10
    big = SimpleUploadedFile("big.pdf", b"%PDF-" + b"x" * 100_000)
    answer = client.post("/mou/", {"file": big}, headers=OURS)
    assert "big.pdf" in answer.text
    assert not list(tmp_path.iterdir())


# --- The desk ---------------------------------------------------------------------------------


def test_post_after_the_desk_locked_itself_comes_back_with_what_was_typed(desk):
    client = desk.unlocked(Client(), desk.officer)
    client.cookies.pop("desk")
    typed = {"kind": "container", "typed": "MSKU 123456-5", "reason": "a tip of the day"}
    answer = client.post("/admin/reporting/report/look-up/", typed, headers=OURS)
    assert answer.status_code == 403
    assert "no-store" in answer["Cache-Control"]
    assert "The desk had locked itself" in answer.text
    assert dict(fields(answer.text)).items() >= typed.items()
    client.post("/admin/unlock/", {"passphrase": desk.passphrases[desk.officer.pk]})
    again = client.post(
        "/admin/reporting/report/look-up/", unescaped(fields(answer.text)), headers=OURS
    )
    assert again.status_code == 200


def test_post_after_the_reason_has_run_out_comes_back_with_what_was_typed(desk):
    client = desk.unlocked(Client(), desk.officer)
    report, _told = cases.filed(files=(picture := cases.picture(),))
    address = reverse("admin:reporting_report_original", args=[report.pk, picture.id])
    answer = client.post(address, {"reason": "sent to the laboratory"}, headers=OURS)
    assert answer.status_code == 403
    opening = reverse("admin:reporting_report_open", args=[report.pk])
    assert f'href="{opening}"' in answer.text
    client.post(opening, {"reason": "first assessment"})
    again = client.post(address, unescaped(fields(answer.text)), headers=OURS)
    assert again.content == picture.original()[0]


def test_handing_out_a_file_of_an_exchange_waits_for_a_new_reason():
    cast = exchange_flows.cast()
    exchange = exchange_flows.drafted(cast)
    client = cast.desk.unlocked(Client(), cast.officer)
    address = reverse("admin:partners_exchange_file", args=[exchange.pk, uuid4()])
    answer = client.post(address, {"reason": "working on the case"}, headers=OURS)
    assert answer.status_code == 403
    assert ("reason", "working on the case") in fields(answer.text)


def test_what_was_typed_is_kept_nowhere(client, desk, caplog):
    caplog.set_level("DEBUG")
    words = Canaries()
    locked = at_the_desk(Client(), desk.officer)
    strict = Client(enforce_csrf_checks=True)
    for sender, path in [
        (client, "/mou/"),
        (strict, "/cooperation/interest/"),
        (locked, "/admin/reporting/report/look-up/"),
    ]:
        answer = sender.post(path, {"text": f"{words.new()} said"}, headers=OURS)
        assert words.mark in answer.text
    assert not words.trace(caplog.text.encode())
    assert not [where for where, data in cells() if words.trace(data)]
