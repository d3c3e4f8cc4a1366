"""Brings the database, the reference lists and the static files to what the code needs."""

import os
from io import StringIO

import django
from django.conf import settings
from django.core.management import CommandError, call_command

from setup.steps import Stop, ending_well, step

# Sources, what PDFs and maps are drawn with, and a package's flags, which no page shows.
UNSERVED = ["*.scss", "*.ttf", "flags", "geo"]


def prepare() -> None:
    """One process for all of it: each would otherwise spend a second on starting."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    try:
        with step("Database"):
            call_command("migrate", interactive=False, verbosity=0)
            if not settings.REDIS_URL:
                call_command("createcachetable", verbosity=0)
        with step("Reference lists"):
            call_command("load_reference", verbosity=0)
            call_command("load_agreements", verbosity=0)
            call_command("load_directory", verbosity=0)
            call_command("load_instruments", verbosity=0)
            call_command("load_focus_areas", verbosity=0)
            call_command("load_registers", verbosity=0)
            call_command("retention", load=True, verbosity=0)
        # The demonstration makes its own, together with the people who hold them.
        if settings.MODE == "development":
            with step("Keys"):
                call_command("keys", "create", "--if-missing", stdout=StringIO())
        with step("Static files"):
            call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns=UNSERVED)
    except CommandError as error:
        raise Stop(str(error)) from error


if __name__ == "__main__":
    with ending_well():
        prepare()
