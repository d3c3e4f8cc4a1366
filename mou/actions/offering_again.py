"""Firms that declined are asked once more after a year, by the clock."""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from mou.actions import offers
from mou.actions.offers import is_due
from mou.lifecycle import OfferStatus
from mou.models import MouOffer
from portal.dates import add_months


def to_offer_again(day: date) -> list[MouOffer]:
    """Declined a year ago, nothing since, and the certificate still carries an agreement."""
    later = MouOffer.objects.filter(
        organisation=OuterRef("organisation"),
        programme=OuterRef("programme"),
        pk__gt=OuterRef("pk"),
    )
    declined = MouOffer.objects.filter(
        ~Exists(later),
        status=OfferStatus.DECLINED,
        answered_at__date__lte=add_months(day, -12),
    ).select_related("organisation", "programme", "trust_status")
    return [one for one in declined if one.trust_status is not None and is_due(one, day)]


def offer_again(*, declined: MouOffer) -> MouOffer:
    """Clock: a year after it declined, the firm is asked once more. May run twice."""
    return offers.offer(
        organisation=declined.organisation,
        programme=declined.programme,
        basis=declined.basis,
        trust_status=declined.trust_status,
        contact_email=declined.contact_email,
        contact_source=_("The offer of a year before"),
        by=None,
    )
