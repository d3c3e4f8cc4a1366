"""The way back after a lost second factor."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0003_seals_and_lists_remember"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecoveryRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("lost", "I lost my phone or key"),
                            ("stolen", "My phone or key was stolen"),
                            ("broken", "My phone or key is broken"),
                            ("replaced", "I have a new phone and the old one is gone"),
                        ],
                        max_length=20,
                        verbose_name="cause",
                    ),
                ),
                (
                    "requested_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="asked"),
                ),
                (
                    "first_approved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="first approval"),
                ),
                (
                    "first_check",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_person", "I met the person"),
                            ("called", "I called the person on a number I knew before"),
                            ("video", "I saw the person in a video call that I began"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "second_approved_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="second approval"),
                ),
                (
                    "second_check",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_person", "I met the person"),
                            ("called", "I called the person on a number I knew before"),
                            ("video", "I saw the person in a video call that I began"),
                        ],
                        max_length=20,
                    ),
                ),
                ("code_hash", models.CharField(blank=True, max_length=128)),
                (
                    "usable_from",
                    models.DateTimeField(blank=True, null=True, verbose_name="usable from"),
                ),
                (
                    "expires_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="usable until"),
                ),
                ("used_at", models.DateTimeField(blank=True, null=True, verbose_name="used")),
                ("refused_at", models.DateTimeField(blank=True, null=True, verbose_name="refused")),
                (
                    "first_approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "refused_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "second_approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recovery_requests",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "lost second factor",
                "verbose_name_plural": "lost second factors",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("refused_at", None), ("used_at", None)),
                        fields=("user",),
                        name="recoveryrequest_one_open_per_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("first_approved_at", None), ("first_approved_by", None)),
                            models.Q(
                                ("first_approved_at__isnull", False),
                                ("first_approved_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="recoveryrequest_first_approved_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("second_approved_at", None), ("second_approved_by", None)),
                            models.Q(
                                ("second_approved_at__isnull", False),
                                ("second_approved_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="recoveryrequest_second_approved_at_with_by",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second_approved_at", None),
                            ("first_approved_at__isnull", False),
                            _connector="OR",
                        ),
                        name="recoveryrequest_first_before_second",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("first_approved_by", None),
                            models.Q(("first_approved_by", models.F("user")), _negated=True),
                            _connector="OR",
                        ),
                        name="recoveryrequest_first_is_another_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second_approved_by", None),
                            models.Q(
                                models.Q(("second_approved_by", models.F("user")), _negated=True),
                                models.Q(
                                    ("second_approved_by", models.F("first_approved_by")),
                                    _negated=True,
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="recoveryrequest_second_is_a_third_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("used_at", None),
                            models.Q(
                                ("second_approved_at__isnull", False),
                                ("used_at__gte", models.F("usable_from")),
                            ),
                            _connector="OR",
                        ),
                        name="recoveryrequest_used_only_when_usable",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("refused_at", None), ("used_at", None), _connector="OR"
                        ),
                        name="recoveryrequest_used_or_refused",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("refused_at", None), ("refused_by", None)),
                            ("refused_at__isnull", False),
                            _connector="OR",
                        ),
                        name="recoveryrequest_refused_at_with_by",
                    ),
                ],
            },
        ),
    ]
