"""Refuses UPDATE and DELETE on the audit tables, on both engines."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from portal import triggers


def install(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in triggers.install_sql(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def remove(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in triggers.remove_sql(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_people_and_records")]
    operations = [migrations.RunPython(install, remove, elidable=False)]
