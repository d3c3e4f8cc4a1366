"""How long a report is kept, on its page at the desk."""

from __future__ import annotations

from django import template

from portal.models import User
from reporting import permissions
from reporting.models import LegalHold, Report

register = template.Library()


@register.simple_tag
def live_hold(report: Report) -> LegalHold | None:
    return report.holds.filter(lifted_at=None).first()


@register.simple_tag
def sees_holds(user: User, report: Report) -> bool:
    return permissions.can_hold(user, report)
