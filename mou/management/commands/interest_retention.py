"""Erases expressions of interest whose time is over, or says how many there are."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from mou.actions import erasing
from mou.retention import rules


class Command(BaseCommand):
    help = "Erase what names people in expressions of interest, by the list interest_retention."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = erasing.erase_interests(dry=options["dry_run"])
        self.stdout.write("Would be erased:" if options["dry_run"] else "Erased:")
        for rule in rules():
            told = f"  {rule.code}, {rule.months} months ({rule.legal_basis})"
            self.stdout.write(f"{told}: {counts.get(rule.code, 0)}")
