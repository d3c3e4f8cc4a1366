"""An officer at one desk: a word in, the seconds of each answer out. Started by bench/triage.py."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402

from bench.desk import officer  # noqa: E402
from bench.many_reports import generate  # noqa: E402
from bench.visiting import answer_words  # noqa: E402
from reporting import links  # noqa: E402
from reporting.models import Report  # noqa: E402

LIST = "/admin/reporting/report/"
CONTAINER = "CSQU3054383"
REASON = "Measured by the bench"


def visits(client: Client) -> dict[str, Callable[[], Any]]:
    """What is measured; each call is one page that an officer waits for."""
    reports = Report.objects.order_by("-id")
    deep = reports[reports.count() // 2].pk
    reference = reports[reports.count() // 3].reference
    found = {"kind": "container", "typed": CONTAINER, "reason": REASON}
    look_up = reverse("admin:reporting_report_look_up")
    return {
        "first page": lambda: client.get(LIST),
        "deep page": lambda: client.get(LIST, {"after": str(deep)}),
        "filter: new": lambda: client.get(LIST, {"queue": "new"}),
        "filter: closed": lambda: client.get(LIST, {"status": "closed"}),
        "filter: mine": lambda: client.get(LIST, {"queue": "mine"}),
        "search: reference": lambda: client.get(LIST, {"q": reference}),
        "search: begins with": lambda: client.get(LIST, {"q": reference[:6]}),
        "search: container": lambda: client.post(look_up, found),
        "front page": lambda: client.get("/admin/"),
    }


def main() -> None:
    count = int(sys.argv[1])
    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    user, passphrase, unlocked = officer()
    digest = links.digest(unlocked.index, "container", CONTAINER)
    generate(count, officer_id=user.pk, digest=digest)
    client = Client()
    client.force_login(user)
    client.post("/admin/unlock/", {"passphrase": passphrase})
    answer_words(visits(client))


if __name__ == "__main__":
    main()
