"""What each database role may do with the partners' tables: the site reads nobody's name."""

from __future__ import annotations

from portal.rights import READ, READ_WRITE

RIGHTS: dict[str, dict[str, str]] = {
    "partners_group": {"site": READ, "office": READ_WRITE, "worker": READ},
    "partners_groupmembership": {"site": READ, "office": READ_WRITE, "worker": READ},
    "partners_partner": {"site": READ, "office": READ_WRITE, "worker": READ},
    "partners_securechannel": {"office": READ_WRITE},
    "partners_contactpoint": {"site": READ, "office": READ_WRITE, "worker": READ},
    "partners_holder": {"office": READ_WRITE, "worker": READ},
    "partners_post": {"site": READ, "office": READ_WRITE, "worker": READ},
    "partners_coverage": {"site": READ, "office": READ_WRITE, "worker": READ},
    "partners_posting": {"office": READ_WRITE, "worker": "SELECT, UPDATE"},
    "partners_accreditation": {"office": READ_WRITE, "worker": READ},
    "partners_instrument": {"office": READ_WRITE, "worker": READ},
    "partners_instrumentparty": {"office": READ_WRITE, "worker": READ},
}
