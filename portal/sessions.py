"""The session store of the running face (design: each face has its own table)."""

from __future__ import annotations

from django.apps import apps
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone

_MODELS = {"site": "SiteSession", "office": "OfficeSession", "intake": "IntakeSession"}


class SessionStore(DatabaseStore):
    @classmethod
    def get_model_class(cls) -> type[AbstractBaseSession]:
        # All faces in one process is the development shape; it uses the site's table.
        return apps.get_model("portal", _MODELS.get(settings.FACE, "SiteSession"))


def clear_expired() -> None:
    """Forget the sessions of every face that have run out."""
    for name in _MODELS.values():
        model = apps.get_model("portal", name)
        model._default_manager.filter(expire_date__lt=timezone.now()).delete()
