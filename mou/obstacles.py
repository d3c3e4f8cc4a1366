"""What stands in the way of offering a firm an agreement: one rule for every way to an offer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NoReturn

from django.db.models import Case, CharField, Exists, OuterRef, Value, When
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mou.lifecycle import OfferStatus
from mou.models import Mou, MouOffer, Outcome, Programme
from mou.models.agreements import ENDED
from portal.dates import add_months
from portal.errors import AlreadyDone, DomainError
from portal.models import Organisation

NONE = ""
OPEN = [OfferStatus.UNSENT, OfferStatus.SENT]


def whens(programme: Programme) -> list[When]:
    """For a query of firms, the strongest first. What has ended stands in nobody's way.

    A firm that declined is left alone for a year.
    """
    own = {"organisation": OuterRef("pk"), "programme": programme}
    offers = MouOffer.objects.filter(**own)
    mous = Mou.objects.filter(**own).exclude(status__in=ENDED)
    year_ago = add_months(timezone.localdate(), -12)
    declined = offers.filter(status=OfferStatus.DECLINED, answered_at__date__gt=year_ago)
    return [
        When(Exists(mous), then=Value(Outcome.AGREEMENT)),
        When(Exists(offers.filter(status=OfferStatus.ACCEPTED)), then=Value(Outcome.AGREEMENT)),
        When(Exists(offers.filter(status__in=OPEN)), then=Value(Outcome.OPEN)),
        When(Exists(declined), then=Value(Outcome.DECLINED)),
    ]


def obstacles(programme: Programme, firms: Iterable[int]) -> dict[int, str]:
    """Firm → what stands in the way of an offer to it; only firms of which something does."""
    case = Case(*whens(programme), default=Value(NONE), output_field=CharField())
    found = Organisation.objects.filter(pk__in=firms).annotate(obstacle=case)
    return dict(found.exclude(obstacle=NONE).values_list("pk", "obstacle"))


def demand_none(programme: Programme, firm: Organisation, *, asked: bool = False) -> None:
    """DomainError in words for an officer; a firm that `asked` itself may have declined before."""
    obstacle = obstacles(programme, [firm.pk]).get(firm.pk, NONE)
    if obstacle == Outcome.AGREEMENT:
        raise DomainError(
            _("%(firm)s has an agreement already, or one in preparation.") % {"firm": firm}
        )
    if obstacle == Outcome.OPEN:
        found = MouOffer.objects.filter(organisation=firm, programme=programme, status__in=OPEN)
        if (first := found.select_related("created_by").first()) is not None:
            tell_first(first)
    if obstacle == Outcome.DECLINED and not asked:
        raise DomainError(
            _(
                "%(firm)s declined an offer less than a year ago. It is offered one again a year "
                "after that, or as soon as it asks for one itself."
            )
            % {"firm": firm}
        )


def tell_first(offer: MouOffer) -> NoReturn:
    """AlreadyDone: the firm has this offer, since when, and who made it."""
    known = {
        "firm": offer.organisation,
        "name": offer.created_by,
        "time": date_format(timezone.localtime(offer.created_at), "j F Y, H:i"),
    }
    if offer.created_by is None:
        raise AlreadyDone(_("%(firm)s has an offer already, since %(time)s.") % known)
    raise AlreadyDone(
        _("%(name)s was first: %(firm)s has an offer already, since %(time)s.") % known
    )
