"""What keeps a proof of work from being used twice."""

from __future__ import annotations

from django.db import models


class UsedWork(models.Model):
    """A proof of work that was taken; only its random number, until it would have run out."""

    nonce = models.CharField(max_length=32, primary_key=True)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "used proof of work"
        verbose_name_plural = "used proofs of work"

    def __str__(self) -> str:
        return self.nonce
