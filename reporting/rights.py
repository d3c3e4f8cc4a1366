"""What each database role may do with the reports' tables: intake adds and cannot read."""

from __future__ import annotations

from portal.rights import ALL, READ, READ_ADD, READ_WRITE

# The worker keeps clocks, counts and erases by the plain columns; it never sees ciphertext.
ERASES = "SELECT (id, report_id, kind, version, created_hour, author_id), DELETE"

# What intake reads of reports it reads through these alone (reporting/functions.py): by the tag
# that only a receipt gives, or by that of a firm.
FUNCTIONS: dict[str, tuple[str, ...]] = {
    "reporting_inbox(text)": ("intake",),
    "reporting_of_firm(text[], text)": ("intake",),
}

RIGHTS: dict[str, dict[str, str]] = {
    # With the codes that officers copied out, countries among them: never for the site.
    "reporting_report": {
        "intake": "INSERT",
        "office": "SELECT, UPDATE",
        "worker": "SELECT, UPDATE",
    },
    "reporting_reporter": {
        "intake": "INSERT",
        "office": READ,
    },
    "reporting_firm": {
        "intake": "INSERT",
        "office": "SELECT (report_id)",
        "worker": "SELECT (report_id), DELETE",
    },
    "reporting_feedback": {
        "office": READ_ADD,
        "worker": "SELECT, DELETE",
    },
    "reporting_envelope": {"intake": "INSERT", "office": READ_ADD, "worker": ERASES},
    "reporting_slot": {
        "intake": "INSERT",
        "office": ALL,
        "worker": "SELECT (id, envelope_id, recipient), DELETE",
    },
    "reporting_identifier": {"office": READ_ADD, "worker": "SELECT (id, report_id), DELETE"},
    # Drafts and passes: sealed under keys that only a cookie or a token holds.
    "reporting_draft": {"intake": ALL, "worker": "SELECT (id, expires_at), DELETE"},
    "reporting_draftpart": {"intake": ALL, "worker": "SELECT (id, draft_id), DELETE"},
    "reporting_pass": {
        "intake": "SELECT, DELETE",
        "site": "INSERT",
        "worker": "SELECT (id, expires_at), DELETE",
    },
    # What officers decide.
    "reporting_label": {"office": READ_WRITE, "worker": READ},
    "reporting_report_labels": {"office": ALL, "worker": "SELECT, DELETE"},
    "reporting_exclusion": {"office": READ_WRITE, "worker": "SELECT, DELETE"},
    "reporting_grading": {"office": READ_ADD, "worker": "SELECT, DELETE"},
    "reporting_referral": {"office": READ_ADD, "worker": "SELECT, DELETE"},
    "reporting_identityrequest": {
        "office": READ_WRITE,
        "worker": "SELECT (id, report_id, expires_at, expired_at), "
        "UPDATE (released, expired_at), DELETE",
    },
    "reporting_exportrequest": {"office": READ_WRITE, "worker": "SELECT, DELETE"},
    "reporting_exportrequest_reports": {"office": READ_ADD, "worker": "SELECT, DELETE"},
    "reporting_retentionrule": {"office": READ_WRITE, "worker": READ},
    "reporting_legalhold": {"office": READ_WRITE, "worker": "SELECT, DELETE"},
    "reporting_tombstone": {"office": READ, "worker": READ_ADD},
    "reporting_retentionrun": {"office": READ, "worker": READ_WRITE},
}
