"""Whom a batch would offer an agreement, and of the other holders why not; nothing is written."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone

from mou import obstacles
from mou.components import LIVE
from mou.lifecycle import BatchStatus, OfferStatus
from mou.models import (
    ComponentState,
    MouOffer,
    OfferBatch,
    OfferBatchLine,
    Outcome,
    Programme,
    TrustStatus,
)
from mou.models.trust import COMPONENTS
from portal.models import Membership, Organisation, User
from portal.models.organisations import MembershipRole


@dataclass(frozen=True)
class Chosen:
    """The holders that an officer looks at; whatever is empty chooses nobody out."""

    component: str = ""
    country: str = ""
    authority: str = ""
    granted_since: str = ""
    # Also those that were offered one before, and those of which no address is known.
    again: bool = False
    unaddressed: bool = False

    def stored(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Preview:
    """How many holders come to which outcome, and a mark by which a later look is compared."""

    counts: dict[str, int]
    seen: str

    @property
    def offered(self) -> int:
        return self.counts.get(Outcome.WAITING, 0)


def preview(programme: Programme, chosen: Chosen) -> Preview:
    """One statement, whatever the size of the register."""
    found = holders(programme, chosen).order_by().values_list("outcome")
    rows = {code: (many, ids) for code, many, ids in found.annotate(Count("pk"), Sum("pk"))}
    many, ids = rows.get(Outcome.WAITING, (0, 0))
    counts = {str(code): number for code, (number, _ids) in rows.items()}
    return Preview(counts=counts, seen=f"{many}-{ids}")


def holders(programme: Programme, chosen: Chosen, batch: OfferBatch | None = None) -> QuerySet[Any]:
    """Every firm that was chosen, with its `certificate`, `address` and `outcome`.

    For a batch that works the firms that wait in it do not count as another's.
    """
    held = _held(chosen)
    # No more than one of a firm, so the newest.
    valid = held.filter(_either(chosen, [ComponentState.VALID])).filter(
        effective_from__lte=timezone.localdate()
    )
    firms = Organisation.objects.filter(Exists(held))
    if chosen.country:
        firms = firms.filter(country=chosen.country)
    return firms.annotate(
        certificate=Subquery(valid.order_by("-effective_from", "-pk").values("pk")[:1]),
        address=_address(),
    ).annotate(outcome=_outcome(programme, chosen, batch))


def _held(chosen: Chosen) -> QuerySet[TrustStatus]:
    held = TrustStatus.objects.filter(_either(chosen, LIVE), organisation=OuterRef("pk"))
    if chosen.authority:
        held = held.filter(authority__iexact=chosen.authority)
    if chosen.granted_since:
        held = held.filter(effective_from__gte=date.fromisoformat(chosen.granted_since))
    return held


def _either(chosen: Chosen, states: Any) -> Q:
    """The half that was chosen in one of these states, or any half."""
    found = Q()
    for field in COMPONENTS[chosen.component or "F"]:
        found |= Q(**{f"{field}__in": states})
    return found


def _address() -> Coalesce:
    """Where the firm is written to: to its owner, else where an earlier offer went."""
    owners = Membership.objects.live().filter(
        organisation=OuterRef("pk"), role=MembershipRole.OWNER
    )
    earlier = MouOffer.objects.filter(
        organisation=OuterRef("pk"), contact_verified_at__isnull=False
    )
    return Coalesce(
        Subquery(owners.order_by("pk").values("user__email")[:1]),
        Subquery(earlier.order_by("-pk").values("contact_email")[:1]),
        Value(""),
        output_field=CharField(),
    )


def _outcome(programme: Programme, chosen: Chosen, batch: OfferBatch | None) -> Case:
    own = {"organisation": OuterRef("pk"), "programme": programme}
    offers = MouOffer.objects.filter(**own)
    elsewhere = OfferBatchLine.objects.filter(
        organisation=OuterRef("pk"),
        outcome=Outcome.WAITING,
        batch__programme=programme,
        batch__status__in=[BatchStatus.RUNNING, BatchStatus.PAUSED],
    )
    if batch is not None:
        # Whoever works first makes the offer; the other batch then finds it.
        elsewhere = elsewhere.none()
    officers = User.objects.filter(is_staff=True, email__iexact=OuterRef("address"))
    whens = [
        *obstacles.whens(programme),
        When(certificate=None, then=Value(Outcome.NOT_HELD)),
        When(Exists(elsewhere), then=Value(Outcome.BATCH)),
    ]
    if not chosen.again:
        ended = offers.filter(status=OfferStatus.ENDED)
        whens.append(When(Exists(ended), then=Value(Outcome.TAKEN)))
        whens.append(When(Exists(offers), then=Value(Outcome.BEFORE)))
    if not chosen.unaddressed:
        whens.append(When(address="", then=Value(Outcome.ADDRESS)))
    whens.append(When(Exists(officers), then=Value(Outcome.OFFICER)))
    return Case(*whens, default=Value(Outcome.WAITING), output_field=CharField())
