"""Refuses any change of a version's text once it is no longer a draft, on both engines."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

POSTGRESQL = [
    """
    CREATE FUNCTION mou_refuse_text_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the text of an agreed version is frozen';
    END $$
    """,
    """
    CREATE TRIGGER mou_mouversion_text_frozen BEFORE UPDATE ON mou_mouversion FOR EACH ROW
    WHEN (OLD.status <> 'draft' AND (OLD.content IS DISTINCT FROM NEW.content
          OR OLD.content_hash <> NEW.content_hash))
    EXECUTE FUNCTION mou_refuse_text_change()
    """,
]
SQLITE = [
    """
    CREATE TRIGGER mou_mouversion_text_frozen BEFORE UPDATE ON mou_mouversion FOR EACH ROW
    WHEN OLD.status <> 'draft' AND (OLD.content IS NOT NEW.content
         OR OLD.content_hash <> NEW.content_hash)
    BEGIN SELECT RAISE(ABORT, 'the text of an agreed version is frozen'); END
    """
]


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    statements = POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement, params=None)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER mou_mouversion_text_frozen ON mou_mouversion")
        schema_editor.execute("DROP FUNCTION mou_refuse_text_change()")
    else:
        schema_editor.execute("DROP TRIGGER mou_mouversion_text_frozen")


class Migration(migrations.Migration):
    dependencies = [("mou", "0001_agreements")]
    operations = [migrations.RunPython(install, remove, elidable=False)]
