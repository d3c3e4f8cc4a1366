"""Lists that were applied before there was a second step: whoever sent them wanted that."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import F


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    batches = apps.get_model("mou", "CertificateImport").objects
    batches.exclude(rows_done=0).update(
        confirmed_at=F("uploaded_at"), confirmed_by=F("uploaded_by"), rows_compared=F("rows_total")
    )
    # One that was in the middle of its work is sent again: nobody saw what is left of it.
    batches.filter(status="running").update(status="dropped")
    if schema_editor.connection.vendor == "postgresql":
        # The table is altered next, which waits for no check that is still to be made.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


class Migration(migrations.Migration):
    dependencies = [("mou", "0015_compared_imports")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="certificateimport",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("rows_done", 0), ("confirmed_at__isnull", False), _connector="OR"
                ),
                name="certificateimport_applied_when_confirmed",
            ),
        ),
    ]
