"""Files with entries are applied by a worker; a file that was refused can be compared anew."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0017_instrument_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="directoryimport",
            name="directoryimport_decided_keeps_no_content",
        ),
        migrations.RemoveIndex(
            model_name="directoryimport",
            name="directoryimport_waiting",
        ),
        migrations.AddField(
            model_name="directoryimport",
            name="duty",
            field=models.CharField(blank=True, max_length=20),
        ),
        migrations.AddField(
            model_name="directoryimport",
            name="finished_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="directoryimport",
            name="partner",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="partners.partner",
            ),
        ),
        migrations.AlterField(
            model_name="directoryimport",
            name="state",
            field=models.CharField(
                choices=[
                    ("compared", "Waiting for confirmation"),
                    ("applying", "Being applied"),
                    ("applied", "Applied"),
                    ("refused", "Not applied"),
                    ("dropped", "Dropped"),
                ],
                default="compared",
                max_length=10,
                verbose_name="state",
            ),
        ),
        migrations.AddIndex(
            model_name="directoryimport",
            index=models.Index(
                condition=models.Q(("state__in", ("compared", "refused"))),
                fields=["uploaded_at"],
                name="directoryimport_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="directoryimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("compared", "applying")),
                    models.Q(("changes", []), ("state", "refused")),
                    models.Q(("changes", []), ("errors", [])),
                    _connector="OR",
                ),
                name="directoryimport_decided_keeps_no_content",
            ),
        ),
        migrations.AddConstraint(
            model_name="directoryimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ("compared", "dropped")),
                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                    _connector="OR",
                ),
                name="directoryimport_applied_when_confirmed",
            ),
        ),
    ]
