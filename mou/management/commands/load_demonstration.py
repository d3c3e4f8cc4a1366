"""Makes the demonstration by the real pipeline: accounts first, then firms with progress."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from mou import demonstration, programme
from mou import tasks as agreement_tasks
from mou.demonstration.story import Story
from portal import demonstration as people
from portal import tasks as kernel_tasks
from portal.errors import DomainError

# Their handlers do the work that is promised here before the workers are up.
HANDLERS = (agreement_tasks, kernel_tasks)


class Command(BaseCommand):
    help = "Make the demonstration's accounts and firms; refused outside demonstration mode."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--accounts", action="store_true", help="the accounts only")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            people.require_demonstration()
            if options["accounts"]:
                self._accounts()
            else:
                rows = demonstration.import_firms(self._say)
                Story(rows, self._say).tell()
        except (DomainError, TimeoutError) as error:
            raise CommandError(str(error)) from error

    def _accounts(self) -> None:
        programme.load()
        officers = people.add_staff()
        demonstration.first_firm(lambda line: None)
        emails = [
            demonstration.OWNER,
            *(email for email, _name, _role in demonstration.COLLEAGUES),
            *(officer.email for officer in officers),
        ]
        self._say(f"Accounts, all with the password {people.PASSWORD}")
        self._say(f"{'':36}secret for an authenticator app")
        for email in emails:
            self._say(f"  {email:34}{people.code_secret(email)}")
        self._say(
            "  a code now: PORTAL_MODE=demonstration .venv/bin/python manage.py demo_code EMAIL"
        )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
