"""Loads the programme, the trust scheme and the templates that are not there yet."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from mou import programme
from portal.errors import DomainError


class Command(BaseCommand):
    help = "Load the programme, trust scheme and templates that are not there yet."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines = programme.load()
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("\n".join(f"Loaded {line}." for line in lines) or "All is there already.")
