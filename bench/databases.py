"""A database of its own for each size that is compared."""

from __future__ import annotations

import psycopg2


def database(connected: dict[str, str], name: str) -> dict[str, str]:
    """Make it in the running cluster; the settings of a process that uses it."""
    opened = psycopg2.connect(connected["DATABASE_URL"])
    opened.autocommit = True
    with opened.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    opened.close()
    address = connected["DATABASE_URL"].rpartition("/")[0] + f"/{name}"
    return {"DATABASE_URL": address, "REDIS_URL": connected["REDIS_URL"]}
