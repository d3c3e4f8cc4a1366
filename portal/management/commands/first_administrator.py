"""Opens the desk of a new installation: one system administrator, who adds everybody else."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from portal import actions
from portal.errors import DomainError
from portal.models import StaffRole, User


class Command(BaseCommand):
    help = "Add the first system administrator; refused once there is one."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("name")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.holding(StaffRole.SYSTEM_ADMINISTRATOR).exists():
            raise CommandError("There is a system administrator already: ask them.")
        try:
            person = actions.add_staff(email=options["email"], name=options["name"], by=None)
            actions.grant_role(user=person, role=StaffRole.SYSTEM_ADMINISTRATOR, by=None)
        except DomainError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"A letter with the next step goes to {person.email}.")
