"""What intake keeps while somebody writes: sealed drafts, and single-use passes of partners."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Draft(models.Model):
    """Answers so far, under a key that exists only in the writer's cookie. Gone after an hour."""

    # A hash of the cookie's secret: whoever reads the table cannot open what it holds.
    id = models.CharField(primary_key=True, max_length=64)
    box = models.BinaryField()
    # Bytes of files kept so far, for the quota.
    size = models.PositiveIntegerField(default=0)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")


class DraftPart(models.Model):
    """Some bytes of a file in a draft, under the same key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    draft = models.ForeignKey(Draft, models.CASCADE, related_name="parts")
    # Which file of the draft, `original` or `view` of it, and the place in it.
    file = models.UUIDField()
    copy = models.CharField(max_length=8)
    number = models.PositiveIntegerField()
    box = models.BinaryField()

    class Meta:
        verbose_name = _("part of a draft")
        verbose_name_plural = _("parts of drafts")
        constraints = [
            models.UniqueConstraint(
                fields=["draft", "file", "copy", "number"], name="draftpart_place_unique"
            )
        ]


class Pass(models.Model):
    """Lets a partner's person into intake as such, once. Opened by the token alone."""

    # A hash of the token.
    id = models.CharField(primary_key=True, max_length=64)
    # What the token brings (organisation, capacity …), under a key made from the token.
    box = models.BinaryField()
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("partner's pass")
        verbose_name_plural = _("partners' passes")
