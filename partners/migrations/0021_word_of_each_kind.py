import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone


def put_each_where_it_belongs(apps, schema_editor):
    """The one wording that stood is one of its kind; when it was approved was not kept till now."""
    exchanges = apps.get_model("partners", "Exchange").objects.filter(answer_version__gt=0)
    OurWord = apps.get_model("partners", "OurWord")
    now = timezone.now()
    for one in exchanges.iterator():
        OurWord.objects.create(
            exchange=one,
            leaves_as=one.answer_leaves_as,
            version=one.answer_version,
            by_id=one.answer_by_id,
            approved_by_id=one.answer_approved_by_id,
            approved_at=now if one.answer_approved_by_id else None,
        )


def person():
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0020_forget_search_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OurWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "leaves_as",
                    models.CharField(
                        choices=[
                            ("answer", "Answer"),
                            ("question", "Question"),
                            ("notice", "Notice that the clock is paused"),
                            ("refusal", "Refusal"),
                        ],
                        max_length=8,
                    ),
                ),
                ("version", models.PositiveIntegerField()),
                ("approved_at", models.DateTimeField(blank=True, null=True)),
                ("approved_by", person()),
                ("by", person()),
                (
                    "exchange",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="our_words",
                        to="partners.exchange",
                    ),
                ),
            ],
            options={
                "verbose_name": "word of ours",
                "verbose_name_plural": "words of ours",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("exchange", "leaves_as"), name="ourword_one_per_kind"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(approved_by=None)
                        | (models.Q(by__isnull=False) & ~models.Q(approved_by=models.F("by"))),
                        name="ourword_takes_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(approved_at=None, approved_by=None)
                        | models.Q(approved_at__isnull=False, approved_by__isnull=False),
                        name="ourword_approved_at_with_by",
                    ),
                ],
            },
        ),
        migrations.RunPython(put_each_where_it_belongs, migrations.RunPython.noop, elidable=True),
        migrations.RemoveConstraint(model_name="exchange", name="exchange_answer_takes_two"),
        migrations.RemoveField(model_name="exchange", name="answer_approved_by"),
        migrations.RemoveField(model_name="exchange", name="answer_by"),
        migrations.RemoveField(model_name="exchange", name="answer_leaves_as"),
    ]
