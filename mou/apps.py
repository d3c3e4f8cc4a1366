"""Registers the agreements with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from mou import deploy_checks  # noqa: F401 - registers its own


class MouConfig(AppConfig):
    name = "mou"
    verbose_name = _("Memoranda of Understanding")
