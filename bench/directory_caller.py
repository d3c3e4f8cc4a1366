"""A visitor and an officer at the directory in one process. Started by bench/directory.py."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from allauth.mfa.totp.internal import auth as totp  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from bench.many_partners import generate  # noqa: E402
from bench.visiting import answer_words, logged_in  # noqa: E402
from partners.models import ContactPoint, Partner, Post  # noqa: E402
from partners.visibility import Level  # noqa: E402
from portal import reference_files, second_factor  # noqa: E402
from portal.actions import staff  # noqa: E402
from portal.models import StaffRole, User  # noqa: E402

ROOT, DESK = "/partners/", "/admin/partners/"


def visits(anyone: Client, desk: Client) -> dict[str, Callable[[], Any]]:
    """What is measured; each call is one page that somebody waits for."""
    seen = Partner.objects.visible_at(Level.PUBLIC).order_by("name", "pk")
    deep = seen[seen.count() // 2]
    typed = deep.name.split()[-1]
    slip = typed[:3] + typed[4:]
    point = ContactPoint.objects.filter(partner=deep).order_by("pk")[0]
    # A post answers for it, at either size.
    country = str(Post.objects.order_by("pk")[0].host_country)
    return {
        "visitor: list": lambda: anyone.get(ROOT),
        "visitor: list, deep": lambda: anyone.get(ROOT, {"after": deep.code}),
        "visitor: list, a country": lambda: anyone.get(ROOT, {"country": country}),
        "visitor: list, a group": lambda: anyone.get(ROOT, {"group": "bench"}),
        "visitor: search, a name": lambda: anyone.get(ROOT, {"q": typed}),
        "visitor: search, a slip": lambda: anyone.get(ROOT, {"q": slip}),
        "visitor: search, in a tenth": lambda: anyone.get(ROOT, {"q": "tobacco"}),
        "visitor: search, in all": lambda: anyone.get(ROOT, {"q": "customs"}),
        "visitor: organisation": lambda: anyone.get(f"{ROOT}{deep.code}/"),
        "visitor: card of a desk": lambda: anyone.get(f"{ROOT}contacts/{point.uuid}/card.vcf"),
        "visitor: posts": lambda: anyone.get(f"{ROOT}posts/"),
        "visitor: finder": lambda: anyone.get(f"{ROOT}posts/", {"country": country}),
        "visitor: map": lambda: anyone.get(f"{ROOT}posts/map/"),
        "visitor: API, a hundred": lambda: anyone.get(f"{ROOT}api/partners/"),
        "visitor: API, one": lambda: anyone.get(f"{ROOT}api/partners/{deep.code}/"),
        "officer: search, a holder": lambda: desk.get(ROOT, {"q": f"{typed} holder"}),
        "officer: organisation": lambda: desk.get(f"{ROOT}{deep.code}/"),
        "desk: front page": lambda: desk.get("/admin/"),
        "desk: partners": lambda: desk.get(f"{DESK}partner/"),
        "desk: partners to confirm": lambda: desk.get(f"{DESK}partner/", {"waits": "due"}),
        "desk: partners, a name": lambda: desk.get(f"{DESK}partner/", {"q": deep.name}),
        "desk: contact points": lambda: desk.get(f"{DESK}contactpoint/"),
        "desk: one partner": lambda: desk.get(f"{DESK}partner/{deep.pk}/change/"),
        "desk: the next that is due": lambda: desk.get(f"{DESK}partner/due/", follow=True),
        "whole: partners.csv": lambda: anyone.get(f"{ROOT}download/partners.csv"),
        "whole: contacts.csv": lambda: desk.get(f"{ROOT}download/contacts.csv"),
    }


def prepared(count: int) -> dict[str, Callable[[], Any]]:
    call_command("migrate", verbosity=0)
    reference_files.load()
    officer = staff.add_staff(email="desk@customs.example", name="Bench", by=None)
    staff.grant_role(user=officer, role=StaffRole.LIAISON_OFFICER, by=None)
    second_factor.set_up_codes(officer, totp.generate_totp_secret())
    generate(count, keeper=officer)
    return visits(Client(), logged_in(User.objects.get(pk=officer.pk)))


if __name__ == "__main__":
    settings.ALLOWED_HOSTS = ["testserver"]
    answer_words(prepared(int(sys.argv[1])))
