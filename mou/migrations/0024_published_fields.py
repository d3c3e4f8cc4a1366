"""What the public list shows, what its holders consent to, and who recognises the status."""

import django.db.models.deletion
import django.utils.timezone
import django_countries.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mou", "0023_library"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="truststatus",
            name="authority",
            field=models.CharField(blank=True, max_length=200, verbose_name="competent authority"),
        ),
        migrations.AlterField(
            model_name="difference",
            name="kind",
            field=models.CharField(
                choices=[
                    ("annulled", "Annulled"),
                    ("revoked", "Revoked"),
                    ("downgraded", "Downgraded"),
                    ("suspended", "Suspended"),
                    ("reinstated", "Reinstated"),
                    ("changed", "Changed"),
                    ("new", "New"),
                    ("gone", "No longer on the list"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.CreateModel(
            name="MutualRecognition",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "country",
                    django_countries.fields.CountryField(max_length=2, verbose_name="country"),
                ),
                (
                    "partner_scheme",
                    models.CharField(blank=True, max_length=200, verbose_name="their scheme"),
                ),
                (
                    "legal_basis",
                    models.CharField(blank=True, max_length=200, verbose_name="legal basis"),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                (
                    "scheme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recognitions",
                        to="mou.trustscheme",
                    ),
                ),
            ],
            options={
                "verbose_name": "mutual recognition",
                "verbose_name_plural": "mutual recognition",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scheme", "country", "valid_from"),
                        name="mutualrecognition_country_once_a_day",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_from", None)),
                        fields=("scheme", "country"),
                        name="mutualrecognition_country_once_undated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to", None),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="mutualrecognition_ends_after_it_begins",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StatusConsent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("publication", "Publication in the list of the Union"),
                            ("exchange", "Exchange with countries that recognise the status"),
                        ],
                        max_length=20,
                    ),
                ),
                ("given_on", models.DateField(verbose_name="given on")),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "withdrawn_on",
                    models.DateField(blank=True, null=True, verbose_name="taken back on"),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "status",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="mou.truststatus",
                    ),
                ),
                (
                    "withdrawn_by",
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
                "verbose_name": "consent of a holder",
                "verbose_name_plural": "consents of holders",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_on", None)),
                        fields=("status", "kind"),
                        name="statusconsent_one_of_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawn_by", None), ("withdrawn_on", None)),
                            models.Q(
                                ("withdrawn_by__isnull", False), ("withdrawn_on__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="statusconsent_withdrawn_on_with_by",
                    ),
                ],
            },
        ),
    ]
