"""Mail: in the receiver's language, one line of subject, the same message when sent again."""

import copy
import email
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.core import mail as django_mail

from portal import mail
from setup.processes import free_port
from tests.factories import OrganisationFactory, UserFactory

TEMPLATES = {
    "test/offered.subject.txt": "{% load i18n %}{% translate 'Yes' %}\n  {{ firm }}\n",
    "test/offered.txt": "Dear {{ recipient.name }}, {{ firm }} at {{ site_url }}/accounts/login/",
    "test/offered.html": (
        "{% extends 'portal/emails/base.html' %}{% block heading %}{{ firm }}{% endblock %}"
    ),
}


@pytest.fixture(autouse=True)
def templates(settings, tmp_path):
    for name, text in TEMPLATES.items():
        path = tmp_path / "templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    changed = copy.deepcopy(settings.TEMPLATES)
    changed[0]["DIRS"].insert(0, tmp_path / "templates")
    settings.TEMPLATES = changed


@pytest.fixture
def folder(settings, tmp_path):
    settings.VAR = tmp_path
    settings.EMAIL_BACKEND = "portal.mail.FolderBackend"
    return tmp_path / "mail"


@pytest.fixture
def server(settings):
    """A real mail server on this machine, and what it received."""
    received: list[EmailMessage] = []

    class Keep(Message):
        def handle_message(self, message):
            received.append(message)

    controller = Controller(Keep(), hostname="127.0.0.1", port=free_port())
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = controller.hostname, controller.port
    settings.EMAIL_USE_TLS = False
    yield received
    controller.stop()


def offered(to="owner@business.example", key="offer:1", firm="Fish & Sons", **context):
    mail.send(template="test/offered", to=to, key=key, firm=firm, **context)


def test_send_carries_text_and_html_and_says_that_it_is_automatic(mailoutbox):
    offered()
    [sent] = mailoutbox
    [html] = sent.alternatives
    assert "Fish & Sons" in sent.body
    assert "Fish &amp; Sons" in html.content
    assert sent.reply_to == ["cooperation@customs.example"]
    assert sent.extra_headers["Auto-Submitted"] == "auto-generated"
    assert "<img" not in html.content


@pytest.mark.django_db
def test_send_speaks_the_language_of_the_receiver(mailoutbox):
    offered(to=UserFactory.build(language="sv"))
    offered(to="a@business.example", organisation=OrganisationFactory.build(language="nl"))
    offered(to="a@business.example")
    assert [sent.subject.split()[0] for sent in mailoutbox] == ["Ja", "Ja", "Yes"]
    assert [sent.extra_headers["Content-Language"] for sent in mailoutbox] == ["sv", "nl", "en"]


@pytest.mark.parametrize(
    "name",
    ["Fish\r\nBcc: thief@evil.example", "Fish\n\nBody", "Fish\x0bBcc: x", "Fish\u2028Bcc: x"],
)
def test_send_with_a_line_break_in_a_name_keeps_one_subject(server, name):
    offered(firm=name)
    [received] = server
    assert received["Bcc"] is None
    assert len(received.get_all("Subject")) == 1
    assert "\n" not in str(
        email.header.make_header(email.header.decode_header(received["Subject"]))
    )


@pytest.mark.parametrize("address", ["a@b.example\nBcc: thief@evil.example", "a@b.example\r\nX: y"])
def test_send_to_an_address_with_a_line_break_is_refused(server, address):
    with pytest.raises(ValueError, match="Invalid address"):
        offered(to=address)
    assert server == []


def test_send_again_is_the_same_message_for_each_receiver(mailoutbox):
    offered()
    offered()
    offered(key="offer:2")
    offered(to="member@business.example")
    ids = [sent.extra_headers["Message-ID"] for sent in mailoutbox]
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3
    assert all("offer" not in i and i.endswith("@customs.example>") for i in ids)


def test_send_reaches_a_real_server(server):
    offered(firm="Östra Frakt AB")
    [received] = server
    subject = str(email.header.make_header(email.header.decode_header(received["Subject"])))
    assert subject == "Yes Östra Frakt AB"
    assert received["To"] == "owner@business.example"
    assert {part.get_content_type() for part in received.walk()} == {
        "multipart/alternative",
        "text/plain",
        "text/html",
    }


def test_send_without_a_server_raises_so_that_the_outbox_tries_again(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    with pytest.raises(OSError, match="refused"):
        offered()


def test_folder_keeps_a_message_sent_twice_once(folder, caplog):
    caplog.set_level("INFO", logger="portal.mail")
    offered()
    offered()
    [path] = folder.iterdir()
    kept = email.message_from_bytes(path.read_bytes())
    assert kept["To"] == "owner@business.example"
    assert caplog.messages == [f"Mail to owner@business.example: Yes Fish & Sons ({path})"]


def test_folder_also_keeps_mail_of_other_senders(folder):
    for _ in range(2):
        django_mail.send_mail("Subject", "Text", None, ["a@b.example"])
    assert len(list(Path(folder).iterdir())) == 2
