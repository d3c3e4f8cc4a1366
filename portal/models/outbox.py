"""Work promised by a transaction and not yet done: the outbox."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# About half a minute of trying.
STUCK_AFTER = 5


class Queue(models.TextChoices):
    DEFAULT = "default", _("General")
    PDF = "pdf", _("Documents")


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def due(self, now: datetime) -> OutboxQuerySet:
        """Open messages that may be delivered now and that no worker holds."""
        return self.filter(done_at=None, available_at__lte=now).filter(
            Q(claimed_until=None) | Q(claimed_until__lt=now)
        )

    def stuck(self) -> OutboxQuerySet:
        """Open messages that failed so often that somebody should look."""
        return self.filter(done_at=None, attempts__gte=STUCK_AFTER)


class OutboxMessage(models.Model):
    """A task's name and ids, written by an action in its own transaction."""

    key = models.CharField(max_length=200, unique=True)
    task = models.CharField(max_length=100)
    payload = models.JSONField(default=dict)
    queue = models.CharField(max_length=20, choices=Queue.choices, default=Queue.DEFAULT)
    created_at = models.DateTimeField(default=timezone.now)
    available_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveIntegerField(default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing work")
        verbose_name_plural = _("outgoing work")
        indexes = [
            models.Index(fields=["available_at"], condition=Q(done_at=None), name="outbox_open")
        ]

    def __str__(self) -> str:
        return f"{self.task} ({self.key})"
