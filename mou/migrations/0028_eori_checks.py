"""Whether EORI numbers exist: who asked, what was answered."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mou", "0027_plans"),
        ("portal", "0006_names_are_found_by_beginning"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EoriCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("eori", models.CharField(max_length=17, verbose_name="EORI number")),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("valid", "Exists"),
                            ("invalid", "Does not exist"),
                            ("unknown", "Not known"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="result",
                    ),
                ),
                ("by_hand", models.BooleanField(default=False, verbose_name="checked by hand")),
                ("response", models.TextField(blank=True, verbose_name="what was answered")),
                ("asked_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="eori_checks",
                        to="portal.organisation",
                    ),
                ),
            ],
            options={
                "verbose_name": "check of an EORI number",
                "verbose_name_plural": "checks of EORI numbers",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("answered_at__isnull", False), ("result", "unknown"), _connector="OR"
                        ),
                        name="eoricheck_unknown_until_answered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("by_hand", False),
                            models.Q(("response", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="eoricheck_by_hand_says_how",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("answered_at", None)),
                        fields=("organisation",),
                        name="eoricheck_one_open_per_firm",
                    ),
                ],
            },
        ),
    ]
