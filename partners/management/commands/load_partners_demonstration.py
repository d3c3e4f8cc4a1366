"""Makes the demonstration of the partners: fictitious throughout, by the real actions."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from partners.demonstration import business, directory, exchanges, keeping, posts
from portal import demonstration as people
from portal import demonstration_keys
from portal.errors import DomainError


class Command(BaseCommand):
    help = "Make the demonstration of the partners; refused outside demonstration."

    def add_arguments(self, parser: CommandParser) -> None:
        text = "so many seconds for a firm's agreement that is being made at the same time"
        parser.add_argument("--wait", type=float, default=0, help=text)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            people.require_demonstration()
            directory.fill(self._say)
            keeping.tell(self._say)
            posts.man(self._say)
            exchanges.tell(self._say, demonstration_keys.unlocked(exchanges.OFFICER))
            business.tell(self._say, patience=options["wait"])
        except DomainError as error:
            raise CommandError(str(error)) from error

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
