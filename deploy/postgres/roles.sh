#!/bin/sh
# First start of an empty database: a role for each process, each with a password of its own.
# What each may do is granted by `manage.py database_roles`, after the tables are made.
set -eu

for role in owner intake site office worker retention; do
    psql --quiet --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 --set role="portal_$role" <<SQL
\\set password \`cat /run/secrets/database_$role\`
CREATE ROLE :"role" LOGIN PASSWORD :'password';
ALTER ROLE :"role" SET idle_in_transaction_session_timeout = '60s';
SQL
done

psql --quiet --username "$POSTGRES_USER" --set ON_ERROR_STOP=1 <<'SQL'
CREATE DATABASE portal OWNER portal_owner;
REVOKE ALL ON DATABASE portal FROM PUBLIC;
REVOKE ALL ON DATABASE postgres FROM PUBLIC;
GRANT CONNECT ON DATABASE portal
    TO portal_intake, portal_site, portal_office, portal_worker, portal_retention;
ALTER ROLE portal_intake SET statement_timeout = '15s';
ALTER ROLE portal_site SET statement_timeout = '15s';
ALTER ROLE portal_office SET statement_timeout = '30s';
SQL
