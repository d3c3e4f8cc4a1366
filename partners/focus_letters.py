"""The e-mail to the owner of a focus area: that a report matches it, and nothing of the report."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.models import FocusArea
from portal.letters import Letter
from portal.models import User


def focus_area_matched(area_id: int, to_id: int) -> Letter | None:
    area = FocusArea.objects.filter(pk=area_id, owner=to_id).first()
    to = User.objects.filter(pk=to_id, is_active=True, is_staff=True).first()
    if area is None or to is None:
        return None
    return Letter(
        to=to,
        subject=_("A report matches a focus area"),
        sentences=[
            _("A report matches the focus area “%(name)s”.") % {"name": area.name},
            _("A country that the triage desk did not note was not compared."),
            _("This message says no more on purpose. Ask the triage desk when you need to know."),
        ],
        url=settings.OFFICE_URL + reverse("admin:index"),
        button=_("Open your desk"),
    )
