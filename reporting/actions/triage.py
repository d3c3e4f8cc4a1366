"""Triage: acknowledge, grade, set the priority, copy out what sorts the queue, label."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_countries import countries

from partners.actions import focus_areas, referred_reports
from partners.actions.focus_areas import Told
from partners.focus import Facts
from portal import audit, reference
from portal.errors import DomainError
from portal.handling import HandlingCode
from portal.models import AuditEvent, User
from portal.models.audit import AuditKind
from reporting import clocks, permissions
from reporting.actions.holding import demand, held, move
from reporting.grades import InformationGrade, SourceGrade
from reporting.lifecycle import Priority
from reporting.models import Grading, Label, Report


@transaction.atomic
def acknowledge(*, report: Report, by: User) -> Report:
    """An officer has it; the reporter reads so in the inbox."""
    report = held(report, by)
    demand(permissions.can_acknowledge(by, report), "acknowledge", report, by)
    fields = move(report, "acknowledge")
    report.acknowledged_at = timezone.now()
    report.save(update_fields=[*fields, "acknowledged_at"])
    audit.record("acknowledged", target=report, by=by)
    return report


@transaction.atomic
def grade(*, report: Report, by: User, source: str, information: str, handling: str) -> Grading:
    """Say what source and information are worth; again as often as more is known."""
    report = held(report, by)
    demand(permissions.can_grade(by, report), "grade", report, by)
    fields = move(report, "grade")
    report.source_grade = SourceGrade(source)
    report.information_grade = InformationGrade(information)
    report.handling = HandlingCode(handling)
    if report.acknowledged_at is None:
        report.acknowledged_at = timezone.now()
    report.save(
        update_fields=[
            *fields,
            "source_grade",
            "information_grade",
            "handling",
            "acknowledged_at",
        ]
    )
    grading = Grading.objects.create(
        report=report,
        source_grade=source,
        information_grade=information,
        handling=handling,
        graded_by=by,
    )
    referred_reports.drop_for_report(report_id=report.pk, handling=handling, by=by)
    audit.record("graded", target=report, by=by, grade=f"{source}{information}", handling=handling)
    return grading


@transaction.atomic
def prioritise(*, report: Report, by: User, priority: str) -> Report:
    """How soon it is to be assessed; the clock follows."""
    report = held(report, by)
    demand(permissions.can_prioritise(by, report), "prioritise", report, by)
    report.priority = Priority(priority)
    report.assess_due = clocks.assess_due(
        priority, received=report.received_hour, now=timezone.now()
    )
    report.save(update_fields=["priority", "assess_due"])
    audit.record("prioritised", target=report, by=by, priority=priority)
    return report


# Column → the list that its codes come from.
COPIED = {
    "category": "commodity",
    "direction": "direction",
    "mode": "transport_mode",
    "place": "locode",
}
# Of the goods; codes of ISO 3166.
COUNTRIES = ("origin", "destination")


@transaction.atomic
def classify(
    *,
    report: Report,
    by: User,
    category: str = "",
    direction: str = "",
    mode: str = "",
    place: str = "",
    origin: str = "",
    destination: str = "",
    eu_finances: bool = False,
) -> Report:
    """Copy out codes that lists and statistics go by; codes of lists, never words."""
    report = held(report, by)
    demand(permissions.can_classify(by, report), "classify", report, by)
    before = _facts(report)
    copied: dict[str, Any] = {
        "category": category,
        "direction": direction,
        "mode": mode,
        "place": place,
        "origin": origin,
        "destination": destination,
    }
    for column, code in copied.items():
        if code and not _is_listed(column, code):
            raise DomainError(_("The list has no code “%(code)s”.") % {"code": code})
        setattr(report, column, code)
    report.eu_finances = eu_finances
    report.save(update_fields=[*copied, "eu_finances"])
    audit.record("classified", target=report, by=by, eu_finances=eu_finances, **copied)
    _tell_owners(report, before, by)
    return report


def _is_listed(column: str, code: str) -> bool:
    if column in COUNTRIES:
        return code in countries
    return reference.item(COPIED[column], code) is not None


def _facts(report: Report) -> Facts:
    return Facts(
        category=report.category,
        direction=report.direction,
        mode=report.mode,
        origin=report.origin,
        destination=report.destination,
    )


def _tell_owners(report: Report, before: Facts, by: User) -> None:
    """Owners of focus areas that it matches now hear so; which report, only this record knows."""
    after = _facts(report)
    if before == after:
        return
    promised = focus_areas.tell_owners(
        before=before, after=after, shut_out=report.shut_out, told=_told(report)
    )
    for one in promised:
        audit.record(
            "focus_area_told",
            target=report,
            by=by,
            kind=AuditKind.DISCLOSURE,
            area=one.area,
            to=one.owner,
            certain=one.certain,
        )


def _told(report: Report) -> list[Told]:
    """What owners heard of this report; the record alone knows."""
    told = AuditEvent.objects.filter(
        target_type=report._meta.label_lower, target_id=str(report.pk), event="focus_area_told"
    )
    facts = told.values_list("facts", flat=True)
    return [Told(one["area"], one["to"], one.get("certain", False)) for one in facts]


@transaction.atomic
def label(*, report: Report, by: User, label: Label) -> Report:
    """Put a label of the list on it; one that is there already changes nothing."""
    report = held(report, by)
    demand(permissions.can_label(by, report), "label", report, by)
    if label.retired_at is not None:
        raise DomainError(_("This label is not used any more."))
    if not report.labels.filter(pk=label.pk).exists():
        report.labels.add(label)
        audit.record("labelled", target=report, by=by, label=label.code)
    return report


@transaction.atomic
def unlabel(*, report: Report, by: User, label: Label) -> Report:
    report = held(report, by)
    demand(permissions.can_label(by, report), "unlabel", report, by)
    if report.labels.filter(pk=label.pk).exists():
        report.labels.remove(label)
        audit.record("unlabelled", target=report, by=by, label=label.code)
    return report
