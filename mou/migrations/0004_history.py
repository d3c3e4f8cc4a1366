"""A view on the audit record that shows what happened to agreements and nothing else."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SELECT = """
    SELECT id, event, actor, target_type, target_id, organisation_id, reason, at
    FROM portal_auditevent
    WHERE kind = 'alteration'
      AND target_type IN ('mou.mouoffer', 'mou.mou', 'mou.mouversion')
"""


def create(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    # Without the barrier a function of the asker's own could look at rows before they are sorted out.
    barrier = "WITH (security_barrier)" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"CREATE VIEW mou_history {barrier} AS {SELECT}")


def drop(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    schema_editor.execute("DROP VIEW mou_history")


class Migration(migrations.Migration):
    dependencies = [
        ("mou", "0003_rows_taken_with_a_doubt"),
        ("portal", "0003_seals_and_lists_remember"),
    ]
    operations = [
        migrations.RunPython(create, drop),
        migrations.CreateModel(
            name="HistoryEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("event", models.CharField(max_length=60)),
                ("actor", models.CharField(max_length=60)),
                ("target_type", models.CharField(max_length=60)),
                ("target_id", models.CharField(max_length=60)),
                ("organisation_id", models.BigIntegerField(null=True)),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "mou_history", "managed": False},
        ),
    ]
