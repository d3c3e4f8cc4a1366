"""A firm, an officer and a visitor in one process: a word in, the seconds of each answer out."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup()

from allauth.mfa.totp.internal import auth as totp  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from bench.many_agreements import generate  # noqa: E402
from bench.visiting import answer_words, logged_in  # noqa: E402
from mou import programme  # noqa: E402
from mou.actions import alerts  # noqa: E402
from mou.lifecycle import MouStatus  # noqa: E402
from mou.models import Alert, Mou, Programme  # noqa: E402
from portal import reference_files, second_factor  # noqa: E402
from portal.actions import staff  # noqa: E402
from portal.models import Membership, StaffRole, User  # noqa: E402
from portal.models.organisations import MembershipRole  # noqa: E402

DESK = "/admin/mou/mou/"
ALERT: dict[str, Any] = {
    "title": "Cigarettes among toys",
    "text": "Cartons stand in the middle of a load of toys.",
    "commodities": ["TOBACCO"],
    "expires_on": date(2040, 1, 1),
}


def visits(
    desk: Client, firm: Client, anyone: Client, chief: Client, mou: Mou
) -> dict[str, Callable[[], Any]]:
    """What is measured; each call is one page that somebody waits for."""
    newest = Mou.objects.order_by("-id")
    deep = newest[newest.count() // 2]
    name = deep.organisation.legal_name
    page, alert = f"/mou/{mou.uuid}/", Alert.objects.get()
    return {
        "firm: front page": lambda: firm.get("/mou/"),
        "firm: its agreement": lambda: firm.get(page),
        "firm: timeline": lambda: firm.get(f"{page}timeline/"),
        "desk: first page": lambda: desk.get(DESK),
        "desk: deep page": lambda: desk.get(DESK, {"after": str(deep.pk)}),
        "desk: in force": lambda: desk.get(DESK, {"status__exact": "in_force"}),
        "desk: with the firm": lambda: desk.get(DESK, {"status__exact": "negotiation"}),
        "desk: search by number": lambda: desk.get(DESK, {"q": deep.number}),
        "desk: search by name": lambda: desk.get(DESK, {"q": name}),
        "desk: one agreement": lambda: desk.get(f"{DESK}{mou.pk}/change/"),
        "desk: offers": lambda: desk.get("/admin/mou/mouoffer/"),
        "public: register": lambda: anyone.get("/register/"),
        "public: register, a name": lambda: anyone.get("/register/", {"q": name[-9:]}),
        "desk: front page": lambda: desk.get("/admin/"),
        "whole: figures": lambda: desk.get(f"{DESK}figures/"),
        "whole: coverage": lambda: desk.get("/admin/mou/mouoffer/coverage/"),
        # What a supervisor reads before approving it: goods compared with what each firm told.
        "whole: whom an alert reaches": lambda: chief.get(f"/admin/mou/alert/{alert.pk}/approve/"),
    }


def person(email: str) -> User:
    made = User.objects.create_user(email=email, name="Bench", password=None)
    second_factor.set_up_codes(made, totp.generate_totp_secret())
    return User.objects.get(pk=made.pk)


def prepared(count: int) -> dict[str, Callable[[], Any]]:
    call_command("migrate", verbosity=0)
    reference_files.load()
    programme.load()
    officer = _officer("desk@customs.example", StaffRole.CASEWORKER)
    chief = _officer("chief@customs.example", StaffRole.SUPERVISOR)
    generate(count, officer=officer, programme=Programme.objects.get(code="mou"))
    mou = Mou.objects.filter(status=MouStatus.IN_FORCE).order_by("id")[7]
    owner = person("owner@firms.example")
    Membership.objects.create(organisation=mou.organisation, user=owner, role=MembershipRole.OWNER)
    alert = alerts.write_alert(told=ALERT, by=officer)
    alerts.propose_alert(alert=alert, by=officer)
    return visits(logged_in(officer), logged_in(owner), Client(), logged_in(chief), mou)


def _officer(email: str, role: StaffRole) -> User:
    made = staff.add_staff(email=email, name="Bench", by=None)
    staff.grant_role(user=made, role=role, by=None)
    second_factor.set_up_codes(made, totp.generate_totp_secret())
    return User.objects.get(pk=made.pk)


def main() -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    answer_words(prepared(int(sys.argv[1])))


if __name__ == "__main__":
    main()
