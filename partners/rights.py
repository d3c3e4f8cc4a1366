"""What each database role may do with the partners' tables: the site reads nobody's name."""

from __future__ import annotations

from partners.visibility import Level
from portal.rights import ALL, READ, READ_ADD, READ_WRITE

RIGHTS: dict[str, dict[str, str]] = {
    "partners_group": {"site": READ, "office": READ_WRITE, "worker": READ},
    "partners_groupmembership": {"site": READ, "office": READ_WRITE, "worker": READ},
    "partners_partner": {
        "site": READ,
        "office": READ_WRITE,
        # The work of a posting that ends by the calendar is handed over.
        "worker": "SELECT, UPDATE (keeper_id)",
    },
    "partners_securechannel": {"office": READ_WRITE},
    "partners_searchplace": {"site": READ, "office": ALL, "worker": ALL},
    "partners_searchkey": {"site": READ, "office": ALL, "worker": ALL},
    "partners_contactpoint": {
        "site": READ,
        "office": READ_WRITE,
        # The work of a posting that ends by the calendar is handed over.
        "worker": "SELECT, UPDATE (keeper_id)",
    },
    "partners_holder": {"office": READ_WRITE, "worker": "SELECT, UPDATE"},
    "partners_post": {"site": READ, "office": READ_WRITE, "worker": "SELECT, UPDATE"},
    # The worker drops what nobody decided on.
    "partners_directoryimport": {"office": READ_WRITE, "worker": "SELECT, UPDATE"},
    "partners_coverage": {"site": READ, "office": READ_WRITE, "worker": READ},
    "partners_posting": {"office": READ_WRITE, "worker": "SELECT, UPDATE"},
    "partners_accreditation": {"office": READ_WRITE, "worker": "SELECT, UPDATE"},
    "partners_instrument": {"office": READ_WRITE, "worker": READ},
    "partners_instrumentparty": {"office": READ_WRITE, "worker": READ},
    # Business help: asked on the site, answered at the office, erased by the worker.
    "partners_enquiry": {
        "site": READ_WRITE,
        "office": "SELECT, UPDATE",
        "worker": "SELECT, UPDATE",
    },
    "partners_enquirymessage": {
        "site": READ_ADD,
        "office": READ_ADD,
        "worker": "SELECT (id, enquiry_id), DELETE",
    },
    "partners_enquiryfile": {
        "site": READ_ADD,
        "office": READ_ADD,
        "worker": "SELECT (id, uuid, message_id), DELETE",
    },
    # The worker keeps the clocks by the plain columns; no ciphertext leaves the office.
    "partners_exchange": {"office": READ_WRITE, "worker": "SELECT, UPDATE"},
    "partners_exchangeenvelope": {"office": READ_ADD},
    "partners_exchangeslot": {"office": ALL},
    "partners_notice": {"site": READ, "office": READ_WRITE, "worker": READ},
    "partners_subscription": {"site": READ_WRITE, "worker": "SELECT, UPDATE"},
    "partners_engagement": {"office": READ_WRITE},
    "partners_participation": {"office": ALL},
    "partners_followup": {"office": READ_WRITE},
    "partners_focusarea": {"office": READ_WRITE, "worker": READ},
    "partners_focusarea_partners": {"office": ALL},
}

# Rows of these tables that the site may read: what is for visitors and partner firms. A name that
# only officers see is no word there either.
_OPEN = f"visibility <= {Level.PARTNER:d}"
OWN_ROWS: dict[str, str] = {
    "partners_notice": "status = 'published'",
    "partners_partner": _OPEN,
    "partners_contactpoint": _OPEN,
    "partners_post": _OPEN,
    "partners_searchplace": f"level <= {Level.PARTNER:d}",
    "partners_searchkey": f"level <= {Level.PARTNER:d}",
}
