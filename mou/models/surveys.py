"""The survey of a firm's flows: answers that several people give, and files beside them."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mou.lifecycle import SurveyStatus
from mou.models.agreements import Mou
from portal.models import User


class FlowSurvey(models.Model):
    """One survey for one text of an agreement; frozen with it (a trigger refuses any change)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    mou = models.ForeignKey(Mou, models.PROTECT, related_name="surveys")
    version = models.PositiveIntegerField(_("version of the questions"))
    status = models.CharField(
        _("status"), max_length=20, choices=SurveyStatus.choices, default=SurveyStatus.OPEN
    )
    # The one before, from which the answers were taken over.
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="following"
    )
    begun_at = models.DateTimeField(default=timezone.now)
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    frozen_at = models.DateTimeField(null=True, blank=True)
    answers_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("survey of flows")
        verbose_name_plural = _("surveys of flows")
        constraints = [
            models.UniqueConstraint(
                fields=["mou"],
                condition=~Q(status=SurveyStatus.FROZEN),
                name="flowsurvey_one_open_per_agreement",
            ),
            models.CheckConstraint(
                condition=~Q(status=SurveyStatus.FROZEN)
                | Q(frozen_at__isnull=False) & ~Q(answers_hash=""),
                name="flowsurvey_frozen_with_its_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.mou} {self.begun_at:%Y-%m-%d}"


class AnswerState(models.TextChoices):
    GIVEN = "given", _("Answered")
    UNKNOWN = "unknown", _("We do not know")
    NOT_APPLICABLE = "not_applicable", _("Does not apply to us")


class Answer(models.Model):
    """One answer; `revision` grows with each change, so that nobody overwrites another unseen."""

    survey = models.ForeignKey(FlowSurvey, models.PROTECT, related_name="answers")
    code = models.CharField(max_length=10)
    state = models.CharField(max_length=20, choices=AnswerState.choices)
    # By type: text, a number, a code, a list of codes, or a list of rows of a table.
    value = models.JSONField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    revision = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # Why an officer gave the question back; empty when it is not open again.
    remark = models.TextField(blank=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            models.UniqueConstraint(fields=["survey", "code"], name="answer_one_per_question"),
            models.CheckConstraint(
                condition=~Q(state=AnswerState.NOT_APPLICABLE) | ~Q(reason=""),
                name="answer_that_does_not_apply_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey} {self.code}"


class AnswerFile(models.Model):
    """A file that belongs to an answer; kept as it came, and never opened here."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    survey = models.ForeignKey(FlowSurvey, models.PROTECT, related_name="files")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=20)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("file of an answer")
        verbose_name_plural = _("files of answers")

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> str:
        return f"surveys/{self.survey.uuid}/{self.uuid}"
