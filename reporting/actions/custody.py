"""Whose report it is, and who may not know of it."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from portal import audit
from portal.errors import AlreadyDone, DomainError
from portal.models import User
from reporting import permissions
from reporting.actions.holding import demand, held
from reporting.models import Exclusion, Report


@transaction.atomic
def take(*, report: Report, by: User) -> Report:
    """The officer works on it from now on; whoever has it keeps it until it is assigned anew."""
    report = held(report, by)
    if report.assigned_to_id not in (None, by.pk) and permissions.can_take(by, report):
        raise AlreadyDone(
            _("%(name)s has taken this report. Assign it, if you are to work on it.")
            % {"name": report.assigned_to}
        )
    demand(permissions.can_take(by, report), "take", report, by)
    return _give(report, by, "taken", by)


@transaction.atomic
def assign(*, report: Report, by: User, to: User) -> Report:
    """Somebody else works on it from now on."""
    report = held(report, by)
    demand(permissions.can_assign(by, report), "assign", report, by)
    # One sentence for all reasons: who is shut out of a report is nobody's business.
    if not permissions.can_be_assigned(to, report):
        raise DomainError(_("%(name)s cannot be given this report.") % {"name": to})
    return _give(report, to, "assigned", by)


@transaction.atomic
def unassign(*, report: Report, by: User) -> Report:
    report = held(report, by)
    demand(permissions.can_unassign(by, report), "unassign", report, by)
    return _give(report, None, "unassigned", by)


@transaction.atomic
def exclude(*, report: Report, by: User, person: User) -> Exclusion:
    """A conflict of interest: from now on this officer does not even see the report."""
    report = held(report, by)
    demand(permissions.can_exclude(by, report, person), "exclude", report, by)
    if not _others_know(report, person):
        raise DomainError(
            _(
                "Nobody would be left who may know this report. Another triage officer or "
                "supervisor has to be there first."
            )
        )
    try:
        with transaction.atomic():
            exclusion = Exclusion.objects.create(report=report, user=person, excluded_by=by)
    except IntegrityError as error:
        raise AlreadyDone(_("%(name)s is shut out already.") % {"name": person}) from error
    if report.assigned_to_id == person.pk:
        report.assigned_to = None
        report.save(update_fields=["assigned_to"])
    audit.record("excluded", target=report, by=by, person=person.pk)
    return exclusion


@transaction.atomic
def lift_exclusion(*, report: Report, by: User, person: User) -> Exclusion:
    """There is no conflict after all, or no longer."""
    report = held(report, by)
    demand(permissions.can_lift_exclusion(by, report, person), "lift_exclusion", report, by)
    exclusion = Exclusion.objects.get(report=report, user=person, lifted_at=None)
    exclusion.lifted_at, exclusion.lifted_by = timezone.now(), by
    exclusion.save(update_fields=["lifted_at", "lifted_by"])
    audit.record("exclusion_lifted", target=report, by=by, person=person.pk)
    return exclusion


def _others_know(report: Report, person: User) -> bool:
    """Else nobody works on it, nobody lifts the exclusion, and in the end it is erased unread."""
    held = {"grants__role__in": permissions.READERS, "grants__revoked_at": None}
    staff = User.objects.filter(is_active=True, is_staff=True, **held).exclude(pk=person.pk)
    return any(permissions.can_see(one, report) for one in staff.distinct())


def _give(report: Report, to: User | None, event: str, by: User) -> Report:
    report.assigned_to = to
    report.save(update_fields=["assigned_to"])
    audit.record(event, target=report, by=by, to=to.pk if to else None)
    return report
