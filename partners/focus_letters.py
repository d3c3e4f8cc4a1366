"""The e-mail to the owner of a focus area: that a report matches it, and nothing of the report."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from partners.focus_permissions import can_own
from partners.models import FocusArea
from portal.letters import Letter
from portal.models import User


def focus_area_matched(area_id: int, to_id: int) -> Letter | None:
    return _letter(
        area_id,
        to_id,
        _("A report matches a focus area"),
        _("A report matches the focus area “%(name)s”."),
        _("A country that the triage desk did not note was not compared."),
    )


def focus_area_certain(area_id: int, to_id: int) -> Letter | None:
    return _letter(
        area_id,
        to_id,
        _("A match with a focus area is certain"),
        _("A report that you were told of matches the focus area “%(name)s” for certain."),
        _("The countries that were missing are noted by now."),
    )


def _letter(area_id: int, to_id: int, subject: str, matches: str, countries: str) -> Letter | None:
    area = FocusArea.objects.filter(pk=area_id, owner=to_id).first()
    to = User.objects.filter(pk=to_id).first()
    if area is None or to is None or not can_own(to):
        return None
    return Letter(
        to=to,
        subject=subject,
        sentences=[
            matches % {"name": area.name},
            countries,
            _("This message says no more on purpose. Ask the triage desk when you need to know."),
        ],
        url=settings.OFFICE_URL + reverse("admin:index"),
        button=_("Open your desk"),
    )
