"""Freezes with the text how many people sign it for the firm, on both engines.

SQLite makes a table anew for its constraints and drops the triggers on the old one, so this one is
installed anew there as well.
"""

from importlib import import_module

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

FROZEN = import_module("mou.migrations.0002_agreed_text_is_frozen")
POSTGRESQL = """
    CREATE TRIGGER mou_mouversion_power_frozen BEFORE UPDATE ON mou_mouversion FOR EACH ROW
    WHEN (OLD.status <> 'draft' AND (OLD.signatures_needed <> NEW.signatures_needed
          OR OLD.signing_power <> NEW.signing_power))
    EXECUTE FUNCTION mou_refuse_text_change()
    """
SQLITE = """
    CREATE TRIGGER mou_mouversion_power_frozen BEFORE UPDATE ON mou_mouversion FOR EACH ROW
    WHEN OLD.status <> 'draft' AND (OLD.signatures_needed IS NOT NEW.signatures_needed
         OR OLD.signing_power IS NOT NEW.signing_power)
    BEGIN SELECT RAISE(ABORT, 'the text of an agreed version is frozen'); END
    """


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL, params=None)
        return
    schema_editor.execute("DROP TRIGGER IF EXISTS mou_mouversion_text_frozen", params=None)
    for statement in [*FROZEN.SQLITE, SQLITE]:
        schema_editor.execute(statement, params=None)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    on = " ON mou_mouversion" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER mou_mouversion_power_frozen{on}")


class Migration(migrations.Migration):
    dependencies = [("mou", "0032_signatories")]
    operations = [migrations.RunPython(install, remove, elidable=False)]
