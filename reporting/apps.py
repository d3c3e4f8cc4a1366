"""Registers the reports with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = _("Suspicion reports")
    # First on the front page of the desk: somebody may be waiting within the hour.
    desk_place = 1
