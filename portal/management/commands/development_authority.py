"""Runs the development authority's time stamps and revocation lists on loopback."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.authority import development
from portal.authority_service import Service


class Command(BaseCommand):
    help = "Serve time stamps and revocation lists for development; refused in production."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=settings.AUTHORITY_PORT)

    def handle(self, *args: Any, port: int, **options: Any) -> None:
        authority = development()
        try:
            service = Service(authority, port)
        except OSError as error:
            raise CommandError(
                f"Port {port} is taken: choose another with --port and set AUTHORITY_PORT to it."
            ) from error
        self.stdout.write(f"Development authority on {service.address}, marked DEVELOPMENT")
        try:
            service.serve_forever()
        except KeyboardInterrupt:
            self.stdout.write("Development authority stopped")
        finally:
            service.server_close()
