"""Loads the focus areas that come with the portal; run at every set-up and update."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from partners import focus_files


class Command(BaseCommand):
    help = "Loads partners/data/focus_area.toml; what officers changed stays as they left it."

    def handle(self, *args: Any, **options: Any) -> None:
        report = focus_files.load()
        self.stdout.write(f"Focus areas: {report['added']} added, {report['kept']} there already.")
