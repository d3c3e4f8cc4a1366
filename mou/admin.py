"""The desk's tables of this app: trust statuses, imports, offers, agreements."""

from mou import admin_agreements  # noqa: F401 - registers its tables
