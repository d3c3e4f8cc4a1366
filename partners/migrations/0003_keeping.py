"""Who changed an entry last, and what is left of holders when their data are erased."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def name_each(apps, schema_editor):
    """A number of its own for each holder that is there already."""
    holders = apps.get_model("partners", "Holder").objects.using(schema_editor.connection.alias)
    for holder in holders.filter(uuid=None):
        holder.uuid = uuid.uuid4()
        holder.save(update_fields=["uuid"])


class Migration(migrations.Migration):
    dependencies = [
        ("partners", "0002_instrument_parties"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="contactpoint",
            name="changed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="contactpoint",
            name="changed_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="holder",
            name="erased_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="holder",
            name="uuid",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.RunPython(name_each, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="holder",
            name="uuid",
            field=models.UUIDField(default=uuid.uuid4, editable=False, unique=True),
        ),
        migrations.AddField(
            model_name="partner",
            name="changed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="partner",
            name="changed_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="changed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="post",
            name="changed_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="holder",
            index=models.Index(
                condition=models.Q(("erased_at", None)),
                fields=["until"],
                name="holder_to_be_erased",
            ),
        ),
        migrations.AddConstraint(
            model_name="holder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("erased_at", None), ("name__gt", "")),
                    models.Q(
                        ("direct_line", ""),
                        ("email", ""),
                        ("erased_at__isnull", False),
                        ("name", ""),
                        ("title", ""),
                        ("until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="holder_erased_names_nobody",
            ),
        ),
    ]
