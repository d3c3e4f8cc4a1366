"""Anything at all typed into any form of the partners: an answer, never an error of ours."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import pytest

from partners.models import ContactPoint
from portal import reference_files
from tests.factories import UserFactory
from tests.form_walk import World, try_all
from tests.partners import (
    directory_pages,
    enquiry_flows,
    exchange_flows,
    instrument_flows,
    post_flows,
)
from tests.partners import test_engagements as engagements
from tests.partners import test_notices as notices
from tests.partners.factories import ContactPointFactory, HolderFactory, InstrumentFactory

pytestmark = pytest.mark.django_db
OURS = re.compile(r"^/(partners|admin/partners|admin/$)")


def kept() -> World:
    """An organisation with all that belongs to it, and a post where somebody is posted."""
    officer = UserFactory(liaison_officer=True)
    directory_pages.partner()
    posting = post_flows.posted(post_flows.opened(officer, covers=["ID", "MY"]), officer)
    HolderFactory(contact_point=ContactPointFactory(partner=None, post=posting.post))
    point = ContactPoint.objects.exclude(partner=None).get()
    pages = [
        f"/admin/partners/{table}/{pk}/change/"
        for table, pk in (
            ("posting", posting.pk),
            ("post", posting.post_id),
            ("contactpoint", point.pk),
            ("partner", point.partner_id),
        )
    ]
    return World(
        {
            "officer": (officer, [*pages, "/admin/partners/"]),
            "firm": (enquiry_flows.partner_person(), ["/partners/posts/", "/partners/"]),
        },
        OURS,
    )


def helped() -> World:
    """What firms ask and are told, what officers meet for, and what binds us."""
    asked = enquiry_flows.asked_back()
    officer = asked.officer
    notice = notices.proposed(officer)
    notices.published(officer)
    held = engagements.held(officer)
    pages = [
        f"/admin/partners/{table}/{pk}/change/"
        for table, pk in (
            ("enquiry", asked.enquiry.pk),
            ("notice", notice.pk),
            ("engagement", held.pk),
            (
                "instrument",
                instrument_flows.end(InstrumentFactory(), instrument_flows.TODAY).instrument_id,
            ),
            ("instrumentchange", instrument_flows.new().pk),
        )
    ]
    added = [f"/admin/partners/{table}/" for table in ("focusarea", "instrument", "engagement")]
    firm = [
        f"/partners/enquiries/{asked.enquiry.uuid}/",
        "/partners/enquiries/",
        "/partners/notices/",
    ]
    return World(
        {
            "officer": (officer, [*pages, *added]),
            "supervisor": (UserFactory(supervisor=True), [*pages[1:], *added]),
            "firm": (asked.person, firm),
        },
        OURS,
    )


def exchanged() -> World:
    """A request that goes out and one that came in, before whoever holds the keys."""
    cast = exchange_flows.cast()
    out, came_in = exchange_flows.drafted(cast), exchange_flows.registered(cast)
    pages = ["/admin/partners/exchange/"]
    pages += [f"/admin/partners/exchange/{one.pk}/change/" for one in (out, came_in)]
    people = {"officer": (cast.officer, pages), "supervisor": (cast.supervisor, pages)}
    return World(people, re.compile(r"^/admin/partners/exchange/"), enter=cast.desk.unlocked)


WORLDS: dict[str, Callable[[], World]] = {"kept": kept, "helped": helped, "exchanged": exchanged}


@pytest.mark.parametrize("state", WORLDS)
def test_anything_typed_into_any_form_is_answered(state):
    reference_files.load()
    assert try_all(WORLDS[state](), examples=25, seconds=600)


@pytest.mark.soak
@pytest.mark.parametrize("state", WORLDS)
def test_anything_typed_into_any_form_is_answered_time_after_time(state):
    reference_files.load()
    seconds = int(os.environ.get("SOAK_SECONDS", "3600")) * 0.1 / len(WORLDS)
    tried = try_all(WORLDS[state](), examples=400, seconds=seconds)
    print(f"{state}: {tried} forms")
    assert tried
