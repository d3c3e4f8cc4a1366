"""Runs a day's retention, or says what it would do; loads the rules that are missing."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from reporting.actions import retaining, retention
from reporting.models import RetentionRun


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
        self._tell(run)

    def _tell(self, run: RetentionRun) -> None:
        self.stdout.write("Would be done:" if run.dry else "Done today:")
        for rule, counts in sorted(run.counts.items()):
            told = ", ".join(f"{what} {number}" for what, number in sorted(counts.items()))
            self.stdout.write(f"  {rule}: {told}")
        if not run.counts:
            self.stdout.write("  nothing")
