"""Runs a day's retention, or says what it would do; loads the rules that are missing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from reporting.actions import retaining, retention


class Command(BaseCommand):
    help = "Review and erase reports by the rules of retention; once a day, resumed if broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change no report")
        parser.add_argument("--load", action="store_true", help="only load the missing rules")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["load"]:
            self.stdout.write(f"{retention.load_rules()} rules loaded.")
            return
        run = retaining.retain(
            day=timezone.localdate(), dry=options["dry_run"], seconds=float("inf")
        )
        for line in run.report():
            self.stdout.write(line)
