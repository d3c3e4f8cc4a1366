"""Prints the SQL for the database roles of each face, the worker and retention."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from portal import database_roles


class Command(BaseCommand):
    help = (
        "Prints CREATE ROLE, GRANT and row security for PostgreSQL. Run it as the owner of the "
        "tables after every migration: manage.py database_roles | psql. Give each role its "
        r"password with \password; the roles themselves carry none."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--apply", action="store_true", help="Run it here and now instead.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            lines = list(database_roles.statements())
        except database_roles.Undecided as error:
            raise CommandError(str(error)) from error
        if options["apply"]:
            with transaction.atomic(), connection.cursor() as cursor:
                for line in lines:
                    cursor.execute(line)
            return
        self.stdout.write("BEGIN;")
        for line in lines:
            self.stdout.write(f"{line};")
        self.stdout.write("COMMIT;")
