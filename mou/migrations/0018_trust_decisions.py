"""Decisions that take effect on a later day, and the day on which each was taken."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mou", "0017_alerts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="statusevent",
            name="decided_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="statusevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("granted", "Granted"),
                    ("amended", "Amended"),
                    ("suspended", "Suspended"),
                    ("reinstated", "Reinstated"),
                    ("downgraded", "Downgraded"),
                    ("revoked", "Revoked"),
                    ("annulled", "Annulled"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="truststatus",
            name="security",
            field=models.CharField(
                choices=[
                    ("none", "Not held"),
                    ("valid", "Valid"),
                    ("suspended", "Suspended"),
                    ("revoked", "Revoked"),
                    ("annulled", "Annulled"),
                ],
                max_length=10,
                verbose_name="security and safety",
            ),
        ),
        migrations.AlterField(
            model_name="truststatus",
            name="simplifications",
            field=models.CharField(
                choices=[
                    ("none", "Not held"),
                    ("valid", "Valid"),
                    ("suspended", "Suspended"),
                    ("revoked", "Revoked"),
                    ("annulled", "Annulled"),
                ],
                max_length=10,
                verbose_name="customs simplifications",
            ),
        ),
        migrations.CreateModel(
            name="TrustDecision",
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
                            ("granted", "Granted"),
                            ("amended", "Amended"),
                            ("suspended", "Suspended"),
                            ("reinstated", "Reinstated"),
                            ("downgraded", "Downgraded"),
                            ("revoked", "Revoked"),
                            ("annulled", "Annulled"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "component",
                    models.CharField(
                        choices=[
                            ("C", "AEOC, customs simplifications"),
                            ("S", "AEOS, security and safety"),
                            ("F", "AEOF, customs simplifications with security and safety"),
                        ],
                        max_length=1,
                    ),
                ),
                ("decided_on", models.DateField()),
                ("effective_on", models.DateField()),
                ("reason", models.TextField()),
                ("recorded_at", models.DateTimeField(default=django.utils.timezone.now)),
                ("applied_at", models.DateTimeField(blank=True, null=True)),
                ("dropped_at", models.DateTimeField(blank=True, null=True)),
                ("obstacle", models.TextField(blank=True)),
                (
                    "dropped_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
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
                        related_name="decisions",
                        to="mou.truststatus",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision on a trust status",
                "verbose_name_plural": "decisions on trust statuses",
                "indexes": [
                    models.Index(
                        condition=models.Q(("applied_at", None), ("dropped_at", None)),
                        fields=["effective_on"],
                        name="trustdecision_waiting",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("applied_at", None), ("dropped_at", None)),
                        fields=("status", "kind", "component"),
                        name="trustdecision_one_waiting_of_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("applied_at", None), ("dropped_at", None), _connector="OR"
                        ),
                        name="trustdecision_applied_or_dropped",
                    ),
                ],
            },
        ),
    ]
