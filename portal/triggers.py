"""The SQL that makes the audit tables append-only."""

from __future__ import annotations

TABLES = ("portal_auditevent", "portal_auditseal", "portal_auditstamp", "portal_auditexpiry")
# The one PostgreSQL role that may drop expired segments (`manage.py database_roles`).
RETENTION_ROLE = "portal_retention"

_POSTGRESQL_FUNCTION = f"""
CREATE OR REPLACE FUNCTION portal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'portal_auditevent'
       AND current_user = '{RETENTION_ROLE}' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$
"""


def install_sql(vendor: str) -> list[str]:
    """Statements that put the triggers in place."""
    if vendor == "postgresql":
        return [_POSTGRESQL_FUNCTION] + [
            statement
            for table in TABLES
            for statement in (
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION portal_refuse_change()",
                f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION portal_refuse_change()",
            )
        ]
    return [
        f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for table in TABLES
        for verb in ("UPDATE", "DELETE")
    ]


def remove_sql(vendor: str) -> list[str]:
    """Statements that take them away again."""
    if vendor == "postgresql":
        return [
            f"DROP TRIGGER IF EXISTS {table}_{suffix} ON {table}"
            for table in TABLES
            for suffix in ("append_only", "no_truncate")
        ] + ["DROP FUNCTION IF EXISTS portal_refuse_change()"]
    return [
        f"DROP TRIGGER IF EXISTS {table}_no_{verb}"
        for table in TABLES
        for verb in ("update", "delete")
    ]
