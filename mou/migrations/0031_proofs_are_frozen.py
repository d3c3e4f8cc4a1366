"""Refuses files for a measure that was verified or dropped, and any change of one, on both engines."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SAID = "the proof of a measure stays as it was looked at"
OVER = "(SELECT status FROM mou_measure WHERE id = NEW.measure_id) IN ('verified', 'dropped')"
POSTGRESQL = [
    f"""
    CREATE FUNCTION mou_refuse_proof() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'INSERT' AND NOT {OVER} THEN
            RETURN NEW;
        END IF;
        RAISE EXCEPTION '{SAID}';
    END $$
    """,
    """
    CREATE TRIGGER mou_measurefile_frozen BEFORE INSERT OR UPDATE ON mou_measurefile
    FOR EACH ROW EXECUTE FUNCTION mou_refuse_proof()
    """,
]
SQLITE = [
    f"""
    CREATE TRIGGER mou_measurefile_frozen_insert BEFORE INSERT ON mou_measurefile FOR EACH ROW
    WHEN {OVER} BEGIN SELECT RAISE(ABORT, '{SAID}'); END
    """,
    f"""
    CREATE TRIGGER mou_measurefile_frozen_update BEFORE UPDATE ON mou_measurefile FOR EACH ROW
    BEGIN SELECT RAISE(ABORT, '{SAID}'); END
    """,
]


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement, params=None)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER mou_measurefile_frozen ON mou_measurefile")
        schema_editor.execute("DROP FUNCTION mou_refuse_proof()")
        return
    for name in ("mou_measurefile_frozen_insert", "mou_measurefile_frozen_update"):
        schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("mou", "0030_measure_files")]
    operations = [migrations.RunPython(install, remove, elidable=False)]
