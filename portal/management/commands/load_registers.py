"""Loads the shipped register of processing; officers' changes stay."""

from typing import Any

from django.core.management.base import BaseCommand

from portal import activities


class Command(BaseCommand):
    help = "Load the register of processing that the portal is shipped with."

    def handle(self, *args: Any, **options: Any) -> None:
        report = activities.load()
        self.stdout.write(", ".join(f"{count} {what}" for what, count in sorted(report.items())))
