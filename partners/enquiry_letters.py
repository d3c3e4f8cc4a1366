"""E-mails about enquiries: that there is something to read, never what, whose or which."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.models import Enquiry
from portal.letters import Letter
from portal.models import User


def enquiry_for_desk(enquiry_id: int, to_id: int) -> Letter | None:
    """To whoever answers for the post."""
    to = User.objects.filter(pk=to_id, is_active=True, is_staff=True).first()
    if to is None:
        return None
    return Letter(
        to=to,
        subject=_("A firm’s enquiry waits for you"),
        sentences=[_("There is something to read among the enquiries from firms.")],
        url=settings.OFFICE_URL + reverse("admin:partners_enquiry_change", args=[enquiry_id]),
        button=_("Open the enquiry"),
    )


def enquiry_for_firm(enquiry_id: int, to_id: int) -> Letter | None:
    """To the person who asked."""
    to = User.objects.filter(pk=to_id, is_active=True).first()
    enquiry = Enquiry.objects.filter(pk=enquiry_id, erased_at=None).first()
    if to is None or enquiry is None:
        return None
    return Letter(
        to=to,
        subject=_("News of your enquiry"),
        sentences=[_("There is something to read about your enquiry to one of our posts.")],
        url=settings.SITE_URL + reverse("partners:enquiry", args=[enquiry.uuid]),
        button=_("Read it"),
    )
