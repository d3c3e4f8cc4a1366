"""Reviews, suspensions and notices; what an agreement rests on and until when it runs."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mou", "0006_listing"),
        ("portal", "0005_keys_and_pins"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "party",
                    models.CharField(
                        choices=[
                            ("business", "The firm"),
                            ("administration", "The administration"),
                        ],
                        max_length=20,
                        verbose_name="given by",
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "given_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="given"),
                ),
                ("last_day", models.DateField(blank=True, null=True, verbose_name="last day")),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "notice",
                "verbose_name_plural": "notices",
            },
        ),
        migrations.CreateModel(
            name="Review",
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
                            ("yearly", "Yearly review"),
                            ("suspension", "Review after a suspension"),
                        ],
                        max_length=20,
                        verbose_name="cause",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Waits for the firm"),
                            ("answered", "Answered by the firm"),
                            ("closed", "Closed"),
                        ],
                        default="open",
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                (
                    "opened_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="opened"),
                ),
                ("due_on", models.DateField(verbose_name="due")),
                ("answer", models.TextField(blank=True, verbose_name="the firm’s answer")),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("minutes", models.TextField(blank=True, verbose_name="minutes")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("continue", "The agreement goes on as it is"),
                            ("amend", "The agreement is to be amended"),
                            ("end", "The agreement is to end"),
                        ],
                        max_length=20,
                        verbose_name="outcome",
                    ),
                ),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "review",
                "verbose_name_plural": "reviews",
            },
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cause",
                    models.CharField(
                        choices=[
                            ("trust", "The certificate is not valid"),
                            ("officer", "Decided by an officer"),
                        ],
                        max_length=20,
                        verbose_name="cause",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                (
                    "since",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="since"),
                ),
                (
                    "until",
                    models.DateField(
                        blank=True, null=True, verbose_name="to be looked at again on"
                    ),
                ),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
            ],
            options={
                "verbose_name": "suspension",
                "verbose_name_plural": "suspensions",
            },
        ),
        migrations.RemoveConstraint(
            model_name="mou",
            name="mou_one_live_per_firm_and_programme",
        ),
        migrations.RemoveConstraint(
            model_name="mou",
            name="mou_ended_at_with_status",
        ),
        migrations.AddField(
            model_name="mou",
            name="basis",
            field=models.CharField(
                choices=[
                    ("trust_status", "Trust status"),
                    ("interest", "Expression of interest"),
                    ("outreach", "Outreach"),
                ],
                default="interest",
                max_length=20,
                verbose_name="basis",
            ),
        ),
        migrations.AddField(
            model_name="mou",
            name="ends_on",
            field=models.DateField(blank=True, null=True, verbose_name="last day"),
        ),
        migrations.AddField(
            model_name="mou",
            name="next_review_on",
            field=models.DateField(blank=True, null=True, verbose_name="next review"),
        ),
        migrations.AddField(
            model_name="mou",
            name="trust_status",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="mous",
                to="mou.truststatus",
            ),
        ),
        migrations.AlterField(
            model_name="mou",
            name="status",
            field=models.CharField(
                choices=[
                    ("preparation", "In preparation"),
                    ("negotiation", "Text with the firm"),
                    ("ready", "Text agreed"),
                    ("signing", "Being signed"),
                    ("in_force", "In force"),
                    ("suspended", "Suspended"),
                    ("withdrawn", "Withdrawn"),
                    ("terminated", "Ended"),
                    ("expired", "Expired"),
                ],
                default="preparation",
                max_length=20,
                verbose_name="status",
            ),
        ),
        migrations.AddIndex(
            model_name="mou",
            index=models.Index(fields=["ends_on"], name="mou_by_last_day"),
        ),
        migrations.AddIndex(
            model_name="mou",
            index=models.Index(fields=["next_review_on"], name="mou_by_next_review"),
        ),
        migrations.AddIndex(
            model_name="mou",
            index=models.Index(fields=["-in_force_at"], name="mou_by_in_force_at"),
        ),
        migrations.AddConstraint(
            model_name="mou",
            constraint=models.UniqueConstraint(
                condition=models.Q(
                    ("status__in", ["withdrawn", "terminated", "expired"]), _negated=True
                ),
                fields=("organisation", "programme"),
                name="mou_one_live_per_firm_and_programme",
            ),
        ),
        migrations.AddConstraint(
            model_name="mou",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("ended_at__isnull", False),
                        ("status__in", ["withdrawn", "terminated", "expired"]),
                    ),
                    models.Q(
                        models.Q(
                            ("status__in", ["withdrawn", "terminated", "expired"]), _negated=True
                        ),
                        ("ended_at", None),
                    ),
                    _connector="OR",
                ),
                name="mou_ended_at_with_status",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="approved_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="given_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="mou",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="mou.mou"
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="taken_back_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="closed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="review",
            name="mou",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="reviews", to="mou.mou"
            ),
        ),
        migrations.AddField(
            model_name="suspension",
            name="imposed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="suspension",
            name="lifted_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="suspension",
            name="mou",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="suspensions",
                to="mou.mou",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("last_day__isnull", False), ("taken_back_at", None)),
                fields=("mou",),
                name="notice_one_live_per_agreement",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("last_day", None), ("taken_back_at", None)),
                fields=("mou",),
                name="notice_one_proposal_per_agreement",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("last_day__isnull", False), ("party", "administration"), _connector="OR"
                ),
                name="notice_at_once_is_the_administrations",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by", None),
                    models.Q(("approved_by", models.F("given_by")), _negated=True),
                    _connector="OR",
                ),
                name="notice_approved_by_another",
            ),
        ),
        migrations.AddIndex(
            model_name="review",
            index=models.Index(fields=["status", "due_on"], name="review_by_status_and_due"),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "closed"), _negated=True),
                fields=("mou", "cause"),
                name="review_one_open_per_cause",
            ),
        ),
        migrations.AddConstraint(
            model_name="review",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("closed_at__isnull", False),
                        ("status", "closed"),
                        models.Q(("outcome", ""), _negated=True),
                        models.Q(("minutes", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("status", "closed"), _negated=True),
                        ("closed_at", None),
                        ("outcome", ""),
                    ),
                    _connector="OR",
                ),
                name="review_closed_with_an_outcome",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("lifted_at", None)),
                fields=("mou", "cause"),
                name="suspension_one_open_per_cause",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("cause", "trust"),
                    models.Q(
                        models.Q(("reason", ""), _negated=True), ("imposed_by__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="suspension_by_an_officer_has_a_reason",
            ),
        ),
    ]
