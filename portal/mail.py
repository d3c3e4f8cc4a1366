"""Mail: rendering, sending once, and the folder that keeps it in development."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template import Context, Template
from django.template.loader import get_template
from django.utils import translation

from portal import files
from portal.models import Organisation, User

log = logging.getLogger(__name__)


def send(
    *,
    template: str,
    to: User | str,
    key: str,
    organisation: Organisation | None = None,
    **context: Any,
) -> None:
    """Send templates/<template>.{subject.txt,txt,html} in the receiver's language.

    The key names the message: sent twice, both copies carry the same Message-ID. Call it from
    an outbox handler, which is where it may fail and be tried again.
    """
    address = to.email if isinstance(to, User) else to
    language = _language(to, organisation)
    with translation.override(language):
        context = {
            "brand": settings.BRAND,
            "demonstration": settings.DEMONSTRATION,
            "mode": settings.MODE,
            "site_url": settings.SITE_URL,
            "language": language,
            "recipient": to if isinstance(to, User) else None,
            "organisation": organisation,
            **context,
        }
        mail = EmailMultiAlternatives(
            # One line, whatever a name in it holds: no header can be slipped in.
            subject=" ".join(_plain(f"{template}.subject.txt", context).split()),
            body=_plain(f"{template}.txt", context),
            to=[address],
            reply_to=[settings.BRAND["contact"]],
            headers={
                "Message-ID": message_id(key, address),
                "Auto-Submitted": "auto-generated",
                "Content-Language": language,
            },
        )
        mail.attach_alternative(get_template(f"{template}.html").render(context), "text/html")
    mail.send()


def message_id(key: str, address: str) -> str:
    """The same for the same key and receiver, and telling nothing of either."""
    digest = hashlib.sha256(f"{key}\n{address.lower()}".encode()).hexdigest()[:40]
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].partition("@")[2]
    return f"<{digest}@{domain}>"


def _language(to: User | str, organisation: Organisation | None) -> str:
    wanted = to.language if isinstance(to, User) else getattr(organisation, "language", "")
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _plain(name: str, context: dict[str, Any]) -> str:
    """A text template: what it shows is read as it stands, so nothing is escaped."""
    template: Template = get_template(name).template  # type: ignore[attr-defined]
    return template.render(Context(context, autoescape=False)).strip() + "\n"


class FolderBackend(BaseEmailBackend):
    """Keeps each message under var/mail, named by its Message-ID, so sent twice is kept once."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            message = mail.message()
            name = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:24]
            path = Path(settings.VAR) / "mail" / f"{name}.eml"
            if not path.exists():
                files.write_whole(path, [message.as_bytes()])
                log.info("Mail to %s: %s (%s)", ", ".join(mail.to), mail.subject, path)
        return len(email_messages)
