"""Runs a day's retention of exchanges, or says what it would do; loads missing rules."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from partners.actions import exchange_keeping, exchange_retaining


class Command(BaseCommand):
    help = "Review and erase exchanges by the rules of retention; once a day, resumed if broken."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="change no exchange")
        parser.add_argument("--load", action="store_true", help="only load the missing rules")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["load"]:
            self.stdout.write(f"{exchange_keeping.load_rules()} rules loaded.")
            return
        run = exchange_retaining.retain(
            day=timezone.localdate(), dry=options["dry_run"], seconds=float("inf")
        )
        for line in run.report():
            self.stdout.write(line)
