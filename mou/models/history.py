"""What happened to agreements, as both parties may know it: a view on the audit record."""

from __future__ import annotations

from django.db import models


class HistoryEntry(models.Model):
    """An event of the audit record about an offer, an agreement or its text.

    The site's database role reads this view and not the record, which also tells of reports.
    """

    event = models.CharField(max_length=60)
    actor = models.CharField(max_length=60)
    target_type = models.CharField(max_length=60)
    target_id = models.CharField(max_length=60)
    organisation_id = models.BigIntegerField(null=True)
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        managed = False
        db_table = "mou_history"

    def __str__(self) -> str:
        return f"{self.event} {self.target_type} {self.target_id}"

    @property
    def actor_id(self) -> int | None:
        """The person who did it; None when it was the system."""
        kind, _colon, pk = self.actor.partition(":")
        return int(pk) if kind == "user" else None
