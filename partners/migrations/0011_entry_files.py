"""Files that officers send to change the directory, compared first."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0010_engagements"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DirectoryImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=200, verbose_name="file")),
                (
                    "kind",
                    models.CharField(
                        choices=[("csv", "Table (CSV)"), ("vcard", "Cards (vCard)")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                (
                    "uploaded_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="sent"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("compared", "Waiting for confirmation"),
                            ("applied", "Applied"),
                            ("dropped", "Dropped"),
                        ],
                        default="compared",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("counts", models.JSONField(default=dict)),
                ("changes", models.JSONField(default=list)),
                ("errors", models.JSONField(default=list)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
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
                    "uploaded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="sent by",
                    ),
                ),
            ],
            options={
                "verbose_name": "file with entries",
                "verbose_name_plural": "files with entries",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "compared")),
                        fields=["uploaded_at"],
                        name="directoryimport_waiting",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state", "compared"),
                            models.Q(("changes", []), ("errors", [])),
                            _connector="OR",
                        ),
                        name="directoryimport_decided_keeps_no_content",
                    )
                ],
            },
        ),
    ]
