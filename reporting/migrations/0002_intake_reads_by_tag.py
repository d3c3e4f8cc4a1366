"""Two functions through which intake reads by tag what it may not select."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from reporting import functions


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in functions.install_sql(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in functions.remove_sql(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_reports")]
    operations = [migrations.RunPython(install, remove, elidable=False)]
