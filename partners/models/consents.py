"""What a supplier says to the further use of what it supplied, and for what."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class OnwardConsent(models.TextChoices):
    """Whether who supplied it lets it be used further; each answer is a state of its own."""

    ASKED = "asked", _("Asked, not answered yet")
    GRANTED = "granted", _("Granted")
    CONDITIONAL = "conditional", _("Granted on conditions")
    DECLINED = "declined", _("Declined")
    # What left before stays recorded; nothing more leaves.
    WITHDRAWN = "withdrawn", _("Withdrawn")


AGREED = (OnwardConsent.GRANTED, OnwardConsent.CONDITIONAL)


class FurtherUse(models.TextChoices):
    """What consent reaches, each by itself."""

    PURPOSE = "purpose", _("For another purpose than it passed for")
    BODY = "body", _("By another body than the one it passed to")
    COURT = "court", _("In court")
