"""Whether every holder of a certificate was offered an agreement (domain B7), holder by holder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mou.lifecycle import OfferStatus
from mou.models import ComponentState, Cover, Mou, MouOffer, TrustStatus
from mou.models.agreements import ENDED
from portal.models import Organisation

# What holds of a holder, the strongest first; the ones below the line are not covered.
STATES: dict[str, Any] = {
    "agreement": gettext_lazy("Has an agreement, or one in preparation"),
    "covered": gettext_lazy("Is covered by the agreement of its association"),
    "sent": gettext_lazy("Was offered one and has not answered"),
    "declined": gettext_lazy("Was offered one and declined"),
    "withdrawn": gettext_lazy("Was offered one that was taken back or has ended"),
    "sending": gettext_lazy("An offer is on its way"),
    "address": gettext_lazy("An offer waits for an address"),
    "none": gettext_lazy("No offer was made"),
}
UNCOVERED = ("sending", "address", "none")


@dataclass(frozen=True)
class Coverage:
    """How many holders are in each state, and the first of those that are not covered."""

    counts: list[tuple[str, int]]
    holders: int
    covered: int
    uncovered: list[Organisation]

    @property
    def share(self) -> str:
        return f"{100 * self.covered // self.holders} %" if self.holders else "–"


def holders() -> QuerySet[Any]:
    """Every firm with a certificate in effect, with its `state`."""
    in_effect = TrustStatus.objects.filter(
        Q(simplifications=ComponentState.VALID) | Q(security=ComponentState.VALID),
        organisation=OuterRef("pk"),
        effective_from__lte=timezone.localdate(),
    )
    mous = Mou.objects.filter(organisation=OuterRef("pk")).exclude(status__in=ENDED)
    offers = MouOffer.objects.filter(organisation=OuterRef("pk"))
    covers = Cover.objects.in_force().filter(organisation=OuterRef("pk"))

    def when(found: QuerySet[Any], state: str) -> When:
        return When(Exists(found), then=Value(state))

    state = Case(
        when(mous, "agreement"),
        when(covers, "covered"),
        when(offers.filter(status=OfferStatus.SENT), "sent"),
        when(offers.filter(status=OfferStatus.UNSENT, contact_verified_at=None), "address"),
        when(offers.filter(status=OfferStatus.UNSENT), "sending"),
        when(offers.filter(status=OfferStatus.DECLINED), "declined"),
        when(offers.filter(sent_at__isnull=False), "withdrawn"),
        default=Value("none"),
        output_field=CharField(),
    )
    return Organisation.objects.filter(Exists(in_effect)).annotate(state=state)


def coverage(shown: int = 100) -> Coverage:
    """Two statements, whatever the size of the register."""
    counted = holders().order_by().values_list("state").annotate(number=Count("pk"))
    found = dict(counted)
    lacking = holders().filter(state__in=UNCOVERED).order_by("legal_name", "pk")
    return Coverage(
        counts=[(str(text), found.get(code, 0)) for code, text in STATES.items()],
        holders=sum(found.values()),
        covered=sum(number for code, number in found.items() if code not in UNCOVERED),
        uncovered=list(lacking[:shown]),
    )


def rows() -> Iterator[list[str]]:
    """Every holder, for a file."""
    yield [_("Firm"), _("Country"), "EORI", _("State")]
    for firm in holders().order_by("legal_name", "pk").iterator(chunk_size=500):
        state = str(STATES[firm.state])
        yield [firm.legal_name, str(firm.country), firm.eori, state]


def words(firm: Organisation) -> str:
    """Why a holder counts as not covered."""
    return str(STATES[firm.state])  # type: ignore[attr-defined]
