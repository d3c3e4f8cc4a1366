"""The SQL that gives each process a database role of its own, and each role what it needs."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from portal.rights import OWN_ROWS

ROLES = ("intake", "site", "office", "worker", "retention")
# Tables that no model stands for.
WITHOUT_MODEL = {"django_migrations"}


class Undecided(Exception):
    """A table whose rights nobody decided, or rights for a table that is not there."""


def rights() -> dict[str, dict[str, str]]:
    """Table → role → privileges, as each app decided for its own; Undecided when one is missing."""
    decided: dict[str, dict[str, str]] = {}
    for config in apps.get_app_configs():
        if config.module and module_has_submodule(config.module, "rights"):
            decided |= import_module(f"{config.name}.rights").RIGHTS
    there = tables()
    if missing := sorted(there - set(decided)):
        raise Undecided(f"Decide in <app>/rights.py who may use {', '.join(missing)}.")
    if unknown := sorted(set(decided) - there):
        raise Undecided(f"<app>/rights.py names tables that do not exist: {', '.join(unknown)}.")
    return decided


def functions() -> dict[str, tuple[str, ...]]:
    """Function → the roles that may call it: each reads for them what they may not read."""
    decided: dict[str, tuple[str, ...]] = {}
    for config in apps.get_app_configs():
        if config.module and module_has_submodule(config.module, "rights"):
            decided |= getattr(import_module(f"{config.name}.rights"), "FUNCTIONS", {})
    return decided


def own_rows() -> dict[str, str]:
    """Table → the rows that the site's role may see, as the kernel and each app decided."""
    decided = dict(OWN_ROWS)
    for config in apps.get_app_configs():
        if config.module and module_has_submodule(config.module, "rights"):
            decided |= getattr(import_module(f"{config.name}.rights"), "OWN_ROWS", {})
    return decided


def tables() -> set[str]:
    known = apps.get_models(include_auto_created=True)
    return {model._meta.db_table for model in known} | WITHOUT_MODEL


def statements() -> Iterator[str]:
    """Everything, in order; may run again after every update. The owner of the tables runs it."""
    decided = rights()
    everybody = ", ".join(name(role) for role in ROLES)
    for role in ROLES:
        yield (
            # Asked first: the owner of the tables need not be one who may make roles.
            f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name(role)}') "
            f"THEN CREATE ROLE {name(role)} LOGIN; END IF; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
    yield "REVOKE CREATE ON SCHEMA public FROM PUBLIC"
    yield f"GRANT USAGE ON SCHEMA public TO {everybody}"
    for table in sorted(decided):
        yield f"REVOKE ALL ON {table} FROM PUBLIC, {everybody}"
        for role, privileges in decided[table].items():
            yield f"GRANT {privileges} ON {table} TO {name(role)}"
    for function, callers in functions().items():
        yield f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC, {everybody}"
        for role in callers:
            yield f"GRANT EXECUTE ON FUNCTION {function} TO {name(role)}"
    for table, rows in own_rows().items():
        yield from _row_security(table, rows, decided[table])


def name(role: str) -> str:
    return f"portal_{role}"


def _row_security(table: str, rows: str, granted: dict[str, str]) -> Iterator[str]:
    """The site sees these rows only; other roles with rights see all, and the owner is exempt."""
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    for role in granted:
        policy = f"{table}_{role}"
        what = rows if role == "site" else "true"
        yield f"DROP POLICY IF EXISTS {policy} ON {table}"
        yield (
            f"CREATE POLICY {policy} ON {table} TO {name(role)} USING ({what}) WITH CHECK ({what})"
        )
