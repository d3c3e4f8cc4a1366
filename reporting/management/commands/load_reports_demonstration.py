"""Makes the demonstration of the reports: keys first, then a report in every state."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import demonstration as people
from portal import demonstration_keys as desk
from portal.demonstration_registers import fill_registers
from portal.errors import DomainError
from reporting.demonstration.story import Story


class Command(BaseCommand):
    help = "Make the desk's keys and the demonstration's reports; refused outside demonstration."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--keys", action="store_true", help="the keys only")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            people.require_demonstration()
            if options["keys"]:
                self._keys()
            else:
                fill_registers()
                Story(self._say).tell()
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _keys(self) -> None:
        self._say("Desk passphrases, to unlock the desk at /admin/unlock/ after signing in")
        for email, passphrase in desk.make_keys().items():
            self._say(f"  {email:34}{passphrase}")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
