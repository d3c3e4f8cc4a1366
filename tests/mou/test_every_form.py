"""Anything at all typed into any form of the agreements: an answer, never an error of ours.

No form is listed here. Each person walks through all pages that they are led to, and whatever
forms stand on these pages are filled; so a form that is new tomorrow is tried tomorrow.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from datetime import date

import pytest

from mou.actions import publicity, reviews, standing
from portal import reference_files
from tests.factories import UserFactory
from tests.form_walk import World, try_all
from tests.mou import flows, living
from tests.people import with_codes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("trust_service")]

OURS = re.compile(r"^/(mou|admin/mou|register|cooperation/interest|admin/$)")


def of_cast(cast: flows.Cast) -> World:
    with_codes(cast.signatory)
    firm = ["/mou/", f"/mou/offers/{cast.offer.uuid}/"]
    desk = ["/admin/mou/"]
    if cast.mou is not None:
        firm.append(f"/mou/{cast.mou.uuid}/")
        desk.append(f"/admin/mou/mou/{cast.mou.pk}/change/")
    return World(
        {
            "owner": (cast.owner, firm),
            "signatory": (cast.signatory, firm),
            "caseworker": (cast.caseworker, desk),
            "countersigner": (cast.countersigner, desk),
            "supervisor": (UserFactory(supervisor=True), desk),
        },
        OURS,
    )


def lived() -> World:
    """In force, suspended for a cause, under review and on the register."""
    cast = flows.archived()
    mou = cast.agreement
    publicity.publish(mou=mou, by=cast.owner)
    reviews.open_review(mou=mou, cause="yearly", due_on=date(2027, 1, 1))
    return of_cast(cast)


def suspended() -> World:
    cast = flows.archived()
    standing.suspend_for_cause(
        mou=cast.agreement, reason=living.WHY, until=None, by=cast.caseworker
    )
    return of_cast(cast)


def at(state: Callable[[], flows.Cast]) -> Callable[[], World]:
    return lambda: of_cast(state())


WORLDS: dict[str, Callable[[], World]] = {
    "offered": at(flows.offered),
    "accepted": at(flows.accepted),
    "surveyed": at(flows.surveyed),
    "drafted": at(flows.drafted),
    "proposed": at(flows.proposed),
    "sealed": at(flows.sealed),
    "signed": at(flows.signed),
    "lived": lived,
    "suspended": suspended,
}


@pytest.mark.parametrize("state", ["surveyed", "proposed", "lived"])
def test_anything_typed_into_any_form_is_answered(state):
    reference_files.load()
    assert try_all(WORLDS[state](), examples=12, seconds=600)


@pytest.mark.soak
@pytest.mark.parametrize("state", WORLDS)
def test_anything_typed_into_any_form_is_answered_time_after_time(state):
    reference_files.load()
    seconds = int(os.environ.get("SOAK_SECONDS", "3600")) * 0.3 / len(WORLDS)
    tried = try_all(WORLDS[state](), examples=400, seconds=seconds)
    print(f"{state}: {tried} forms")
    assert tried
