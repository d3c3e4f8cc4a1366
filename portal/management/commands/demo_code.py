"""Prints the present one-time code of a demonstration account; refused anywhere else."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal import second_factor
from portal.models import User


class Command(BaseCommand):
    help = "Print the one-time code that a demonstration account would type now."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION:
            raise CommandError("Codes are printed in demonstration mode only.")
        try:
            user = User.objects.get(email=options["email"].lower())
            code = second_factor.current_code(user)
        except User.DoesNotExist as error:
            raise CommandError(f"No account is called {options['email']}.") from error
        except Authenticator.DoesNotExist as error:
            raise CommandError(f"{options['email']} has no authenticator app.") from error
        self.stdout.write(code)
