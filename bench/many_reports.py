"""Makes a great many reports straight in PostgreSQL: plain columns and identifiers, no content.

What is measured with them (lists, filters, searches) never looks at an envelope, and a million
envelopes would take an hour to seal.
"""

from __future__ import annotations

from django.db import connection

# Twenty reports an hour, going back from now; every seventh is still open somewhere.
REPORTS = """
INSERT INTO reporting_report (
    id, reference, received_hour, status, unit, urgent, priority, category, direction, mode, place,
    origin, destination,
    source_grade, information_grade, handling, consent_note, eu_finances, assess_due, news_at,
    assigned_to_id, opened_at, closed_at, review_due, outcome
)
SELECT
    (lpad(to_hex((extract(epoch FROM now())::bigint / 3600 - n / 20)::int), 8, '0')
        || substr(md5(n::text), 1, 24))::uuid,
    'SR-' || lpad(upper(to_hex(n)), 5, '0') || '-' || upper(substr(md5('r' || n), 1, 5)),
    date_trunc('hour', now()) - (n / 20) * interval '1 hour',
    CASE WHEN n <= 300 THEN (ARRAY['received', 'acknowledged', 'triaged', 'assessed'])[1 + n %% 4]
         WHEN n %% 7 = 0 THEN (ARRAY['action', 'no_action', 'out_of_scope'])[1 + n %% 3]
         ELSE 'closed' END,
    'desk',
    n <= 300 AND n %% 40 = 0,
    CASE WHEN n %% 3 = 0 THEN '' ELSE 'P' || (1 + n %% 4) END,
    (ARRAY['NARCOTICS', 'TOBACCO', 'WEAPONS', 'CASH'])[1 + n %% 4],
    (ARRAY['IMPORT', 'EXPORT', 'TRANSIT'])[1 + n %% 3],
    (n %% 6)::text,
    (ARRAY['SEGOT', 'NLRTM', 'SESTO'])[1 + n %% 3],
    '', CASE WHEN n %% 5 = 0 THEN 'AU' ELSE '' END,
    CASE WHEN n %% 2 = 0 THEN 'X' ELSE '' END,
    CASE WHEN n %% 2 = 0 THEN '4' ELSE '' END,
    'H2', '', n %% 50 = 0,
    CASE WHEN n <= 300 THEN now() + (n - 150) * interval '1 hour' END,
    CASE WHEN n <= 300 AND n %% 25 = 0 THEN now() END,
    CASE WHEN n <= 300 AND n %% 5 = 0 THEN %(officer)s END,
    CASE WHEN n > 100 THEN now() END,
    CASE WHEN n > 300 AND n %% 7 <> 0 THEN now() - (n / 20) * interval '1 hour' END,
    (now() + interval '180 days')::date,
    CASE WHEN n <= 300 THEN ''
         WHEN n %% 7 = 0 THEN (ARRAY['action', 'no_action', 'out_of_scope'])[1 + n %% 3]
         ELSE 'no_action' END
FROM generate_series(1, %(count)s) AS n
"""
IDENTIFIERS = """
INSERT INTO reporting_identifier (id, report_id, kind, digest)
SELECT gen_random_uuid(), id, 'container', sha256(id::text::bytea) FROM reporting_report
"""
SAME = """
UPDATE reporting_identifier SET digest = %(digest)s
WHERE id IN (SELECT id FROM reporting_identifier ORDER BY report_id DESC LIMIT 5)
"""


def generate(count: int, *, officer_id: int, digest: bytes) -> None:
    """So many reports, some of them the officer's, five of which share one identifier."""
    with connection.cursor() as cursor:
        cursor.execute(REPORTS, {"count": count, "officer": officer_id})
        cursor.execute(IDENTIFIERS)
        cursor.execute(SAME, {"digest": digest})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reporting_report")
        cursor.execute("ANALYZE reporting_identifier")
