"""The session store of the running face (design: each face has its own table)."""

from __future__ import annotations

from datetime import datetime

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

from portal.expired import drop

_MODELS = {"site": "SiteSession", "office": "OfficeSession", "intake": "IntakeSession"}


class SessionStore(DatabaseStore):
    """Django's, which also knows when it ends: pages warn of that (WCAG 2.2.1)."""

    ends: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        # All faces in one process is the development shape; it uses the site's table.
        return apps.get_model("portal", _MODELS.get(settings.FACE, "SiteSession"))

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        row: AbstractBaseSession | None = super()._get_session_from_db()  # type: ignore[misc]
        self.ends = row.expire_date if row is not None else None
        return row

    def seconds_left(self) -> int:
        """Until it ends if nothing is written to it; of one that was just written, all of them."""
        if self.modified or self.ends is None:
            return int(self.get_expiry_age())
        return max(0, int((self.ends - timezone.now()).total_seconds()))


def clear_expired(*, dry: bool = False) -> int:
    """Forget the sessions of every face that have run out."""
    kept = [apps.get_model("portal", name)._default_manager for name in _MODELS.values()]
    now = timezone.now()
    return sum(drop(sessions.filter(expire_date__lt=now), dry=dry) for sessions in kept)
