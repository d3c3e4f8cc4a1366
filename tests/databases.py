"""What tests do to their database that nobody else may: empty it, and act as any of its roles."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection as default
from django.db import transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.operations import BaseDatabaseOperations
from django.db.backends.sqlite3.creation import DatabaseCreation as SQLiteCreation

from portal import database_roles

POSTGRESQL = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
# What setup.test has migrated for all processes of its run; without it each migrates for itself.
TEMPLATE = os.environ.get("PORTAL_TEST_TEMPLATE")
if TEMPLATE and POSTGRESQL:
    default.settings_dict["TEST"]["TEMPLATE"] = TEMPLATE

postgresql = pytest.mark.skipif(not POSTGRESQL, reason="only PostgreSQL has this")

MADE_BY_DJANGO = ("django_content_type", "auth_permission")
# As nobody vacuums (setup/test.py), what was deleted is swept out after so many tests that empty.
SWEPT_AFTER = 40
_emptied = itertools.count(1)

_flush = BaseDatabaseOperations.execute_sql_flush
_create_sqlite = SQLiteCreation._create_test_db  # type: ignore[attr-defined]


def create_sqlite_from_template(creation: Any, *args: Any, **options: Any) -> str:
    """Stands in for Django's own, which knows templates on PostgreSQL only."""
    name: str = _create_sqlite(creation, *args, **options)
    if TEMPLATE and not Path(name).exists():
        for leftover in ("-wal", "-shm"):
            Path(f"{name}{leftover}").unlink(missing_ok=True)
        shutil.copyfile(TEMPLATE, name)
    return name


def drop_postgresql(creation: Any, name: str, verbosity: int) -> None:
    """Stands in for Django's own, which refuses while somebody is there.

    Django keeps connections apart for code in a running event loop, as a browser's is after any
    journey: one of that kind is still open when the loop has ended, and nobody can reach it.
    """
    with creation._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {creation._quote_name(name)} WITH (FORCE)")


def bytes_of(path: Path) -> bytes:
    """A file's content; that of a database is read by another process.

    SQLite's locks are the process's own: closing the file here, a second time, would take them
    away from the open connection, and the next process to come would tear the log from under it.
    """
    if "sqlite3" in path.name:
        return subprocess.run(["cat", str(path)], check=True, capture_output=True).stdout
    return path.read_bytes()


@contextmanager
def without_triggers(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Takes every trigger of ours away and puts the same ones back."""
    take_away, put_back = (
        _postgresql(connection) if connection.vendor == "postgresql" else _sqlite(connection)
    )
    _execute(connection, take_away)
    try:
        yield
    finally:
        _execute(connection, put_back)


def flush_without_triggers(operations: Any, statements: list[str]) -> None:
    """Stands in for Django's own between two tests that do not roll back.

    What Django fills again after each emptying stays: it would be the same.
    """
    if operations.connection.vendor == "postgresql":
        return _empty_postgresql(operations.connection)
    quoted = [operations.quote_name(table) for table in MADE_BY_DJANGO]
    with without_triggers(operations.connection):
        _flush(operations, [one for one in statements if not any(q in one for q in quoted)])


def _empty_postgresql(connection: BaseDatabaseWrapper) -> None:
    """Deletes from those tables that hold something: few do, and to truncate all takes longer.

    Rows so lie in the order in which they came, as long as no room is given back one by one.
    """
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    quoted = [connection.ops.quote_name(name) for name in names if name not in MADE_BY_DJANGO]
    asks = " UNION ALL ".join(
        f"SELECT {number} WHERE EXISTS (SELECT 1 FROM {table})"  # noqa: S608 - our own names
        for number, table in enumerate(quoted)
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(asks)
        filled = [quoted[number] for (number,) in cursor.fetchall()]
        # No trigger and no foreign key is asked: all goes that they could speak of.
        cursor.execute("SET LOCAL session_replication_role = replica")
        if next(_emptied) % SWEPT_AFTER == 0:
            cursor.execute(f"TRUNCATE {', '.join(quoted)}")
            return
        for table in filled:
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608


def _sqlite(connection: BaseDatabaseWrapper) -> tuple[list[str], list[str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        rows = cursor.fetchall()
    return [f'DROP TRIGGER "{name}"' for name, _ in rows], [sql for _, sql in rows]


def _postgresql(connection: BaseDatabaseWrapper) -> tuple[list[str], list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        )
        tables = [table for (table,) in cursor.fetchall()]
    return (
        [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in tables],
        [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in tables],
    )


def _execute(connection: BaseDatabaseWrapper, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def roles(db: None) -> None:
    """The roles of `manage.py database_roles`, in the test's own transaction, gone with it."""
    _execute(default, list(database_roles.statements()))


@contextmanager
def acting_as(role: str) -> Iterator[Any]:
    """Everything inside is done by this role; needs the fixture `roles`.

    An error inside undoes the change of role with all else.
    """
    with transaction.atomic(), default.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {database_roles.name(role)}")
        yield cursor
        cursor.execute("RESET ROLE")
