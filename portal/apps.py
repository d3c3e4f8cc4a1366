"""Registers the kernel with Django."""

from django.apps import AppConfig
from django.conf import settings
from django.contrib.admin.apps import AdminConfig
from django.utils.translation import gettext_lazy as _

from portal import checks, quiet  # noqa: F401 - checks registers its own


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = _("People, organisations and records")
    desk_place = 10

    def ready(self) -> None:
        quiet.listen()


class DeskConfig(AdminConfig):
    """Django's admin, with the officers' desk as its one site."""

    default_site = "portal.desk.Desk"

    def ready(self) -> None:
        # Elsewhere nobody works at a desk, and nothing that opens what is sealed is imported.
        if "office" in settings.FACES:
            super().ready()
