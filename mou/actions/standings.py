"""Who takes part now, written for the other apps: by an agreement of its own or as a member."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone

from mou.actions.alerts import promise_standing
from mou.lifecycle import CoverStatus, MouStatus
from mou.models import Cover, Mou
from portal.models import Standing


def follow(mou: Mou) -> None:
    """In the caller's transaction: the firm of this agreement and every member that it covers.

    What follows from other agreements of the same firms is kept.
    """
    members = Cover.objects.filter(mou=mou, status=CoverStatus.CONFIRMED)
    firms = {mou.organisation_id, *members.values_list("organisation_id", flat=True)}
    write(mou, firms)
    if mou.status == MouStatus.IN_FORCE:
        promise_standing(mou)


def lock(mous: list[int]) -> None:
    """The rows that follow from any of these agreements, in the order in which `write` locks them.

    For work that writes of several agreements, after it locked those: an association that somebody
    else suspends may share a member with each.
    """
    own = Mou.objects.filter(pk__in=mous).values("organisation")
    members = Cover.objects.filter(mou__in=mous, status=CoverStatus.CONFIRMED)
    firms = Q(organisation__in=own) | Q(organisation__in=members.values("organisation"))
    rows = Standing.objects.filter(firms).select_for_update(of=("self",))
    list(rows.order_by("organisation_id", "pk").values_list("pk"))


def write(mou: Mou, firms: Iterable[int]) -> None:
    """The standing of these firms under the programme, in six statements.

    The rows are locked before it is asked what they follow from: two agreements that cover one
    firm and end at once do not each take the other for being in force.
    """
    programme, firms = mou.programme.code, sorted(firms)
    now = timezone.now()
    Standing.objects.bulk_create(
        (Standing(organisation_id=firm, programme=programme, since=now) for firm in firms),
        ignore_conflicts=True,
    )
    rows = Standing.objects.filter(programme=programme, organisation__in=firms)
    known = list(rows.select_for_update(of=("self",)).order_by("organisation_id"))
    standing = _in_force(mou, firms)
    for value in (True, False):
        changed = [
            row.pk
            for row in known
            if (row.organisation_id in standing) is value and row.in_force is not value
        ]
        Standing.objects.filter(pk__in=changed).update(in_force=value, since=now)


def _in_force(mou: Mou, firms: list[int]) -> set[int]:
    own = Mou.objects.filter(
        programme=mou.programme_id, organisation__in=firms, status=MouStatus.IN_FORCE
    )
    covered = Cover.objects.in_force().filter(
        mou__programme=mou.programme_id, organisation__in=firms
    )
    return {
        *own.values_list("organisation_id", flat=True),
        *covered.values_list("organisation_id", flat=True),
    }
