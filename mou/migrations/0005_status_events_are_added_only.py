"""Refuses UPDATE and DELETE of what happened to trust statuses, on both engines."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

POSTGRESQL = [
    """
    CREATE FUNCTION mou_refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'what happened to a trust status is only ever added to';
    END $$
    """,
    """
    CREATE TRIGGER mou_statusevent_append_only BEFORE UPDATE OR DELETE ON mou_statusevent
    FOR EACH ROW EXECUTE FUNCTION mou_refuse_event_change()
    """,
]
SQLITE = [
    f"""
    CREATE TRIGGER mou_statusevent_no_{verb.lower()} BEFORE {verb} ON mou_statusevent
    BEGIN SELECT RAISE(ABORT, 'what happened to a trust status is only ever added to'); END
    """
    for verb in ("UPDATE", "DELETE")
]


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement, params=None)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER mou_statusevent_append_only ON mou_statusevent")
        schema_editor.execute("DROP FUNCTION mou_refuse_event_change()")
    else:
        for verb in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER mou_statusevent_no_{verb}")


class Migration(migrations.Migration):
    dependencies = [("mou", "0004_history")]
    operations = [migrations.RunPython(install, remove, elidable=False)]
