"""Says in words what the signatures of a file are worth."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from mou.verification import Verdict, verify_in_subprocess

VALID, NOT_VALID, UNREADABLE = 0, 1, 2


class Command(BaseCommand):
    help = "Check a document: exit code 0 when valid, 1 when not, 2 when it cannot be read."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            pdf = file.read_bytes()
        except OSError as error:
            self.stderr.write(f"{file}: {error.strerror}")
            sys.exit(UNREADABLE)
        found = verify_in_subprocess(pdf)
        self.stdout.write(found.headline)
        for sentence in found.sentences:
            self.stdout.write(f"- {sentence}")
        self.stdout.write(f"SHA-256 {found.sha256}")
        if found.verdict is Verdict.UNREADABLE:
            sys.exit(UNREADABLE)
        sys.exit(VALID if found.is_valid else NOT_VALID)
