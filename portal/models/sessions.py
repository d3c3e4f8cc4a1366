"""Session tables: one for each face, so that no face can read another's sessions."""

from __future__ import annotations

from django.contrib.sessions.base_session import AbstractBaseSession


class SiteSession(AbstractBaseSession):
    class Meta(AbstractBaseSession.Meta):
        db_table = "portal_session_site"


class OfficeSession(AbstractBaseSession):
    class Meta(AbstractBaseSession.Meta):
        db_table = "portal_session_office"


class IntakeSession(AbstractBaseSession):
    class Meta(AbstractBaseSession.Meta):
        db_table = "portal_session_intake"
