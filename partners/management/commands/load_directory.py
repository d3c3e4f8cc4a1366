"""Loads the directory that comes with the portal; run at every set-up and update."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from partners import directory_files


class Command(BaseCommand):
    help = "Loads partners/data/*.csv; what officers changed since stays as they left it."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = directory_files.load()
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(
            f"Directory: {report['added']} added, {report['updated']} updated, "
            f"{report['unchanged']} unchanged, {report['kept']} kept as officers changed them."
        )
