"""Keys that open what is sealed: public halves, officers' locked private halves, wraps, pins.

No private key lies here in a form that the database alone could open.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.models.users import User


class SealingKey(models.Model):
    """One version of a key that things are sealed to: `unit:desk`, `identity:custodian` …

    The pinned file, not this row, says which key is believed.
    """

    name = models.CharField(_("name"), max_length=60)
    version = models.PositiveIntegerField(_("version"))
    public = models.BinaryField()
    # Ed25519, for units: what officers write is signed by the unit.
    verifier = models.BinaryField(null=True)
    # The key of the unit's blind index, sealed to this version.
    sealed_index = models.BinaryField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    # Since when somebody who left could still know it: a new version has to follow.
    rotation_due_at = models.DateTimeField(_("rotation due"), null=True, blank=True)
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)

    class Meta:
        verbose_name = _("sealing key")
        verbose_name_plural = _("sealing keys")
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="sealingkey_version_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"

    @property
    def slot(self) -> str:
        return f"{self.name}#{self.version}"


class DeskKey(models.Model):
    """An officer's own key pair; its private half lies under the officer's desk passphrase."""

    user = models.ForeignKey(User, models.PROTECT, related_name="desk_keys")
    public = models.BinaryField()
    locked = models.BinaryField()
    # When wrong passphrases were given lately, in seconds since 1970.
    tries = models.JSONField(default=list)
    created_at = models.DateTimeField(_("set up"), default=timezone.now)
    # When the officer typed the end of the passphrase back: nothing is wrapped before.
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("desk key")
        verbose_name_plural = _("desk keys")
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=Q(revoked_at=None), name="deskkey_one_live_per_officer"
            )
        ]

    def __str__(self) -> str:
        return str(self.user)


class KeyWrap(models.Model):
    """The private half of a sealing key, sealed to one officer's desk key."""

    sealing_key = models.ForeignKey(SealingKey, models.PROTECT, related_name="wraps")
    desk_key = models.ForeignKey(DeskKey, models.PROTECT, related_name="wraps")
    sealed = models.BinaryField()
    # By whoever holds the sealing key: that the desk key was recognised (keyring.voucher).
    voucher = models.BinaryField()
    created_at = models.DateTimeField(default=timezone.now)
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="wrapped_keys"
    )

    class Meta:
        verbose_name = _("wrapped key")
        verbose_name_plural = _("wrapped keys")
        constraints = [
            models.UniqueConstraint(
                fields=["sealing_key", "desk_key"], name="keywrap_one_per_key_and_officer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.sealing_key} – {self.desk_key}"


class PinnedSerial(models.Model):
    """A pinned file that some process has believed: an older one is refused from then on."""

    serial = models.PositiveIntegerField(primary_key=True)
    digest = models.CharField(max_length=64)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("pinned file")
        verbose_name_plural = _("pinned files")

    def __str__(self) -> str:
        return str(self.serial)
