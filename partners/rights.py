"""What each database role may do with the partners' tables: the site reads nobody's name."""

from __future__ import annotations

from django.db.models import Model

from partners.models import ContactPoint, Partner, Post
from partners.sheets import OF_CONTACTS, OF_PARTNERS
from partners.visibility import Level, columns
from portal.rights import ALL, READ, READ_ADD, READ_WRITE


def _open_columns(model: type[Model]) -> str:
    """What firms see of an entry, by the table of fields; notes and sources stay at the office."""
    fields = (model._meta.get_field(name) for name in columns(model, Level.PARTNER))
    return f"SELECT ({', '.join(str(field.column) for field in fields)})"  # type: ignore[union-attr]


# What the clock may change of an exchange: that somebody was called, how long it is kept, whose it
# is when a posting ends, and what is blank once it is erased. Nobody's approval and no sending.
EXCHANGE_BY_THE_CLOCK = (
    "status",
    "review_due",
    "reminded_at",
    "late_told_at",
    "responsible_id",
    "their_reference",
    "channel_reference",
    "report_id",
    "report_reference",
    "refusal_ground",
    "onward_consent",
    "onward_uses",
    "onward_at",
    "source_withdrawn_at",
    "outcome",
    "outcome_at",
    "due_at",
)


def _written_by_files(model: type[Model], fields: set[str]) -> str:
    """What the worker that applies a file may write of an entry: what files say, and who edited.

    The work of a posting that ends by the calendar is handed over by it as well.
    """
    columns = sorted(str(field.column) for field in model._meta.fields if field.name in fields)
    edited = ("version", "changed_at", "changed_by_id", "keeper_id")
    return f"SELECT, INSERT, UPDATE ({', '.join([*columns, *edited])})"


RIGHTS: dict[str, dict[str, str]] = {
    "partners_group": {
        "site": "SELECT (id, code, name, about, organisation_id)",
        "office": READ_WRITE,
        "worker": "SELECT, INSERT, UPDATE (name, about)",
    },
    "partners_groupmembership": {
        "site": "SELECT (id, group_id, partner_id, since, until)",
        "office": READ_WRITE,
        "worker": "SELECT, INSERT, UPDATE (until)",
    },
    "partners_partner": {
        "site": _open_columns(Partner),
        "office": READ_WRITE,
        "worker": _written_by_files(Partner, OF_PARTNERS),
    },
    "partners_securechannel": {
        "office": READ_WRITE,
        "worker": "SELECT, INSERT, UPDATE (reference, ended_at)",
    },
    "partners_searchplace": {"site": READ, "office": ALL, "worker": ALL},
    "partners_searchkey": {"site": READ, "office": ALL, "worker": ALL},
    "partners_contactpoint": {
        "site": _open_columns(ContactPoint),
        "office": READ_WRITE,
        "worker": _written_by_files(ContactPoint, OF_CONTACTS | {"ended_at"}),
    },
    "partners_holder": {"office": READ_WRITE, "worker": READ_WRITE},
    "partners_post": {
        "site": _open_columns(Post),
        "office": READ_WRITE,
        # Files open and change posts; the calendar leads them on.
        "worker": READ_WRITE,
    },
    # The worker applies what was confirmed and drops what nobody decided on.
    "partners_directoryimport": {"office": READ_WRITE, "worker": "SELECT, UPDATE"},
    "partners_coverage": {
        "site": READ,
        "office": READ_WRITE,
        "worker": "SELECT, INSERT, UPDATE (until)",
    },
    "partners_posting": {"office": READ_WRITE, "worker": "SELECT, UPDATE"},
    "partners_accreditation": {"office": READ_WRITE, "worker": "SELECT, UPDATE"},
    "partners_instrument": {"office": READ_WRITE, "worker": READ},
    "partners_instrumentparty": {"office": READ_WRITE, "worker": READ},
    # Proposed and decided at the office alone; the worker sends letters that say nothing of it.
    "partners_instrumentchange": {"office": READ_WRITE},
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
    # The worker keeps the clocks and erases by the plain columns; no ciphertext leaves the office.
    "partners_exchange": {
        "office": READ_WRITE,
        "worker": f"SELECT, UPDATE ({', '.join(EXCHANGE_BY_THE_CLOCK)})",
    },
    "partners_ourword": {"office": READ_WRITE},
    "partners_exchangeenvelope": {
        "office": READ_ADD,
        "worker": "SELECT (id, exchange_id), DELETE",
    },
    "partners_exchangeslot": {"office": ALL, "worker": "SELECT (id, envelope_id), DELETE"},
    "partners_exchangerule": {"office": READ_WRITE, "worker": READ},
    "partners_exchangehold": {
        "office": READ_WRITE,
        "worker": "SELECT (id, exchange_id, lifted_at), DELETE",
    },
    "partners_exchangetombstone": {"office": READ, "worker": READ_ADD},
    "partners_exchangeretentionrun": {"office": READ, "worker": READ_WRITE},
    "partners_notice": {
        # Who wrote and approved it is nobody's outside.
        "site": "SELECT (id, uuid, title, text, country, sector, visibility, last_day, status, "
        "published_at)",
        "office": READ_WRITE,
        "worker": "SELECT, DELETE",
    },
    "partners_subscription": {"site": READ_WRITE, "worker": "SELECT, UPDATE, DELETE"},
    # The worker erases what is over and reads none of it.
    "partners_engagement": {"office": READ_WRITE, "worker": "SELECT (id, ends_at), DELETE"},
    "partners_participation": {"office": ALL, "worker": "SELECT (id, engagement_id), DELETE"},
    "partners_followup": {
        "office": READ_WRITE,
        "worker": "SELECT (id, engagement_id, done_at), DELETE",
    },
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
    # Of the entries above and no others.
    "partners_coverage": "post_id IN (SELECT id FROM partners_post)",
    "partners_groupmembership": "partner_id IN (SELECT id FROM partners_partner)",
    "partners_searchplace": f"level <= {Level.PARTNER:d}",
    "partners_searchkey": f"level <= {Level.PARTNER:d}",
}
