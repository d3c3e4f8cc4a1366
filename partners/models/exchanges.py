"""Exchanges with partners: plain columns that tell no content, and what is sealed beside them."""

from __future__ import annotations

import secrets
import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.exchange_lifecycle import AWAITS_ANSWER, Direction, Status
from partners.models.consents import AGREED, OnwardConsent
from partners.models.exchange_choices import (
    Channel,
    ExchangeType,
    Outcome,
    PauseGround,
    RefusalGround,
    TransferGround,
    UrgencyChoice,
)
from partners.models.instruments import Instrument, Purpose
from partners.models.partners import Partner
from portal.handling import HandlingCode
from portal.models import StaffRole, User

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """What officers call an exchange by; tells nothing: EX-7KQ2M-9XW4T."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(10))
    return f"EX-{body[:5]}-{body[5:]}"


class ExchangeQuerySet(models.QuerySet["Exchange"]):
    def visible_to(self, user: User) -> ExchangeQuerySet:
        """Liaison officers and supervisors; a system administrator sees none."""
        may = user.has_role(StaffRole.LIAISON_OFFICER, StaffRole.SUPERVISOR)
        if not may or user.has_role(StaffRole.SYSTEM_ADMINISTRATOR):
            return self.none()
        return self

    def running(self) -> ExchangeQuerySet:
        """Those with a clock that runs."""
        return self.filter(status__in=AWAITS_ANSWER, due_at__isnull=False, paused_at=None)

    def ends_before(self, at: datetime) -> ExchangeQuerySet:
        return self.running().filter(due_at__lte=at)


class Exchange(models.Model):
    """One request or piece of information between us and a partner; what it says lies sealed."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(
        _("reference"), max_length=20, unique=True, default=new_reference, editable=False
    )
    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices)
    status = models.CharField(
        _("status"), max_length=20, choices=Status.choices, default=Status.DRAFT
    )
    type = models.CharField(_("type"), max_length=20, choices=ExchangeType.choices)
    partner = models.ForeignKey(
        Partner, models.PROTECT, related_name="exchanges", verbose_name=_("partner")
    )
    instrument = models.ForeignKey(
        Instrument,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="exchanges",
        verbose_name=_("instrument"),
    )
    purpose = models.CharField(_("purpose"), max_length=20, choices=Purpose.choices)
    urgency = models.CharField(
        _("urgency"), max_length=20, choices=UrgencyChoice.choices, default=UrgencyChoice.OTHER
    )
    handling = models.CharField(
        _("handling code"), max_length=2, choices=HandlingCode.choices, default=HandlingCode.H2
    )
    their_reference = models.CharField(_("their reference"), max_length=60, blank=True)
    channel = models.CharField(_("channel"), max_length=12, choices=Channel.choices, blank=True)
    channel_reference = models.CharField(_("reference there"), max_length=60, blank=True)
    responsible = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible officer"),
    )
    # Which wording stands: two editors are told of each other, an approver approves what was read.
    content_version = models.PositiveIntegerField(default=1, editable=False)
    drafted_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("written by")
    )
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("approved by")
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    # How many wordings of ours were sealed, of whatever kind (partners/models/our_words.py).
    answer_version = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("written"), default=timezone.now, editable=False)
    received_at = models.DateTimeField(_("received"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    due_at = models.DateTimeField(_("answer due"), null=True, blank=True)
    paused_at = models.DateTimeField(_("paused"), null=True, blank=True)
    pause_ground = models.CharField(max_length=20, choices=PauseGround.choices, blank=True)
    refusal_ground = models.CharField(max_length=20, choices=RefusalGround.choices, blank=True)
    oral = models.BooleanField(_("by word of mouth"), default=False)
    # When what was said by word of mouth was confirmed in writing.
    confirmed_at = models.DateTimeField(_("confirmed in writing"), null=True, blank=True)
    transfer_ground = models.CharField(
        _("ground of the transfer"), max_length=12, choices=TransferGround.choices, blank=True
    )
    transfer_decided_on = models.DateField(_("ground decided on"), null=True, blank=True)
    onward_consent = models.CharField(
        _("consent to further use"), max_length=12, choices=OnwardConsent.choices, blank=True
    )
    # Codes of FurtherUse: what the consent reaches.
    onward_uses = models.JSONField(default=list, blank=True)
    onward_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(
        _("what came of it"), max_length=12, choices=Outcome.choices, blank=True
    )
    outcome_at = models.DateTimeField(null=True, blank=True)
    # Its retention is looked at on this day; under review, it is erased then.
    review_due = models.DateField(_("looked at"), null=True, blank=True, editable=False)
    # The suspicion report whose sanitised version this carries; known by its id alone.
    report_id = models.UUIDField(null=True, blank=True, editable=False)
    report_reference = models.CharField(
        _("from the report"), max_length=20, blank=True, editable=False
    )
    # When the source of that report took its consent back: nothing of ours leaves from then on,
    # whatever the partner lets us do with what the partner told.
    source_withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    late_told_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ExchangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("exchange")
        verbose_name_plural = _("exchanges")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by=None) | ~Q(approved_by=F("drafted_by")),
                name="exchange_takes_two",
            ),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                name="exchange_approved_at_with_by",
            ),
            models.CheckConstraint(
                condition=Q(sent_at=None)
                | Q(approved_at__isnull=False, instrument__isnull=False, direction="out"),
                name="exchange_sent_was_approved_and_covered",
            ),
            models.CheckConstraint(
                condition=Q(direction="out", received_at=None)
                | Q(direction="in", received_at__isnull=False),
                name="exchange_received_when_incoming",
            ),
            models.CheckConstraint(
                condition=Q(transfer_ground="", transfer_decided_on=None)
                | (~Q(transfer_ground="") & Q(transfer_decided_on__isnull=False)),
                name="exchange_transfer_ground_with_day",
            ),
            models.CheckConstraint(
                condition=(Q(onward_consent__in=AGREED) & ~Q(onward_uses=[]))
                | (~Q(onward_consent__in=AGREED) & Q(onward_uses=[])),
                name="exchange_consent_says_for_what",
            ),
            models.CheckConstraint(
                condition=Q(paused_at=None, pause_ground="")
                | (Q(paused_at__isnull=False) & ~Q(pause_ground="")),
                name="exchange_paused_with_ground",
            ),
            models.CheckConstraint(
                condition=~Q(status="refused") | ~Q(refusal_ground=""),
                name="exchange_refused_with_ground",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", outcome_at=None)
                | (~Q(outcome="") & Q(outcome_at__isnull=False)),
                name="exchange_outcome_with_day",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["closed", "retention_review", "erased"])
                | Q(closed_at__isnull=False),
                name="exchange_closed_with_day",
            ),
            models.CheckConstraint(
                condition=~Q(status="erased")
                | Q(their_reference="", channel_reference="", report_id=None, report_reference=""),
                name="exchange_erased_keeps_no_reference",
            ),
            models.UniqueConstraint(
                fields=["report_id", "partner"],
                condition=Q(report_id__isnull=False, status="draft"),
                name="exchange_one_draft_per_report_and_partner",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(status__in=AWAITS_ANSWER, paused_at=None, due_at__isnull=False),
                name="exchange_by_due",
            ),
            models.Index(fields=["status", "-id"], name="exchange_by_status"),
            models.Index(fields=["partner", "-id"], name="exchange_of_partner"),
            models.Index(
                fields=["review_due", "uuid"],
                condition=Q(status__in=["closed", "retention_review"]),
                name="exchange_by_review",
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_out(self) -> bool:
        return self.direction == Direction.OUT

    @property
    def is_spontaneous(self) -> bool:
        return self.type == ExchangeType.SPONTANEOUS

    @property
    def clock_runs(self) -> bool:
        return self.due_at is not None and self.paused_at is None

    @property
    def awaits_confirmation(self) -> bool:
        """Said by word of mouth and not confirmed in writing yet."""
        return self.oral and self.confirmed_at is None
