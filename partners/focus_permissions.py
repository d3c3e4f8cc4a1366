"""Who keeps focus areas, who reads them, and who may own one."""

from __future__ import annotations

from django.db.models import QuerySet

from partners.models import FocusArea
from portal.models import StaffRole, User

# Whoever looks at reports or works with partners knows what is watched for.
READERS = (StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR, StaffRole.TRIAGE_OFFICER)


def can_read_focus_areas(user: User) -> bool:
    return user.has_role(*READERS) and not user.has_role(StaffRole.SYSTEM_ADMINISTRATOR)


def can_define_focus_area(user: User) -> bool:
    liaison = user.has_role(StaffRole.LIAISON_OFFICER)
    return liaison and not user.has_role(StaffRole.SYSTEM_ADMINISTRATOR)


def can_edit_focus_area(user: User, area: FocusArea) -> bool:
    return can_define_focus_area(user)


def owners() -> QuerySet[User]:
    """Whom `can_own` allows, in one question to the database."""
    held = {"grants__role__in": READERS, "grants__revoked_at": None}
    administrators = User.objects.holding(StaffRole.SYSTEM_ADMINISTRATOR)
    people = User.objects.filter(is_active=True, is_staff=True, **held).distinct()
    return people.exclude(pk__in=administrators.values("pk"))


def can_own(user: User) -> bool:
    """Who is told of matches is somebody who may read the area."""
    return user.is_active and can_read_focus_areas(user)
