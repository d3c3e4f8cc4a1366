"""Says whether the audit record was altered; exits with 1 when it was."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.audit_verification import verify


class Command(BaseCommand):
    help = (
        "Checks every seal, sealed event and time stamp of the audit record. "
        "It vouches for sealed events only."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head",
            default="",
            help="a head that was printed earlier and noted elsewhere; it must still be there",
        )

    def handle(self, *args: Any, head: str, **options: Any) -> None:
        report = verify(expected_head=head)
        for finding in report.findings:
            self.stderr.write(self.style.ERROR(finding))
        self.stdout.write(
            f"{report.seals} seals, {report.sealed} events sealed, {report.expired} expired, "
            f"{report.unsealed} not yet sealed, {report.stamps} time stamps."
        )
        if report.stamped_until:
            self.stdout.write(f"Time-stamped until {report.stamped_until:%Y-%m-%d %H:%M} UTC.")
        if report.head:
            self.stdout.write(f"Head: {report.head}")
        if not report.good:
            self.stderr.write(self.style.ERROR("The audit record is NOT as it was sealed."))
            sys.exit(1)
        self.stdout.write("The sealed part of the audit record is as it was sealed.")
