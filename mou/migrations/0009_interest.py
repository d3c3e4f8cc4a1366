"""Expressions of interest."""

import uuid

import django.db.models.deletion
import django.utils.timezone
import django_countries.fields
from django.conf import settings
from django.db import migrations, models

import mou.models.agreements


class Migration(migrations.Migration):
    dependencies = [
        ("mou", "0008_what_agreements_rest_on"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Interest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("firm_name", models.CharField(max_length=200, verbose_name="firm")),
                (
                    "country",
                    django_countries.fields.CountryField(max_length=2, verbose_name="country"),
                ),
                (
                    "national_id",
                    models.CharField(blank=True, max_length=40, verbose_name="registration number"),
                ),
                ("eori", models.CharField(blank=True, max_length=17, verbose_name="EORI number")),
                ("role", models.CharField(max_length=40, verbose_name="what the firm does")),
                ("about", models.TextField(blank=True, verbose_name="why")),
                ("person", models.CharField(max_length=150, verbose_name="who writes")),
                ("email", models.EmailField(max_length=254, verbose_name="e-mail address")),
                ("phone", models.CharField(blank=True, max_length=40, verbose_name="telephone")),
                ("language", models.CharField(default="en", max_length=8, verbose_name="language")),
                (
                    "received_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="received"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("accepted", "Accepted, an offer was made"),
                            ("refused", "Refused"),
                            ("under_review", "Refused, a review is sought"),
                            ("upheld", "Refused after a review"),
                        ],
                        default="received",
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("refusal", models.TextField(blank=True, verbose_name="reason of the refusal")),
                (
                    "token",
                    models.CharField(
                        default=mou.models.agreements.new_token, max_length=32, unique=True
                    ),
                ),
                (
                    "objection",
                    models.TextField(blank=True, verbose_name="what the firm says to it"),
                ),
                ("objected_at", models.DateTimeField(blank=True, null=True)),
                ("reviewed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "offer",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="interest",
                        to="mou.mouoffer",
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "expression of interest",
                "verbose_name_plural": "expressions of interest",
                "indexes": [models.Index(fields=["status", "-id"], name="interest_by_status")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "refused"), _negated=True),
                            models.Q(("refusal", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="interest_refused_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "accepted"), _negated=True),
                            ("offer__isnull", False),
                            _connector="OR",
                        ),
                        name="interest_accepted_with_an_offer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reviewed_by", None),
                            models.Q(("reviewed_by", models.F("decided_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="interest_reviewed_by_another",
                    ),
                ],
            },
        ),
    ]
