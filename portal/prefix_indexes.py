"""Indexes for “begins with, capitals aside”, as the lists of the desk search."""

from __future__ import annotations

from collections.abc import Callable

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def prefix_index(table: str, column: str) -> migrations.RunPython:
    """A step of a migration: on PostgreSQL only, where Django asks for UPPER(column) LIKE 'X%'.

    SQLite has no index that serves it, and the embedded register is small enough to be read.
    """
    name = f"{table}_{column}_begins"
    return migrations.RunPython(
        _on_postgresql(
            f'CREATE INDEX "{name}" ON "{table}" (UPPER("{column}"::text) text_pattern_ops)'
        ),
        _on_postgresql(f'DROP INDEX "{name}"'),
    )


def _on_postgresql(statement: str) -> Callable[[Apps, BaseDatabaseSchemaEditor], None]:
    def run(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(statement)

    return run
