"""Registers the agreements with Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MouConfig(AppConfig):
    name = "mou"
    verbose_name = _("Memoranda of Understanding")
    # What the site's database role may do here (`manage.py database_roles`): a firm answers,
    # accepts and signs; what it answers to is written by the office and the workers.
    site_rights = {
        "mou_programme": "SELECT",
        "mou_template": "SELECT",
        "mou_clause": "SELECT",
        "mou_trustscheme": "SELECT",
        "mou_truststatus": "SELECT",
        "mou_statusevent": "SELECT",
        "mou_document": "SELECT",
        "mou_mouoffer": "SELECT, UPDATE",
        "mou_mou": "SELECT, INSERT, UPDATE",
        "mou_mouversion": "SELECT, UPDATE",
        "mou_acceptance": "SELECT, INSERT, DELETE",
        "mou_signature": "SELECT, INSERT, UPDATE",
    }
