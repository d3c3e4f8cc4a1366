"""Registers the agreements with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MouConfig(AppConfig):
    name = "mou"
    verbose_name = _("Memoranda of Understanding")
