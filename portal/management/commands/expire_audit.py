"""Drops audit events past their time, whole sealed segments at once; run by the retention role."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from portal import audit_chain


class Command(BaseCommand):
    help = (
        "Drops the events of seals older than RETENTION_AUDIT_DAYS and keeps the seals. "
        "On PostgreSQL, run it with the DATABASE_URL of the retention role."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{audit_chain.expire()} audit events dropped.")
