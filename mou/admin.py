"""The desk's tables of this app: imports, trust statuses, offers, agreements."""

from mou import (  # noqa: F401 - each registers its tables
    admin_agreements,
    admin_imports,
    admin_offers,
    admin_trust,
)
