"""Mail: rendering, sending once, and the folder that keeps it in development."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class FolderBackend(BaseEmailBackend):
    """Keeps each message under var/mail, named by its Message-ID, so sent twice is kept once."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            message = mail.message()
            name = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:24]
            (Path(settings.VAR) / "mail" / f"{name}.eml").write_bytes(message.as_bytes())
        return len(email_messages)
