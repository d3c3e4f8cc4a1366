"""The SQL of the two functions through which intake reads, on PostgreSQL, what it may not select.

They run with the rights of the tables' owner: each name in them is written in full, and their
search path is pinned. A tag opens nothing but what its holder is told anyway.
"""

from __future__ import annotations

# What a reporter is told of each status (lifecycle.PLAIN; a test holds the two together).
_STATE = """CASE r.status
        WHEN 'received' THEN 'received'
        WHEN 'acknowledged' THEN 'read'
        WHEN 'closed' THEN 'closed'
        WHEN 'retention_review' THEN 'closed'
        WHEN 'erased' THEN 'erased'
        ELSE 'working' END"""

INBOX = f"""
CREATE OR REPLACE FUNCTION public.reporting_inbox(wanted text) RETURNS TABLE (
    report_id uuid, reference text, state text, unit text, received_hour timestamptz,
    acknowledge_due timestamptz, acknowledged boolean,
    feedback_due timestamptz, feedback_given boolean,
    envelope_id uuid, version integer, ciphertext bytea, signature bytea, signed_by text,
    created_hour timestamptz, recipient text, sealed bytea
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.id, r.reference, {_STATE}, r.unit, r.received_hour,
        r.acknowledge_due, r.acknowledged_at IS NOT NULL,
        r.feedback_due, r.feedback_at IS NOT NULL,
        e.id, e.version, e.ciphertext, e.signature, e.signed_by,
        e.created_hour, s.recipient, s.sealed
    FROM public.reporting_reporter p
    JOIN public.reporting_report r ON r.id = p.report_id
    LEFT JOIN (
        public.reporting_envelope e
        JOIN public.reporting_slot s ON s.envelope_id = e.id AND s.recipient LIKE 'reporter#%'
    ) ON e.report_id = r.id AND e.kind = 'reply'
    WHERE p.tag = wanted
$$
"""

OF_FIRM = f"""
CREATE OR REPLACE FUNCTION public.reporting_of_firm(tags text[], before text) RETURNS TABLE (
    reference text, received_hour timestamptz, state text, feedback text
) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT r.reference, r.received_hour, {_STATE}, coalesce((
        SELECT f.code FROM public.reporting_feedback f
        WHERE f.report_id = r.id ORDER BY f.id DESC LIMIT 1), '')
    FROM public.reporting_firm m
    JOIN public.reporting_report r ON r.id = m.report_id
    WHERE m.tag = ANY (tags) AND (before = '' OR r.id < (
        SELECT b.id FROM public.reporting_report b
        JOIN public.reporting_firm n ON n.report_id = b.id
        WHERE b.reference = before AND n.tag = ANY (tags)))
    ORDER BY r.id DESC LIMIT 51
$$
"""

SIGNATURES = ("public.reporting_inbox(text)", "public.reporting_of_firm(text[], text)")


def install_sql(vendor: str) -> list[str]:
    """Statements that make them, callable by nobody until `manage.py database_roles` says so."""
    if vendor != "postgresql":
        return []
    shut = [f"REVOKE ALL ON FUNCTION {one} FROM PUBLIC" for one in SIGNATURES]
    return [INBOX, OF_FIRM, *shut]


def remove_sql(vendor: str) -> list[str]:
    if vendor != "postgresql":
        return []
    return [f"DROP FUNCTION IF EXISTS {one}" for one in SIGNATURES]
