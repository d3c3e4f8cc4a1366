"""Runs a day's retention of everything, or says what it would do; loads rules that are missing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from portal import expired


class Command(BaseCommand):
    help = "Review and erase whatever has had its time; the scheduler does the same in pieces."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change nothing, only count")
        parser.add_argument("--load", action="store_true", help="only load the missing rules")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["load"]:
            self.stdout.write(f"{expired.load_rules()} rules loaded.")
            return
        dry = options["dry_run"]
        self.stdout.write(f"{'To be done' if dry else 'Done'} on {timezone.localdate()}:")
        for name, what, number in expired.table(dry=dry):
            self.stdout.write(f"  {name:<24} {what:<32} {number:>8}")
