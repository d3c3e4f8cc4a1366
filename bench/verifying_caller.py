"""Verifies one signed document: way and number in, seconds out. For bench/verifying.py."""

from __future__ import annotations

import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from bench.document_worker import InProcess, ours  # noqa: E402
from mou import checks, keys, verification  # noqa: E402


def main() -> None:
    pdf, roots = ours(InProcess())(1), keys.roots()
    ways = {
        "apart": lambda: verification.verify_in_subprocess(pdf),
        "here": lambda: checks.verify(pdf, roots=roots),
    }
    # Only the same answer is compared.
    assert ways["apart"]() == ways["here"]()  # noqa: S101
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        way, count = line.split()
        begun = time.perf_counter()
        for _number in range(int(count)):
            ways[way]()
        print(json.dumps(time.perf_counter() - begun), flush=True)


if __name__ == "__main__":
    main()
