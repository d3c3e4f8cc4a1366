"""Offers and lists of certificates on the front page of the officers' desk."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from mou import permissions
from mou.models import CertificateImport, ImportStatus, MouOffer
from portal.models import User

register = template.Library()


@register.simple_tag
def offer_queue(user: User) -> list[dict[str, Any]]:
    """What waits for a caseworker before there is an agreement."""
    if not permissions.can_offer(user):
        return []
    running = CertificateImport.objects.filter(
        status__in=[ImportStatus.WAITING, ImportStatus.RUNNING]
    )
    return [
        {
            "text": _("Offers without an address"),
            "count": MouOffer.objects.lacking_address().count(),
            "url": f"{reverse('admin:mou_mouoffer_changelist')}?waits=address",
        },
        {
            "text": _("Lists of certificates being read"),
            "count": running.count(),
            "url": reverse("admin:mou_certificateimport_changelist"),
        },
    ]
