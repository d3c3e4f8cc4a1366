"""Several people who sign for a firm together."""

import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("mou", "0031_proofs_are_frozen"),
        ("portal", "0007_handovers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FurtherSignatory",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("function", models.CharField(max_length=120, verbose_name="function")),
                ("named_at", models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                "verbose_name": "further signatory",
                "verbose_name_plural": "further signatories",
            },
        ),
        migrations.RemoveConstraint(
            model_name="delegation",
            name="delegation_one_live_per_version",
        ),
        migrations.RemoveConstraint(
            model_name="signature",
            name="signature_one_live_per_party",
        ),
        migrations.AddField(
            model_name="mouversion",
            name="signatures_needed",
            field=models.PositiveSmallIntegerField(
                default=1, verbose_name="signatures of the firm"
            ),
        ),
        migrations.AddField(
            model_name="mouversion",
            name="signing_power",
            field=models.TextField(
                blank=True, verbose_name="why the firm needs so many signatures"
            ),
        ),
        migrations.AddField(
            model_name="signature",
            name="place",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="signature",
            name="signatory",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="portal.membership",
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="step",
            field=models.CharField(
                choices=[
                    ("sealed", "Sealed by the administration"),
                    ("business", "Signed by the firm"),
                    ("business_stamped", "Signed by the firm, time-stamped"),
                    ("business_2", "Signed by the firm a second time"),
                    ("business_2_stamped", "Signed by the firm a second time, time-stamped"),
                    ("business_3", "Signed by the firm a third time"),
                    ("business_3_stamped", "Signed by the firm a third time, time-stamped"),
                    ("administration", "Countersigned"),
                    ("administration_stamped", "Countersigned, time-stamped"),
                    ("archived", "Archived"),
                    ("evidence", "Evidence report"),
                ],
                max_length=30,
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("version", "signatory"),
                name="delegation_one_live_per_signatory",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None)),
                fields=("version", "delegate"),
                name="delegation_one_live_per_delegate",
            ),
        ),
        migrations.AddConstraint(
            model_name="mouversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("signatures_needed__range", (1, 3))),
                name="mouversion_signatures_needed_in_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="mouversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("signatures_needed", 1),
                    models.Q(("signing_power", ""), _negated=True),
                    _connector="OR",
                ),
                name="mouversion_says_why_so_many_sign",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["authorised", "signed", "stamped"])),
                fields=("version", "party", "place"),
                name="signature_one_live_per_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["authorised", "signed", "stamped"])),
                fields=("version", "signer"),
                name="signature_one_live_per_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status__in", ["authorised", "signed", "stamped"])),
                fields=("version", "signatory"),
                name="signature_one_live_per_signatory",
            ),
        ),
        migrations.AddConstraint(
            model_name="signature",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("party", "business"), ("place__range", (1, 3))),
                    models.Q(("party", "administration"), ("place", 1)),
                    _connector="OR",
                ),
                name="signature_place_of_its_party",
            ),
        ),
        migrations.AddField(
            model_name="furthersignatory",
            name="membership",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="portal.membership",
            ),
        ),
        migrations.AddField(
            model_name="furthersignatory",
            name="mou",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="further_signatories",
                to="mou.mou",
            ),
        ),
        migrations.AddConstraint(
            model_name="furthersignatory",
            constraint=models.UniqueConstraint(
                fields=("mou", "membership"), name="furthersignatory_once_per_agreement"
            ),
        ),
    ]
