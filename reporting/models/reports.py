"""Reports as the database knows them: plain columns that tell no content, and who may find them."""

from __future__ import annotations

import secrets
import time
import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from portal.handling import HandlingCode
from portal.models import StaffRole, User
from reporting.grades import InformationGrade, SourceGrade
from reporting.lifecycle import (
    NEW,
    OPEN,
    PLAIN,
    TO_ASSESS,
    TO_DO,
    Plain,
    Priority,
    Status,
)
from reporting.receipts import ALPHABET

HOUR = 3600


def new_id() -> uuid.UUID:
    """Random but for its hour, so that newer reports come after older ones and no index is torn.

    Nothing finer than the hour may be told from it.
    """
    hour = int(time.time()) // HOUR
    return uuid.UUID(bytes=hour.to_bytes(4, "big") + secrets.token_bytes(12))


def new_reference() -> str:
    """What officers call a report by; tells nothing: SR-7KQ2M-9XW4T."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(10))
    return f"SR-{body[:5]}-{body[5:]}"


def this_hour() -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def next_hour() -> datetime:
    """When this hour is full: what may tell no minute is written then."""
    return this_hour() + timedelta(hours=1)


# An officer has still to say what it is worth.
AWAITS_ASSESSMENT = (*NEW, Status.TRIAGED)


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> ReportQuerySet:
        """Officers of the desk see reports that they are not shut out of for a conflict.

        The supervisor sees all but those too: a report on a supervisor bypasses them as well.
        """
        if not user.has_role(StaffRole.TRIAGE_OFFICER, StaffRole.SUPERVISOR):
            return self.none()
        # A system administrator reads no content, whatever other roles were granted.
        if user.has_role(StaffRole.SYSTEM_ADMINISTRATOR):
            return self.none()
        return self.known_to(user)

    def known_to(self, user: User) -> ReportQuerySet:
        """Without those that this person is shut out of, whatever may be done with the rest."""
        shut_out = Exclusion.objects.filter(report=OuterRef("pk"), user=user, lifted_at=None)
        return self.filter(~Exists(shut_out))

    def new(self) -> ReportQuerySet:
        return self.filter(status__in=NEW)

    def open(self) -> ReportQuerySet:
        return self.filter(status__in=OPEN)


class Report(models.Model):
    """One suspicion report. What was told lies sealed in envelopes; here is what sorts the queue.

    Intake inserts it and can never read it. Columns below the line are what an officer copied out.
    """

    # In `consent_note`, in the place of how the source agreed.
    WITHDRAWN = "withdrawn"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    reference = models.CharField(_("reference"), max_length=16, unique=True, default=new_reference)
    received_hour = models.DateTimeField(_("received"), default=this_hour)
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.RECEIVED
    )
    unit = models.CharField(_("unit"), max_length=20, default="desk")
    urgent = models.BooleanField(_("urgent"), default=False)
    # Clocks. Those of Directive (EU) 2019/1937 run only for what was learned through work.
    assess_due = models.DateTimeField(_("to be assessed by"), null=True, blank=True)
    acknowledge_due = models.DateTimeField(_("to be acknowledged by"), null=True, blank=True)
    feedback_due = models.DateTimeField(_("feedback due"), null=True, blank=True)
    escalated_at = models.DateTimeField(_("escalated"), null=True, blank=True)
    # Set by a worker when the reporter wrote again; cleared when an officer reads it.
    news_at = models.DateTimeField(_("new word from the reporter"), null=True, blank=True)
    asked_at = models.DateTimeField(_("waiting for the reporter since"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    feedback_at = models.DateTimeField(_("feedback given"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    # When its retention is looked at next (reporting/retention.py).
    review_due = models.DateField(_("retention review"), null=True, blank=True)
    # What came of it: the last of lifecycle.OUTCOMES; stays when it is closed.
    outcome = models.CharField(
        _("outcome"), max_length=20, choices=Status.choices, blank=True, default=""
    )
    # ---
    opened_at = models.DateTimeField(_("first opened"), null=True, blank=True)
    assigned_to = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assigned_reports",
        verbose_name=_("assigned to"),
    )
    priority = models.CharField(
        _("priority"), max_length=2, choices=Priority.choices, blank=True, default=""
    )
    category = models.CharField(_("kind of goods"), max_length=40, blank=True)
    direction = models.CharField(_("direction"), max_length=20, blank=True)
    mode = models.CharField(_("mode of transport"), max_length=20, blank=True)
    place = models.CharField(_("place"), max_length=10, blank=True)
    # ISO 3166 codes of the goods' journey, not of who reports; most reports have neither.
    origin = models.CharField(_("country of origin"), max_length=2, blank=True)
    destination = models.CharField(_("country of destination"), max_length=2, blank=True)
    source_grade = models.CharField(
        _("source"), max_length=1, choices=SourceGrade.choices, blank=True
    )
    information_grade = models.CharField(
        _("information"), max_length=1, choices=InformationGrade.choices, blank=True
    )
    handling = models.CharField(
        _("handling code"), max_length=2, choices=HandlingCode.choices, default=HandlingCode.H2
    )
    # H2: whether the source has let it be passed on, and how that was recorded.
    consent_at = models.DateTimeField(_("consent to pass it on"), null=True, blank=True)
    # How the source agreed, or that it took that back.
    consent_note = models.CharField(max_length=200, blank=True)
    eu_finances = models.BooleanField(_("the Union's money or staff"), default=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged"
    )
    labels: models.ManyToManyField[Label, Label] = models.ManyToManyField(
        "Label", blank=True, related_name="reports"
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.CheckConstraint(
                condition=Q(status=Status.MERGED) | Q(merged_into=None) | ~Q(status__in=NEW),
                name="report_merged_knows_where",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=models.F("id")), name="report_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(source_grade="", information_grade="")
                | (~Q(source_grade="") & ~Q(information_grade="")),
                name="report_graded_twice_or_not_at_all",
            ),
        ]
        # The list goes by id, newest first; each queue (reporting/listing.py) has its own index,
        # which holds nothing but what waits, however many reports there are.
        indexes = [
            models.Index(fields=["status", "-id"], name="report_status"),
            models.Index(fields=["priority", "-id"], name="report_priority"),
            models.Index(fields=["category", "-id"], name="report_category"),
            models.Index(fields=["-id"], condition=Q(status__in=NEW), name="report_new"),
            models.Index(fields=["-id"], condition=Q(status__in=TO_DO), name="report_to_do"),
            models.Index(
                fields=["assigned_to", "-id"],
                condition=Q(assigned_to__isnull=False, status__in=OPEN),
                name="report_mine",
            ),
            models.Index(
                fields=["assess_due"],
                condition=Q(assess_due__isnull=False, status__in=TO_ASSESS),
                name="report_assess_due",
            ),
            models.Index(
                fields=["acknowledge_due"],
                condition=Q(acknowledge_due__isnull=False, acknowledged_at=None),
                name="report_acknowledge_due",
            ),
            models.Index(
                fields=["feedback_due"],
                condition=Q(feedback_due__isnull=False, feedback_at=None),
                name="report_feedback_due",
            ),
            # Also those without a date: the daily run gives them one.
            models.Index(
                fields=["review_due", "id"],
                condition=Q(merged_into=None) & ~Q(status=Status.ERASED),
                name="report_review_due",
            ),
            models.Index(fields=["-id"], condition=Q(news_at__isnull=False), name="report_news"),
            models.Index(
                fields=["-id"], condition=Q(asked_at__isnull=False), name="report_waiting"
            ),
            models.Index(
                fields=["-id"], condition=Q(escalated_at__isnull=False), name="report_escalated"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def consent_is_withdrawn(self) -> bool:
        """The source let it be passed on once, and lets it no longer."""
        return self.consent_note == self.WITHDRAWN

    @cached_property
    def shut_out(self) -> frozenset[int]:
        """Officers who may not know this report; asked once for each object."""
        live = self.exclusions.filter(lifted_at=None)
        return frozenset(live.values_list("user_id", flat=True))

    @cached_property
    def is_firms(self) -> bool:
        """Whether it was filed on a firm's behalf; which firm, nobody at the desk can tell."""
        return Report.objects.filter(pk=self.pk, firm__isnull=False).exists()

    @property
    def plain_status(self) -> Plain:
        return PLAIN[Status(self.status)]


class Label(models.Model):
    """A word from a list that supervisors keep; never free text about one report."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=60)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    class Meta:
        verbose_name = _("label")
        verbose_name_plural = _("labels")

    def __str__(self) -> str:
        return self.name


class Exclusion(models.Model):
    """An officer who may not know this report: a conflict of interest."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="exclusions")
    user = models.ForeignKey(User, models.PROTECT, related_name="exclusions")
    excluded_at = models.DateTimeField(default=timezone.now)
    excluded_by = models.ForeignKey(User, models.PROTECT, related_name="made_exclusions")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="lifted_exclusions"
    )

    class Meta:
        verbose_name = _("conflict of interest")
        verbose_name_plural = _("conflicts of interest")
        constraints = [
            models.UniqueConstraint(
                fields=["report", "user"],
                condition=Q(lifted_at=None),
                name="exclusion_one_live_per_officer",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False),
                name="exclusion_lifted_at_with_by",
            ),
        ]
