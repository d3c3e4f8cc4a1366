"""Who filed a report, as far as anybody may know: tags that tell no person, and coded answers."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models import User
from reporting.models.reports import Report


class Reporter(models.Model):
    """How the reporter comes back: the receipt's tag and public key. Says nothing of a person."""

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="reporter")
    tag = models.CharField(max_length=64, unique=True)
    public = models.BinaryField()

    class Meta:
        verbose_name = _("reporter")
        verbose_name_plural = _("reporters")


class Firm(models.Model):
    """A report filed on a firm's behalf. The tag is a keyed hash that only intake can make."""

    report = models.OneToOneField(Report, models.CASCADE, primary_key=True, related_name="firm")
    tag = models.CharField(max_length=64, db_index=True)

    class Meta:
        verbose_name = _("firm's report")
        verbose_name_plural = _("firms' reports")


class FeedbackCode(models.TextChoices):
    """All that a partner is told of what came of a report (approved wording, no detail)."""

    RECEIVED = "received", _("We have received it.")
    ASSESSED = "assessed", _("We have assessed it.")
    USED = "used", _("It was used in a control.")
    MORE = "more", _("We need to know more: see your messages.")
    NOTHING = "nothing", _("Nothing further will come of it.")


class Feedback(models.Model):
    """One coded answer to the firm on whose behalf a report was filed."""

    report = models.ForeignKey(Report, models.CASCADE, related_name="feedback")
    code = models.CharField(max_length=20, choices=FeedbackCode.choices)
    given_at = models.DateTimeField(default=timezone.now)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="given_feedback")

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
