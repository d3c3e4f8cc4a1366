"""What each database role may do with the kernel's tables and those that came with a library."""

from __future__ import annotations

# Table → role → privileges. Every table stands here or in <app>/rights.py, and is nobody's by
# default. INSERT goes with SELECT (id): the new row's number comes back to the one who wrote it.
READ = "SELECT"
READ_ADD = "SELECT, INSERT"
READ_WRITE = "SELECT, INSERT, UPDATE"
ALL = "SELECT, INSERT, UPDATE, DELETE"

RIGHTS: dict[str, dict[str, str]] = {
    # The record: everybody who acts adds to it, few read it, one role drops what has expired.
    "portal_auditevent": {
        "site": "INSERT, SELECT (id)",
        "office": READ_ADD,
        "worker": READ_ADD,
        "retention": "SELECT, DELETE",
    },
    "portal_auditseal": {"office": READ, "worker": READ_ADD, "retention": READ},
    "portal_auditstamp": {"office": READ, "worker": READ_ADD, "retention": READ},
    "portal_auditexpiry": {"office": READ, "worker": READ, "retention": READ_ADD},
    # Promised work: a face that promises sees no more than that it did.
    "portal_outboxmessage": {
        "intake": "INSERT, SELECT (id)",
        "site": "INSERT, SELECT (id, key)",
        "office": READ_WRITE,
        "worker": ALL,
    },
    # People. Row security keeps staff from the site's role (see OWN_ROWS below).
    "portal_user": {"site": READ_WRITE, "office": READ_WRITE, "worker": READ},
    "portal_user_groups": {"office": READ},
    "portal_user_user_permissions": {"office": READ},
    "portal_rolegrant": {"office": READ_WRITE, "worker": READ},
    "portal_organisation": {"site": READ_WRITE, "office": READ_WRITE, "worker": READ_WRITE},
    "portal_membership": {"site": READ_WRITE, "office": READ_WRITE, "worker": READ},
    "portal_invitation": {"site": READ_WRITE, "office": READ_WRITE, "worker": READ_WRITE},
    "portal_handover": {"site": READ_WRITE, "office": READ, "worker": READ},
    "portal_recoveryrequest": {"site": READ_WRITE, "office": READ_WRITE, "worker": READ_WRITE},
    "portal_standing": {"site": READ_WRITE, "office": READ_WRITE, "worker": READ_WRITE},
    "portal_referenceitem": {
        "intake": READ,
        "site": READ,
        "office": READ_WRITE,
        "worker": READ,
    },
    # Keys: the public pins are believed by every face; wraps and locked keys stay at the office.
    "portal_pinnedserial": {
        "intake": READ_ADD,
        "site": READ_ADD,
        "office": READ_ADD,
        "worker": READ,
    },
    "portal_sealingkey": {"office": READ_WRITE},
    "portal_deskkey": {"office": READ_WRITE},
    "portal_keywrap": {"office": ALL},
    # The registers of the data protection officer.
    "portal_rightsrequest": {"office": READ_WRITE},
    "portal_breach": {"office": READ_WRITE},
    "portal_processingactivity": {"office": READ_WRITE},
    # The challenges of anonymous forms.
    "captcha_captchastore": {"intake": ALL, "site": ALL, "worker": "SELECT, DELETE"},
    "portal_usedwork": {
        "intake": "INSERT, SELECT (nonce)",
        "site": "INSERT, SELECT (nonce)",
        "worker": "SELECT (expires_at), DELETE",
    },
    # Each face has its own sessions; the worker clears out what has run out, unread.
    "portal_session_intake": {"intake": ALL, "worker": "SELECT (expire_date), DELETE"},
    "portal_session_site": {"site": ALL, "worker": "SELECT (expire_date), DELETE"},
    "portal_session_office": {"office": ALL, "worker": "SELECT (expire_date), DELETE"},
    "account_emailaddress": {"site": ALL, "office": ALL, "worker": READ},
    "account_emailconfirmation": {"site": ALL, "office": ALL},
    "mfa_authenticator": {"site": ALL, "office": ALL},
    "usersessions_usersession": {"site": ALL, "office": ALL},
    # Django's own. Nobody's groups and permissions are used; the admin asks for them.
    "django_migrations": dict.fromkeys(("intake", "site", "office", "worker"), READ),
    "django_content_type": {"office": READ},
    "django_admin_log": {"office": READ_ADD},
    "auth_permission": {"office": READ},
    "auth_group": {"office": READ},
    "auth_group_permissions": {"office": READ},
    "django_session": {},
}

# Rows of these tables that the site's role may see and write: those of people who are no staff.
# The subqueries go through row security themselves.
OWN_ROWS: dict[str, str] = {
    "portal_user": "NOT is_staff",
    "account_emailaddress": "EXISTS (SELECT FROM portal_user WHERE portal_user.id = user_id)",
    "account_emailconfirmation": (
        "EXISTS (SELECT FROM account_emailaddress a WHERE a.id = email_address_id)"
    ),
    "mfa_authenticator": "EXISTS (SELECT FROM portal_user WHERE portal_user.id = user_id)",
    "usersessions_usersession": "EXISTS (SELECT FROM portal_user WHERE portal_user.id = user_id)",
    "portal_recoveryrequest": "EXISTS (SELECT FROM portal_user WHERE portal_user.id = user_id)",
}
