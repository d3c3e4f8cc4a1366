"""Offers and lists of certificates on the front page of the officers' desk."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from mou import permissions
from mou.lifecycle import BatchStatus, InterestStatus
from mou.models import (
    CertificateImport,
    ImportStatus,
    Interest,
    MouOffer,
    OfferBatch,
    TrustDecision,
)
from portal.models import User

register = template.Library()
UNDER_WAY = [BatchStatus.RUNNING, BatchStatus.PAUSED]


@register.simple_tag
def offer_queue(user: User) -> list[dict[str, Any]]:
    """What waits before there is an agreement: for caseworkers, and refusals for supervisors."""
    if not permissions.can_make_offer(user):
        return []
    again = _again(user)
    if not permissions.can_offer(user):
        return [again]
    compared = CertificateImport.objects.filter(status=ImportStatus.COMPARED)
    asked = reverse("admin:mou_interest_changelist")
    waiting = Interest.objects.filter(status=InterestStatus.RECEIVED)
    return [
        {
            "text": _("Firms that ask for an agreement"),
            "count": waiting.count(),
            "url": f"{asked}?status__exact={InterestStatus.RECEIVED}",
        },
        again,
        {
            "text": _("Offers without an address"),
            "count": MouOffer.objects.lacking_address().count(),
            "url": f"{reverse('admin:mou_mouoffer_changelist')}?waits=address",
        },
        {
            "text": _("Lists of certificates to apply or drop"),
            "count": compared.count(),
            "url": reverse("admin:mou_certificateimport_changelist"),
        },
        {
            "text": _("Batches of offers under way or paused"),
            "count": OfferBatch.objects.filter(status__in=UNDER_WAY).count(),
            "url": reverse("admin:mou_offerbatch_changelist"),
        },
        {
            "text": _("Decisions that could not take effect"),
            "count": TrustDecision.objects.held_up().count(),
            "url": f"{reverse('admin:mou_truststatus_changelist')}?decision=held_up",
            "urgent": True,
        },
    ]


def _again(user: User) -> dict[str, Any]:
    """Refusals of which a firm asks that somebody else looks again."""
    waiting = Interest.objects.filter(status=InterestStatus.UNDER_REVIEW).exclude(decided_by=user)
    asked = reverse("admin:mou_interest_changelist")
    return {
        "text": _("Refusals to look at again"),
        "count": waiting.count(),
        "url": f"{asked}?status__exact={InterestStatus.UNDER_REVIEW}",
    }
