"""Refuses days of mutual recognition that overlap, by a constraint's name, on both engines."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

NAME = "mutualrecognition_no_overlap"
OVERLAPS = """EXISTS (
    SELECT 1 FROM mou_mutualrecognition other
    WHERE other.scheme_id = NEW.scheme_id AND other.country = NEW.country
    AND other.id <> COALESCE(NEW.id, -1)
    AND other.valid_from IS NOT NULL AND NEW.valid_from IS NOT NULL
    AND (NEW.valid_to IS NULL OR other.valid_from <= NEW.valid_to)
    AND (other.valid_to IS NULL OR other.valid_to >= NEW.valid_from)
)"""
POSTGRESQL = [
    f"""
    CREATE FUNCTION mou_refuse_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF {OVERLAPS} THEN
            RAISE EXCEPTION '{NAME}' USING ERRCODE = 'exclusion_violation', CONSTRAINT = '{NAME}';
        END IF;
        RETURN NEW;
    END $$
    """,
    f"""
    CREATE TRIGGER {NAME} BEFORE INSERT OR UPDATE ON mou_mutualrecognition
    FOR EACH ROW EXECUTE FUNCTION mou_refuse_overlap()
    """,
]
# The number of a new row is not known before: the row itself is left out by its number after.
SQLITE = [
    f"""
    CREATE TRIGGER {NAME}_{verb.lower()} AFTER {verb} ON mou_mutualrecognition FOR EACH ROW
    WHEN {OVERLAPS} BEGIN SELECT RAISE(ABORT, '{NAME}'); END
    """
    for verb in ("INSERT", "UPDATE")
]


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement, params=None)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"DROP TRIGGER {NAME} ON mou_mutualrecognition")
        schema_editor.execute("DROP FUNCTION mou_refuse_overlap()")
        return
    for verb in ("insert", "update"):
        schema_editor.execute(f"DROP TRIGGER {NAME}_{verb}")


class Migration(migrations.Migration):
    dependencies = [("mou", "0036_recognition_days")]
    operations = [migrations.RunPython(install, remove, elidable=False)]
