"""What a list would change, kept before it is applied."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mou", "0014_risks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Difference",
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
                            ("downgraded", "Downgraded"),
                            ("changed", "Changed"),
                            ("new", "New"),
                            ("gone", "No longer on the list"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                ("line", models.PositiveIntegerField(blank=True, null=True, verbose_name="line")),
                ("number", models.CharField(max_length=60, verbose_name="certificate number")),
                ("holder", models.CharField(max_length=200, verbose_name="holder")),
                ("changes", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "difference",
                "verbose_name_plural": "differences",
            },
        ),
        migrations.AddField(
            model_name="certificateimport",
            name="compared_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="certificateimport",
            name="complete",
            field=models.BooleanField(default=False, verbose_name="the list is complete"),
        ),
        migrations.AddField(
            model_name="certificateimport",
            name="confirmed_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="certificateimport",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="certificateimport",
            name="counts",
            field=models.JSONField(blank=True, default=dict),
        ),
        migrations.AddField(
            model_name="certificateimport",
            name="rows_compared",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="certificateimport",
            name="status",
            field=models.CharField(
                choices=[
                    ("waiting", "Waiting for a worker"),
                    ("comparing", "Being compared"),
                    ("compared", "Waiting for confirmation"),
                    ("running", "Being applied"),
                    ("finished", "Applied"),
                    ("refused", "Refused"),
                    ("dropped", "Dropped"),
                ],
                default="waiting",
                max_length=20,
                verbose_name="status",
            ),
        ),
        migrations.AddField(
            model_name="difference",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="differences",
                to="mou.certificateimport",
            ),
        ),
        migrations.AddField(
            model_name="difference",
            name="status",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="mou.truststatus",
            ),
        ),
        migrations.AddIndex(
            model_name="difference",
            index=models.Index(fields=["batch", "kind", "id"], name="difference_by_kind"),
        ),
        migrations.AddConstraint(
            model_name="difference",
            constraint=models.UniqueConstraint(
                fields=("batch", "line"), name="difference_line_unique"
            ),
        ),
        migrations.AddConstraint(
            model_name="difference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "gone"), ("line", None)),
                    models.Q(models.Q(("kind", "gone"), _negated=True), ("line__isnull", False)),
                    _connector="OR",
                ),
                name="difference_has_a_line_or_is_gone",
            ),
        ),
    ]
