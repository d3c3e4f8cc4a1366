"""What posts abroad wait for, on a firm’s front page."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.lifecycle import EnquiryStatus
from partners.models import Enquiry
from portal.models import User

register = template.Library()
# More than these are found on the page of the enquiries.
MOST = 20


@register.simple_tag
def and_letters_of_posts(tasks: list[dict[str, str]], user: User) -> list[dict[str, str]]:
    """These tasks, and each enquiry of the reader's firms about which a post asks back."""
    asked = Enquiry.objects.visible_to(user).filter(status=EnquiryStatus.ASKED_BACK)
    return tasks + [
        {
            "text": _("Answer what the post asks you"),
            "url": reverse("partners:enquiry", args=[one.uuid]),
            "hint": f"{one.subject}, {one.reference}",
            "status": _("Your turn"),
            "colour": "yellow",
        }
        for one in asked.order_by("pk")[:MOST]
    ]
