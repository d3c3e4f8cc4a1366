"""Member firms by two at once: one place a firm, and a standing that is never too much."""

from __future__ import annotations

import pytest

from mou.actions import covers, standing
from mou.lifecycle import CoverStatus
from mou.models import Cover
from portal.errors import DomainError, InvalidTransition
from portal.models import Standing
from tests.factories import UserFactory
from tests.mou.cover_flows import association, confirmed, member, named, owner
from tests.mou.test_import_races import together

pytestmark = pytest.mark.django_db(transaction=True)


def tried(act, refused):
    """Do it; what is refused because another was first is counted and no fault."""

    def one():
        try:
            act()
        except (DomainError, InvalidTransition) as error:
            refused.append(error)

    return one


def stands(firm) -> bool:
    return Standing.objects.get(organisation=firm, programme="mou").in_force


def test_two_agreements_that_cover_one_firm_fall_at_once_and_nothing_is_left():
    firm, officer = member(), UserFactory(caseworker=True)
    mous = [confirmed(association(f"Association {n}"), firm).mou for n in range(2)]
    assert stands(firm)

    def suspend(mou):
        standing.suspend_for_cause(mou=mou, reason="A breach.", until=None, by=officer)

    together(*[lambda mou=mou: suspend(mou) for mou in mous])

    assert not stands(firm)


def test_two_people_name_one_firm_at_once_and_it_has_one_place():
    mou, firm = association(), member()
    refused: list[Exception] = []
    together(*[tried(lambda: named(mou, firm), refused)] * 2)
    assert (Cover.objects.count(), len(refused)) == (1, 1)


def test_confirm_while_the_association_takes_the_firm_off():
    cover = named()
    refused: list[Exception] = []
    firm, ours = owner(cover.organisation), owner(cover.mou.organisation)
    together(
        tried(lambda: covers.confirm_cover(cover=cover, by=firm), refused),
        tried(lambda: covers.remove_member(cover=cover, by=ours), refused),
    )
    assert Cover.objects.get().status == CoverStatus.REMOVED
    assert not Standing.objects.filter(organisation=cover.organisation, in_force=True).exists()


def test_confirm_while_the_agreement_is_suspended_at_the_same_moment():
    cover, officer = named(), UserFactory(caseworker=True)
    firm = owner(cover.organisation)
    together(
        lambda: covers.confirm_cover(cover=cover, by=firm),
        lambda: standing.suspend_for_cause(
            mou=cover.mou, reason="A breach.", until=None, by=officer
        ),
    )
    assert not stands(cover.organisation)
