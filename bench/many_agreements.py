"""Makes a great many agreements straight in the tables: what lists, figures and pages read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from mou.lifecycle import MouStatus, OfferStatus, SurveyStatus
from mou.models import Answer, Basis, FlowSurvey, Listing, Mou, MouOffer, Programme
from mou.models.agreements import ENDED
from mou.models.publicity import folded
from mou.questionnaire import NEWEST
from portal import audit
from portal.models import Organisation, Standing, User

BATCH = 1000
# Most of them in force, as in a programme that has run for years; a few at every other status.
STATUSES = (
    *[MouStatus.IN_FORCE] * 13,
    MouStatus.PREPARATION,
    MouStatus.NEGOTIATION,
    MouStatus.READY,
    MouStatus.SUSPENDED,
    MouStatus.TERMINATED,
    MouStatus.EXPIRED,
    MouStatus.WITHDRAWN,
)
SIGNED = {MouStatus.IN_FORCE, MouStatus.SUSPENDED, MouStatus.TERMINATED, MouStatus.EXPIRED}
# Every second firm deals in tobacco; a third of them has told of no goods at all.
GOODS = ("95", "2402.20")


def generate(count: int, *, officer: User, programme: Programme) -> None:
    """So many firms, each with an offer that was accepted and its agreement."""
    for start in range(0, count, BATCH):
        _batch(range(start, min(start + BATCH, count)), officer, programme)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _batch(numbers: range, officer: User, programme: Programme) -> None:
    firms = _made(Organisation, numbers, _firm)
    by_number = dict(zip(numbers, firms, strict=True))
    offers = _made(MouOffer, numbers, lambda n: _offer(n, by_number[n], programme))
    accepted = dict(zip(numbers, offers, strict=True))
    mous = _made(Mou, numbers, lambda n: _agreement(n, accepted[n], officer))
    agreed = dict(zip(numbers, mous, strict=True))
    audit.record_all("offer_accepted", targets=mous, by=None)
    live = [n for n in numbers if agreed[n].status == MouStatus.IN_FORCE]
    _made(Standing, live, lambda n: _standing(agreed[n]))
    _made(Listing, [n for n in live if n % 2], lambda n: _listing(agreed[n], officer))
    told = [n for n in live if n % 3]
    surveys = _made(FlowSurvey, told, lambda n: _survey(agreed[n], officer))
    of = dict(zip(told, surveys, strict=True))
    _made(Answer, told, lambda n: _answer(of[n], "C16", [{"chapter": GOODS[n % 2]}], officer))
    _made(Answer, told, lambda n: _answer(of[n], "C17", ["none"], officer))


def _made(model: Any, numbers: Any, make: Callable[[int], Any]) -> list[Any]:
    return list(model.objects.bulk_create([make(number) for number in numbers]))


def _firm(number: int) -> Organisation:
    return Organisation(legal_name=f"Nordhav Åkeri nr {number:06} AB", country="SE", eori="")


def _offer(number: int, firm: Organisation, programme: Programme) -> MouOffer:
    status = STATUSES[number % len(STATUSES)]
    at = timezone.now() - timedelta(hours=number)
    return MouOffer(
        organisation=firm,
        programme=programme,
        basis=Basis.INTEREST,
        status=OfferStatus.ENDED if status in ENDED else OfferStatus.ACCEPTED,
        contact_email=f"firm{number}@firms.example",
        contact_source="Measured by the bench",
        contact_verified_at=at,
        created_at=at,
        sent_at=at,
    )


def _agreement(number: int, offer: MouOffer, officer: User) -> Mou:
    status = STATUSES[number % len(STATUSES)]
    at = timezone.now() - timedelta(hours=number)
    return Mou(
        number=f"MOU-{number:06}",
        organisation=offer.organisation,
        programme=offer.programme,
        offer=offer,
        status=status,
        caseworker=officer if number % 500 == 0 else None,
        created_at=at,
        in_force_at=at if status in SIGNED else None,
        ends_on=date(2040, 1, 1) if status in SIGNED else None,
        next_review_on=date(2039, 1, 1) if status in SIGNED else None,
        ended_at=at if status in ENDED else None,
    )


def _standing(mou: Mou) -> Standing:
    return Standing(organisation=mou.organisation, programme=mou.programme.code, in_force=True)


def _listing(mou: Mou, officer: User) -> Listing:
    name = folded(mou.organisation.legal_name)
    return Listing(mou=mou, given_by=officer, name_folded=name)


def _survey(mou: Mou, officer: User) -> FlowSurvey:
    return FlowSurvey(mou=mou, version=NEWEST, status=SurveyStatus.ACCEPTED, begun_by=officer)


def _answer(survey: FlowSurvey, code: str, value: Any, officer: User) -> Answer:
    return Answer(survey=survey, code=code, state="given", value=value, changed_by=officer)
