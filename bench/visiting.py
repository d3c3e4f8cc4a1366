"""Pages that a process of the bench visits: the queries of each, then a word in, seconds out."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from portal.models import User

Visits = Mapping[str, Callable[[], Any]]


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def counted(pages: Visits) -> dict[str, int]:
    """How many queries each page asks, once it was seen."""
    asked = {}
    for name, visit in pages.items():
        # What a process asks once and remembers is not asked for each page.
        visit()
        with CaptureQueriesContext(connection) as queries:
            found = visit()
        assert found.status_code == 200, (name, found.status_code)  # noqa: S101
        asked[name] = len(queries)
    return asked


def answer_words(pages: Visits) -> None:
    """“Name 20” on a line is answered with the seconds of so many visits."""
    print(json.dumps(counted(pages)), flush=True)
    for line in sys.stdin:
        name, times = line.rstrip().rsplit(" ", 1)
        taken = []
        for _time in range(int(times)):
            begun = time.perf_counter()
            pages[name]()
            taken.append(time.perf_counter() - begun)
        print(json.dumps(taken), flush=True)
