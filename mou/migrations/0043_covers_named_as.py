"""The name that an association typed is kept with the place; of earlier ones only the firm's is."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def name(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    covers = apps.get_model("mou", "Cover").objects
    for cover in covers.select_related("organisation").iterator(chunk_size=500):
        covers.filter(pk=cover.pk).update(named_as=cover.organisation.legal_name)


class Migration(migrations.Migration):
    dependencies = [("mou", "0042_offers_end")]

    operations = [
        migrations.AddField(
            "cover", "named_as", models.CharField("named as", max_length=200, default="")
        ),
        migrations.RunPython(name, migrations.RunPython.noop),
        migrations.AlterField("cover", "named_as", models.CharField("named as", max_length=200)),
    ]
